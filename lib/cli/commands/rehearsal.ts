import { rm } from 'node:fs/promises';
import { cleanUpLeftovers, findRehearsals, type FoundRehearsal } from '../../rehearsal/leftovers.js';
import { endProcess } from '../../rehearsal/world.js';
import type { Command } from '../commands.js';
import { ExitCode } from '../exit.js';
import { Failure } from '../failure.js';
import { table } from '../table.js';

interface RehearsalArguments {
  action: 'list' | 'stop';
  id?: string;
  json: boolean;
}

export const rehearsal: Command<RehearsalArguments> = {
  arguments: (yargs) =>
    yargs
      .positional('action', {
        choices: ['list', 'stop'] as const,
        demandOption: true,
        describe: 'list what runs on this machine, or stop one',
      })
      .positional('id', { type: 'string', describe: 'Which to stop; not needed if only one runs' })
      .option('json', { type: 'boolean', default: false, describe: 'For machines: one JSON document' })
      .example('npx mailversand rehearsal list', '')
      .example('npx mailversand rehearsal stop', 'the one that `rehearse --keep` left'),
  run: async ({ action, id, json }, io) => {
    await cleanUpLeftovers();
    const running = await findRehearsals();
    if (action === 'stop') {
      const chosen = choose(running, id);
      await stop(chosen);
      io.out(`Rehearsal ${chosen.id} is stopped.\n`);
    } else if (json) {
      const list = running.map((found) => ({ id: found.id, kept: found.owner?.kept, folder: found.runDir }));
      io.out(`${JSON.stringify({ rehearsals: list }, null, 2)}\n`);
    } else if (running.length === 0) {
      io.out('No rehearsal runs on this machine.\n');
    } else {
      const rows = running.map((found) => [found.id, found.owner?.kept ? 'kept' : 'running', found.runDir]);
      io.out(`${table(['id', 'state', 'folder'], rows)}\n`);
    }
    return ExitCode.done;
  },
};

function choose(running: readonly FoundRehearsal[], id: string | undefined): FoundRehearsal {
  const [only] = running;
  if (id === undefined && running.length === 1 && only) return only;
  const found = running.find((candidate) => candidate.id === id);
  if (found) return found;
  const ids = running.map((candidate) => candidate.id).join(', ');
  throw new Failure({
    what:
      id === undefined ? `${running.length} rehearsals run on this machine` : `there is no rehearsal ${id}`,
    remedy: running.length === 0 ? 'there is nothing to stop' : `name one of: ${ids}`,
    rule: 'rehearsal-unknown',
    exit: ExitCode.badInput,
  });
}

async function stop({ owner, runDir }: FoundRehearsal): Promise<void> {
  if (owner?.init) await endProcess(owner.init);
  await rm(runDir, { recursive: true, force: true });
}
