import { getServers } from 'node:dns';
import { domainComplaint } from '../../config/fields/domain.js';
import { resolveBy } from '../../vorabpruefung/lookup.js';
import { checkFromOutside } from '../../vorabpruefung/outside.js';
import { reportText } from '../../vorabpruefung/report-text.js';
import type { Command } from '../commands.js';
import { atDesk } from '../desk.js';
import { ExitCode } from '../exit.js';
import { Failure } from '../failure.js';
import { checkedStack, loadMunicipality } from '../files.js';
import type { Io } from '../io.js';
import { withMunicipality } from '../municipality-argument.js';
import { knownName, PLATFORM } from '../names.js';
import { findProject } from '../project.js';

interface VorabpruefungArguments {
  municipality: string;
  json: boolean;
}

export const vorabpruefung: Command<VorabpruefungArguments> = {
  arguments: (yargs) =>
    withMunicipality(yargs, 'Name of its file without .yaml, or a domain that has no file yet')
      .option('json', { type: 'boolean', default: false, describe: 'For machines: one JSON document' })
      .example(
        'npx mailversand vorabpruefung musterstadt.example',
        'the report for the application, in German',
      ),
  run: async ({ municipality: typed, json }, io) => {
    const domains = domainsOf(typed, io);
    const elsewhere = await atDesk(io);
    if (elsewhere !== undefined) return elsewhere;
    const resolve = resolveBy(nameServers(io));
    const report = await io.step(`Checking ${domains.join(', ')} from outside`, () =>
      checkFromOutside(domains, Date.now() / 1000, resolve),
    );
    io.out(json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
    const problems = report.results.filter(({ severity }) => severity === 'problem');
    return problems.length === 0 ? ExitCode.done : ExitCode.failed;
  },
};

/** This machine's; those of a rehearsal's desk do not know its zones, which the platform file's resolver does. */
function nameServers(io: Io): string[] {
  if (!io.env.MAILVERSAND_REHEARSAL) return getServers();
  const { resolver } = checkedStack(io, findProject(io.cwd, io.env), PLATFORM).platform.vantagePoint ?? {};
  return resolver === undefined ? getServers() : [resolver];
}

/** What is typed with a dot is a domain, anything else the name of a file; a file may name several domains. */
function domainsOf(typed: string, io: Io): string[] {
  if (!typed.includes('.') || typed.includes('/') || typed.endsWith('.yaml')) {
    const project = findProject(io.cwd, io.env);
    const { municipality } = loadMunicipality(io, project, knownName(typed, project));
    return municipality.domains.map(({ name }) => name);
  }
  const complaint = domainComplaint(typed);
  if (!complaint) return [typed];
  throw new Failure({
    what: `${JSON.stringify(typed)} is not a domain as it is needed here`,
    details: [
      `needed: ${complaint.expected ?? 'a-z, 0-9 and hyphens, at least two parts, no dot at the end (RFC 1123)'}`,
    ],
    remedy: complaint.remedy ?? 'give a domain like musterstadt.example, or the name of a municipality file',
    rule: 'domain',
    exit: ExitCode.badInput,
  });
}
