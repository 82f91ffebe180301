import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { farSides } from '../../anbindung/far-sides.js';
import { hasPassed } from '../../anbindung/finding.js';
import { readRecipients } from '../../anbindung/recipient-list.js';
import { reportJson, reportText } from '../../anbindung/report.js';
import { connectionTest, outsideTest, usualTimes } from '../../anbindung/run.js';
import { NoAnswerError, type SavedMail } from '../../anbindung/steps/answer-outside.js';
import type { Municipality } from '../../config/municipality.js';
import type { Platform } from '../../config/platform.js';
import { formatProblems, problemCount } from '../../config/problem.js';
import { stageOfDomain } from '../../migration/domains.js';
import { relayAcceptances, sendingDomains } from '../../migration/relay.js';
import { relayOf } from '../../migration/site.js';
import { seconds, timestamp } from '../../migration/timestamp.js';
import { RefusedError, UnreachableError } from '../../provider/element.js';
import { limitIn } from '../../provider/resources/gate-route-terms.js';
import type { Command } from '../commands.js';
import { atDesk } from '../desk.js';
import { ExitCode } from '../exit.js';
import { Failure } from '../failure.js';
import { loadMunicipality, requireHostKeys, type Loaded } from '../files.js';
import type { Io } from '../io.js';
import { withMunicipality } from '../municipality-argument.js';
import { knownName } from '../names.js';
import { findProject } from '../project.js';
import { mustBeReached } from '../stage-reached.js';
import { unreachable } from '../unreachable.js';

interface TestArguments {
  municipality: string;
  antwort?: string[];
  empfaenger?: string;
  json: boolean;
}

export const anbindungstest: Command<TestArguments> = {
  arguments: (yargs) =>
    withMunicipality(yargs)
      .option('antwort', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'Judge an answer (DKIM, SPF, DMARC): the raw message, saved at the mailbox outside',
      })
      .option('empfaenger', {
        type: 'string',
        nargs: 1,
        conflicts: 'antwort',
        describe:
          'At stage 4: have the relay ask for the recipients in a file, one a line, before the MX moves',
      })
      .option('json', { type: 'boolean', default: false, describe: 'For machines: one JSON document' })
      .example('npx mailversand anbindungstest musterstadt', 'a report in German, for the municipality')
      .example(
        'npx mailversand anbindungstest musterstadt --antwort nachricht.eml',
        'at stage 4: what the mailbox outside received proves the way out',
      )
      .example(
        'npx mailversand anbindungstest musterstadt --empfaenger empfaenger.txt',
        'at stage 4: the relay then knows these recipients, and takes their mail at once',
      ),
  run: async ({ municipality: typed, antwort = [], empfaenger, json }, io) => {
    const project = findProject(io.cwd, io.env);
    const { municipality, platform } = loadMunicipality(io, project, knownName(typed, project));
    const recipients = empfaenger === undefined ? [] : listed(empfaenger, io, { municipality, platform });
    requireHostKeys(io, project, { stack: municipality.id, platform });
    const mails = antwort.map((file): SavedMail => ({ file, raw: saved(file, io, noAnswer) }));
    if (mails.length > 0) mustAnswer(municipality, platform);
    const elsewhere = await atDesk(io);
    if (elsewhere !== undefined) return elsewhere;
    const sides = farSides(municipality, platform);
    try {
      const { declares } = await mustBeReached(municipality, platform);
      const deployed = { internal: limitIn(declares, 'internal'), internet: limitIn(declares, 'internet') };
      const outcome = await io.step(`Anbindungstest ${municipality.name}`, async (say) => {
        const props = { municipality, platform, deployed, sides, times: usualTimes, say };
        if (mails.length === 0) return { ...(await connectionTest(props, recipients)), provenAt: undefined };
        return outsideTest(props, mails);
      });
      const passed = hasPassed(outcome);
      const now = new Date();
      if (passed && mails.length === 0) await sides.record('anbindungstest', now);
      if (outcome.provenAt) await sides.record('ausgehend', outcome.provenAt);
      const at = timestamp(seconds(now));
      io.out(json ? reportJson(municipality, outcome, at) : reportText(municipality, outcome, at, io.width));
      return passed ? ExitCode.done : ExitCode.failed;
    } catch (error) {
      if (error instanceof UnreachableError)
        throw unreachable(
          error,
          'nothing is known about the municipality: put the connection right, then run the test again',
        );
      if (error instanceof RefusedError) throw refused(error);
      if (error instanceof NoAnswerError) throw noAnswer(error.message);
      throw error;
    } finally {
      await sides.close();
    }
  },
};

function saved(file: string, { cwd }: Io, failure: (what: string) => Failure): Buffer {
  try {
    return readFileSync(resolve(cwd, file));
  } catch (error) {
    throw failure(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
}

/** The recipients of a list; every problem of it is shown and ends the command. */
function listed(file: string, io: Io, { municipality, platform }: Loaded): string[] {
  const asked = relayAcceptances(municipality, platform)
    .filter((one) => one.class === 'internet')
    .map(({ domain }) => domain);
  if (asked.length === 0) {
    throw noRecipients(
      `${municipality.id} is at stage ${municipality.stage}: the relay takes no mail from the Internet for it, so it asks about none of its recipients`,
    );
  }
  const notYet = municipality.domains
    .filter(({ name }) => !asked.includes(name))
    .map((domain) => [domain.name, stageOfDomain(municipality, domain)] as const);
  const raw = saved(file, io, noRecipients);
  const { recipients, problems } = readRecipients(raw, file, { asked, notYet: new Map(notYet) });
  if (problems.length === 0) return recipients;
  io.note(formatProblems(problems));
  throw noRecipients(`${problemCount(problems)} in ${file}: nobody was asked`);
}

/** Only domains at stage 4 answer by the relay. */
function mustAnswer(municipality: Municipality, platform: Platform): void {
  if (sendingDomains(municipality).length === 0)
    throw noAnswer(
      `${municipality.id} is at stage ${municipality.stage}: none of its domains sends by the relay`,
    );
  if (relayOf(municipality, platform).outsideMailbox === undefined)
    throw noAnswer(
      `relay ${municipality.relay} has no outsideMailbox in the platform file, to which answers go`,
    );
}

const noAnswer = (what: string): Failure =>
  new Failure({
    what,
    remedy:
      'at stage 4 run the test without --antwort, answer its message, and save the raw message (source, with all headers) at the mailbox outside',
    rule: 'no-answer',
    exit: ExitCode.badInput,
  });

const noRecipients = (what: string): Failure =>
  new Failure({
    what,
    remedy:
      'at stage 4, before the MX moves, give a text file with one recipient a line, all at domains at stage 4',
    rule: 'no-recipients',
    exit: ExitCode.badInput,
  });

const refused = ({ message }: RefusedError): Failure =>
  new Failure({
    what: message,
    remedy:
      'deploy the platform, install templates/ of this version on the far ends, then run the test again',
    rule: 'far-end-refused',
  });
