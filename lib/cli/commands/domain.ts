import type { z } from 'zod';
import { domain as domainField } from '../../config/fields/domain.js';
import { explanationOf } from '../../config/fields/field.js';
import { mxRecord, spf as spfField, toMxRecord } from '../../config/fields/mail.js';
import type { Domain } from '../../config/municipality.js';
import {
  addDomain,
  changeDomainStage,
  removeDomain,
  type DomainEdit,
} from '../../migration/domain-change.js';
import { writeDomains } from '../../migration/domain-writer.js';
import { locksText, possibleLocks } from '../../migration/relay-lock.js';
import { isRefusal, type Refusal } from '../../migration/stage-change.js';
import type { Command } from '../commands.js';
import { ExitCode } from '../exit.js';
import { Failure } from '../failure.js';
import { loadMunicipality, type Loaded } from '../files.js';
import { withMunicipality } from '../municipality-argument.js';
import { knownName } from '../names.js';
import { findProject } from '../project.js';
import { evidenceText, keptText, settlingText } from '../stage-text.js';
import { refused, writeMunicipality } from '../write-municipality.js';

interface DomainArguments {
  municipality: string;
  action: string;
  domain: string;
  stage?: string;
  writer?: string;
  mx?: string[];
  ttl?: number;
  spf?: string;
  zone?: string;
}

export const domain: Command<DomainArguments> = {
  arguments: (yargs) =>
    withMunicipality(yargs)
      .positional('action', {
        type: 'string',
        demandOption: true,
        choices: ['add', 'stage', 'remove'],
        describe: 'Add a domain; take one an edge forwards or back; remove one',
      })
      .positional('domain', { type: 'string', demandOption: true, describe: 'The mail domain' })
      .positional('stage', { type: 'string', describe: 'stage: the next one, or the one before' })
      .option('writer', { type: 'string', describe: 'add: who writes its zone: a DNS server, or hoster' })
      .option('mx', { type: 'string', array: true, describe: 'add: its MX records as they are now' })
      .option('ttl', { type: 'number', describe: 'add: their TTL in seconds' })
      .option('spf', { type: 'string', describe: 'add: its SPF string, if there is one' })
      .option('zone', { type: 'string', describe: 'add: the zone that holds it, if not itself' })
      .example(
        'npx mailversand domain beispielhausen add neu.example --writer hoster --mx "10 mail.neu.example" --ttl 3600',
        'then deploy; beside the others it begins at stage 0',
      )
      .example('npx mailversand domain beispielhausen stage neu.example 1', 'then deploy, edge by edge')
      .example('npx mailversand domain beispielhausen remove neu.example', 'after it has gone back to 0'),
  run: (args, io) => {
    const project = findProject(io.cwd, io.env);
    const loaded = loadMunicipality(io, project, knownName(args.municipality, project));
    const { municipality: m, platform } = loaded;
    const { edit, missing = [] } = changeOf(args, loaded);
    writeMunicipality(io, project, m.id, (text) => writeDomains(text, edit));
    if ('domain' in edit) {
      io.out(keptText(edit.kept.add));
      if (edit.kept.settling) io.out(settlingText(edit.kept.settling));
      io.out(evidenceText(missing));
    }
    io.out(nextText(m.id, edit));
    // Once its entry has gone, nothing remembers it.
    if ('remove' in edit) io.out(locksText(possibleLocks(m, platform, edit.remove)));
    return Promise.resolve(ExitCode.done);
  },
};

interface Change {
  edit: DomainEdit;
  missing?: readonly string[];
}

function changeOf(args: DomainArguments, { municipality: m, platform }: Loaded): Change {
  switch (args.action) {
    case 'stage': {
      const change = changeDomainStage(m, platform, args.domain, stageOf(args.stage), new Date());
      if (isRefusal(change)) throw refused(change);
      return change;
    }
    case 'remove':
      return { edit: allowed(removeDomain(m, args.domain)) };
    default:
      return { edit: allowed(addDomain(m, domainOf(args))) };
  }
}

const allowed = (edit: DomainEdit | Refusal): DomainEdit => {
  if (isRefusal(edit)) throw refused(edit);
  return edit;
};

function stageOf(typed: string | undefined): number {
  if (typed !== undefined && /^[0-4]$/.test(typed)) return Number(typed);
  throw wrong(
    typed === undefined ? 'the stage is missing' : `${JSON.stringify(typed)} is not a stage`,
    'stages are 0, 1, 2, 3 and 4',
  );
}

/** What validate would say of the file is said before it is written. */
function domainOf({ domain: name, writer, mx = [], ttl, spf, zone }: DomainArguments): Domain {
  if (writer === undefined || mx.length === 0 || ttl === undefined) {
    throw wrong('--writer, --mx or --ttl is missing', 'they are what its zone shows now, and the way back');
  }
  if (!Number.isInteger(ttl) || ttl < 1) {
    throw wrong('--ttl is not a number of seconds', 'write it as dig shows it, like --ttl 3600');
  }
  const records = mx.map((record) => toMxRecord(checked('--mx', mxRecord, record)));
  return {
    name: checked('the domain', domainField, name),
    zone: checked('--zone', domainField, zone ?? name),
    writer,
    mx: { ttl, records },
    ...(spf === undefined ? {} : { spf: { ttl, value: checked('--spf', spfField, spf) } }),
  };
}

function checked(what: string, field: z.ZodType<string>, typed: string): string {
  const { error } = field.safeParse(typed);
  if (error === undefined) return typed;
  const { expected, remedy } = explanationOf(error.issues[0]?.message ?? '');
  throw wrong(`${what} ${JSON.stringify(typed)} is not ${expected}`, remedy);
}

const nextText = (id: string, edit: DomainEdit): string =>
  `Next: ${'add' in edit ? 'npx mailversand validate, ' : ''}npx mailversand diff ${id}, then npx mailversand deploy ${id}\n${
    'add' in edit && edit.add.stage !== undefined
      ? `It begins at stage 0; edge by edge: npx mailversand domain ${id} stage ${edit.add.name} 1\n`
      : ''
  }`;

const wrong = (what: string, remedy: string): Failure =>
  new Failure({ what, remedy, rule: 'arguments', exit: ExitCode.badInput });
