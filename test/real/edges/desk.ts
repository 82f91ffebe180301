import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { StageNumber } from '../../../lib/config/municipality.js';
import { load } from '../../../lib/rehearsal/journey.js';
import { startRehearsal } from '../../../lib/rehearsal/rehearsal.js';
import type { Rehearsal } from '../../../lib/rehearsal/running.js';
import { exported } from '../../../lib/rehearsal/tools.js';
import { atTheBeginning, withEvidence } from '../../../lib/rehearsal/working-copy.js';

const root = join(import.meta.dirname, '../../..');
const program = join(root, 'dist/lib/cli/main.js');
const platformFile = join(root, 'stacks/platforms/rehearsal.yaml');

export interface Ran {
  exitCode: number;
  output: string;
}

/** An engineer's desk in a rehearsal: the commands of the project, and the bare engine in a stack's folder. */
export class Desk {
  private constructor(
    readonly rehearsal: Rehearsal,
    /** Variables of everything that is run at this desk. */
    readonly environment: Record<string, string>,
  ) {}

  /** A rehearsal in which these municipalities stand before their migration and the platform is deployed. */
  static async open(...ids: string[]): Promise<Desk> {
    const folder = await mkdtemp(join(tmpdir(), 'mailversand-desk-'));
    try {
      for (const id of ids) {
        const text = await readFile(join(root, 'municipalities', `${id}.yaml`), 'utf8');
        // All evidence is there from the beginning: what is tested here is everything else.
        const ready = ([1, 2, 3, 4] as const).reduce(
          (file, stage) => withEvidence(file, stage, '2026-01-31'),
          atTheBeginning(text),
        );
        await writeFile(join(folder, `${id}.yaml`), ready);
      }
      const loaded = ids.map((id) => load(id, folder, platformFile));
      const [first] = loaded;
      if (!first) throw new Error('a rehearsal needs a municipality');
      const rehearsal = await startRehearsal({
        municipalities: loaded.map(({ municipality }) => municipality),
        platform: first.platform,
        platformFile,
        municipalitiesDir: folder,
      });
      const env = await execa(process.execPath, [program, 'env'], { cwd: root, env: rehearsal.env });
      const desk = new Desk(rehearsal, { ...rehearsal.env, ...exported(env.stdout), NO_COLOR: '1' });
      await desk.apply('platform');
      return desk;
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  close(): Promise<void> {
    return this.rehearsal.stop();
  }

  mailversand(...argv: string[]): Promise<Ran> {
    return this.run(process.execPath, [program, ...argv]);
  }

  async mustDeploy(stack: string, ...options: string[]): Promise<void> {
    const { exitCode, output } = await this.mailversand('deploy', stack, '--yes', ...options);
    if (exitCode !== 0) throw new Error(output);
  }

  /** By the command, as an engineer writes it. */
  async writeStage(id: string, stage: StageNumber): Promise<void> {
    const { exitCode, output } = await this.mailversand('stage', id, String(stage));
    if (exitCode !== 0) throw new Error(output);
  }

  /** Takes a municipality through stages to where a test begins. */
  async begin(id: string, ...stages: StageNumber[]): Promise<void> {
    for (const stage of stages) {
      await this.writeStage(id, stage);
      await this.apply(id);
    }
  }

  /** Writes the stage and deploys it. */
  async reach(id: string, stage: StageNumber): Promise<void> {
    await this.writeStage(id, stage);
    await this.mustDeploy(id);
  }

  /** Changes the working copy of a municipality's file by hand. @returns what stood there before */
  async edit(id: string, change: (text: string) => string): Promise<string> {
    const file = join(this.rehearsal.municipalitiesDir, `${id}.yaml`);
    const before = await readFile(file, 'utf8');
    await writeFile(file, change(before));
    return before;
  }

  /** Changes the rehearsal's copy of the platform file. */
  async editPlatform(change: (text: string) => string): Promise<void> {
    const { platformFile } = this.rehearsal;
    await writeFile(platformFile, change(await readFile(platformFile, 'utf8')));
  }

  /** Path of the folder in which the engine works on a stack. */
  folder(stack: string): string {
    return join(this.rehearsal.runDir, 'out', stack, 'stacks', stack);
  }

  /**
   * What a deploy does to the far ends: synthesis and engine, in the folder of the command `deploy`. Without CDKTF's own
   * program, which takes longer than both; so it is for deploys of which no test looks at what the command says.
   */
  async apply(stack: string): Promise<void> {
    await this.synth(stack);
    await this.mustEngine(stack, 'init', '-input=false');
    await this.mustEngine(stack, 'apply', '-auto-approve', '-input=false');
  }

  /** Synthesises one stack into its folder. */
  async synth(stack: string): Promise<void> {
    const folder = join(this.rehearsal.runDir, 'out', stack);
    await mkdir(folder, { recursive: true });
    const { exitCode, output } = await this.run(process.execPath, [join(root, 'dist/stacks/main.js')], {
      CDKTF_OUTDIR: folder,
      MAILVERSAND_ONLY: stack,
    });
    if (exitCode !== 0) throw new Error(output);
  }

  /** The bare engine, past every command of the project. */
  engine(stack: string, ...argv: string[]): Promise<Ran> {
    return this.engineWith({}, stack, ...argv);
  }

  /** The same with more variables. */
  engineWith(more: Record<string, string>, stack: string, ...argv: string[]): Promise<Ran> {
    return this.run(this.enginePath, [`-chdir=${this.folder(stack)}`, ...argv], more);
  }

  async mustEngine(stack: string, ...argv: string[]): Promise<string> {
    const { exitCode, output } = await this.engine(stack, ...argv);
    if (exitCode !== 0) throw new Error(output);
    return output;
  }

  /** Kills the engine and all that it started with -9 as soon as it says something. */
  async killEngine(stack: string, when: RegExp, ...argv: string[]): Promise<void> {
    await this.signal('SIGKILL', when, this.enginePath, [`-chdir=${this.folder(stack)}`, ...argv]);
  }

  /** Ctrl-C at a command of the project, as soon as it says something. @returns what ended it, and all that it said */
  interrupt(when: RegExp, ...argv: string[]): Promise<{ signal: NodeJS.Signals | null; output: string }> {
    return this.signal('SIGINT', when, process.execPath, [program, ...argv]);
  }

  private async signal(signal: NodeJS.Signals, when: RegExp, file: string, argv: string[]) {
    const child = spawn(file, argv, {
      cwd: root,
      env: { ...process.env, ...this.environment },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const hear = (data: Buffer): void => {
      const before = when.test(output);
      output += data.toString();
      if (!before && when.test(output)) process.kill(-(child.pid ?? 0), signal);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const ended = await new Promise<NodeJS.Signals | null>((resolve) =>
      child.on('close', (_code, by) => resolve(by)),
    );
    if (!when.test(output)) throw new Error(`it never said ${when.source}:\n${output}`);
    return { signal: ended, output };
  }

  /** Every address of a stack's state whose type ends so. */
  async addresses(stack: string, type: string): Promise<string[]> {
    const list = await this.mustEngine(stack, 'state', 'list');
    return list.split('\n').filter((address) => address.includes(`landesnetz_${type}.`));
  }

  /** Whether the engine plans nothing. */
  async plansNothing(stack: string): Promise<boolean> {
    return (await this.engine(stack, 'plan', '-input=false', '-detailed-exitcode')).exitCode === 0;
  }

  private get enginePath(): string {
    return this.environment['TERRAFORM_BINARY_NAME'] ?? '';
  }

  private async run(file: string, argv: string[], more: Record<string, string> = {}): Promise<Ran> {
    const { exitCode, all } = await execa(file, argv, {
      cwd: root,
      env: { ...this.environment, ...more },
      all: true,
      reject: false,
      stdin: 'ignore',
    });
    return { exitCode: exitCode ?? -1, output: all };
  }
}

/** For sh on a mail server: it reads its settings anew. `postfix reload` looks at every file of Postfix first. */
export const reread = 'kill -HUP $(cat /var/spool/postfix/pid/master.pid)';

/** For sh on a host: the processes of these names that run there and not on another host. */
export const processesHere = (names: string): string =>
  `here=$(readlink /proc/self/ns/mnt); for p in $(pgrep -x '${names}'); do [ "$(readlink /proc/$p/ns/mnt)" != "$here" ] || echo $p; done`;

/** Programs that a rehearsal needs. */
export const rehearsalNeeds = {
  root: true,
  programs: ['nft', 'knotd', 'postfix', 'sshd', 'nsupdate', 'ip', 'unshare'],
} as const;
