import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../files.js';
import type { Rehearsal } from '../running.js';
import type { Counts } from './mx-questions.js';

/** More than the thousand a second that the measurement asks for, because this machine pauses now and then. */
const perSecond = 1250;

/** Counts of a time and how long it was. */
export interface Sampled extends Counts {
  seconds: number;
}

/** Asks the authoritative server for a municipality's MX all the time, from a host on the Internet. */
export class MxWatch {
  private readonly child: ChildProcess;
  private counts: Counts = { asked: 0, answered: 0, empty: 0 };
  private lapStart: Counts & { at: number } = { ...this.counts, at: Date.now() };

  constructor(rehearsal: Pick<Rehearsal, 'enterNetwork'>, server: string, domains: string[]) {
    const [nsenter = '', ...words] = rehearsal.enterNetwork('internet');
    const program = join(packageRoot(), 'dist/lib/rehearsal/load/mx-questions.js');
    const argv = [...words, process.execPath, program, server, String(perSecond), ...domains];
    this.child = spawn(nsenter, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    if (this.child.stdout) {
      createInterface(this.child.stdout).on('line', (line) => (this.counts = JSON.parse(line) as Counts));
    }
  }

  /** What was seen since the last lap. */
  lap(): Sampled {
    const { asked, answered, empty } = this.counts;
    const begun = this.lapStart;
    this.lapStart = { ...this.counts, at: Date.now() };
    return {
      asked: asked - begun.asked,
      answered: answered - begun.answered,
      empty: empty - begun.empty,
      seconds: (Date.now() - begun.at) / 1000,
    };
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}
