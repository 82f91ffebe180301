import { isIpv4 } from '../../config/ipv4.js';
import type { MailServer } from '../../config/municipality.js';
import { addServer, removeServer, serverTested, type ServerEdit } from '../../migration/server-change.js';
import { writeServers } from '../../migration/server-writer.js';
import { isRefusal, type Refusal } from '../../migration/stage-change.js';
import type { Command } from '../commands.js';
import { atDesk } from '../desk.js';
import { ExitCode } from '../exit.js';
import { Failure } from '../failure.js';
import { loadMunicipality, requireHostKeys, type Loaded } from '../files.js';
import { withMunicipality } from '../municipality-argument.js';
import { knownName } from '../names.js';
import { findProject } from '../project.js';
import { mustBeTested } from '../server-tested.js';
import { keptText, settlingText } from '../stage-text.js';
import { refused, writeMunicipality } from '../write-municipality.js';

interface ServerArguments {
  municipality: string;
  action: string;
  transfer?: string;
  inside?: string;
  port: number[];
}

export const server: Command<ServerArguments> = {
  arguments: (yargs) =>
    withMunicipality(yargs)
      .positional('action', {
        type: 'string',
        demandOption: true,
        choices: ['add', 'tested', 'remove'],
        describe: 'Add a server; once its connection test is recorded as passed, let it get mail; remove one',
      })
      .positional('transfer', { type: 'string', describe: 'Its transfer address (Transferadresse)' })
      .option('inside', { type: 'string', describe: "add: its address in the municipality's network" })
      .option('port', { type: 'number', array: true, default: [25], describe: 'add: where it takes mail' })
      .example(
        'npx mailversand server beispielhausen add 10.128.0.9 --inside 10.20.0.13',
        'then deploy and test',
      )
      .example('npx mailversand server beispielhausen tested 10.128.0.9', 'with the next deploy it gets mail')
      .example('npx mailversand server beispielhausen remove 10.128.0.2', 'the old one is kept for a while'),
  run: async (args, io) => {
    const project = findProject(io.cwd, io.env);
    const loaded = loadMunicipality(io, project, knownName(args.municipality, project));
    const { municipality: m } = loaded;
    const edit = editOf(args, loaded);
    if (isRefusal(edit)) throw refused(edit);
    if ('tested' in edit) {
      requireHostKeys(io, project, { stack: m.id, platform: loaded.platform });
      const seated = await atDesk(io);
      if (seated !== undefined) return seated;
      await mustBeTested(m, loaded.platform, new Date());
    }
    writeMunicipality(io, project, m.id, (text) => writeServers(text, edit));
    io.out(nextText(m.id, edit));
    return ExitCode.done;
  },
};

function editOf(args: ServerArguments, { municipality, platform }: Loaded): ServerEdit | Refusal {
  const now = new Date();
  const transfer = addressOf('its transfer address', args.transfer);
  switch (args.action) {
    case 'tested':
      return serverTested(municipality, platform, transfer, now);
    case 'remove':
      return removeServer(municipality, platform, transfer, now);
    default: {
      const inside = addressOf('--inside', args.inside);
      const ports = [...args.port].sort((a, b) => a - b);
      return addServer(municipality, { inside, transfer, ports } satisfies MailServer, now);
    }
  }
}

function addressOf(what: string, typed: string | undefined): string {
  if (typed !== undefined && isIpv4(typed)) return typed;
  throw new Failure({
    what: typed === undefined ? `${what} is missing` : `${what} ${JSON.stringify(typed)} is no IPv4 address`,
    remedy: 'write it like 10.128.0.9; npx mailversand server --help has examples',
    rule: 'arguments',
    exit: ExitCode.badInput,
  });
}

function nextText(id: string, edit: ServerEdit): string {
  const deploy = `npx mailversand diff ${id}, then npx mailversand deploy ${id}`;
  const check = `npx mailversand validate, ${deploy}`;
  if ('tested' in edit) return `${settlingText(edit.settling)}With the next deploy it gets mail: ${deploy}\n`;
  if ('remove' in edit) return `${keptText(edit.kept ? [edit.kept] : [])}Next: ${deploy}\n`;
  return edit.add.joinedOn === undefined
    ? `Next: ${check}\n`
    : `It can be reached with the next deploy and gets no mail: ${check}\nThen test it, and npx mailversand server ${id} tested ${edit.add.transfer}\n`;
}
