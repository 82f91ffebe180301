import { setTimeout as pause } from 'node:timers/promises';
import type { Municipality } from '../../config/municipality.js';
import type { Platform } from '../../config/platform.js';
import { desiredState } from '../../migration/desired-state.js';
import { germanTime } from '../../migration/german-time.js';
import {
  hosterRecords,
  isAlarm,
  nobodyAnswers,
  type HosterAnswer,
  type HosterRecord,
  type HosterRow,
} from '../../migration/hoster-sheet.js';
import {
  hasSheet,
  hosterSheetCall,
  hosterSheetNext,
  hosterSheetText,
} from '../../migration/hoster-sheet-text.js';
import { changeDomainStage, unknownDomain } from '../../migration/domain-change.js';
import { stageOfDomain } from '../../migration/domains.js';
import { changeStage, isRefusal, type Refusal } from '../../migration/stage-change.js';
import { atDesk } from '../desk.js';
import type { Command } from '../commands.js';
import { secondsOf } from '../duration.js';
import { ExitCode } from '../exit.js';
import { openAll } from '../far-ends.js';
import { Failure, failureFacts, failureText } from '../failure.js';
import { loadMunicipality, requireHostKeys } from '../files.js';
import { askAbout, atRelay, lookAndAsk, type Answer, type Asking } from '../hoster-asked.js';
import { notHeld, type Held } from '../hoster-held.js';
import { observeHoster, vantageOf } from '../hoster-observe.js';
import type { Io } from '../io.js';
import { withMunicipality } from '../municipality-argument.js';
import { knownName } from '../names.js';
import { findProject } from '../project.js';

interface HosterblattArguments {
  municipality: string;
  zurueck: boolean;
  domain?: string;
  warten?: string;
  json: boolean;
}

/** A hoster's servers take their zones over within that, as a rule. */
const usualWait = '1h';

export const hosterblatt: Command<HosterblattArguments> = {
  arguments: (yargs) =>
    withMunicipality(yargs)
      .option('zurueck', {
        type: 'boolean',
        default: false,
        describe: 'The records of the stage before, for the way back',
      })
      .option('domain', {
        type: 'string',
        nargs: 1,
        describe: 'Only of this domain, which goes by itself while the others stay where they are',
      })
      .option('warten', {
        type: 'string',
        describe: `Wait until every authoritative server shows them, at most so long, e.g. 30m, 2h; alone ${usualWait}`,
      })
      .option('json', { type: 'boolean', default: false, describe: 'For machines: one JSON document' })
      .example('npx mailversand hosterblatt fabelburg', 'what its hoster has to write now; in German')
      .example('npx mailversand hosterblatt fabelburg --zurueck --warten 2h', 'before the edge back'),
  run: async ({ municipality: typed, zurueck, domain, warten, json }, io) => {
    const project = findProject(io.cwd, io.env);
    const { municipality: m, platform } = loadMunicipality(io, project, knownName(typed, project));
    const patience = warten === undefined ? 0 : secondsOf(warten || usualWait, '--warten');
    if (domain !== undefined && !m.domains.some(({ name }) => name === domain))
      throw refused(unknownDomain(m, domain));
    const wanted = zurueck ? before(m, platform, domain) : m;
    const records = recordsOf(wanted, platform, domain);
    if (records.length > 0 && (!zurueck || atRelay(m, platform).length > 0))
      requireHostKeys(io, project, { stack: m.id, platform });
    const seated = await atDesk(io);
    if (seated !== undefined) return seated;
    const look = (): Promise<HosterRow[]> => observeHoster(records, wanted, platform, vantageOf(platform));
    const { rows: all, answer } = await lookAndAsk(
      look,
      (seen) => ask(io, seen, { municipality: m, wanted, platform, zurueck }),
      patience > 0
        ? (seen, { held }) => wait(io, seen, (rows) => notHeld(rows, held), look, patience)
        : undefined,
    );
    const { held } = answer;
    const rows = notHeld(all, held);
    const sheet = {
      municipality: `${m.name} (AGS ${m.ags})`,
      id: m.id,
      zurueck,
      ...answer,
      rows,
      ...(domain !== undefined && { domain }),
    };
    if (json) io.out(`${JSON.stringify({ ...sheet, held: held.map(heldFacts) }, null, 2)}\n`);
    else if (hasSheet(sheet)) {
      io.out(hosterSheetText(sheet));
      for (const line of hosterSheetNext(sheet)) io.note(line);
    }
    const open = rows.filter(({ state }) => state !== 'done');
    const isWrong = open.some((row) => row.state === 'foreign' || isAlarm(row, answer.back));
    const undone =
      patience > 0 && open.length > 0
        ? over(m, `${hosterSheetCall(sheet)} --warten ${warten || usualWait}`, open)
        : unasked(open);
    const failures = [...byExit(held), ...(undone && !isWrong ? [undone] : [])];
    const [first, ...more] = failures;
    if (first === undefined) return isWrong ? ExitCode.failed : ExitCode.done;
    // The one document has every answer already.
    if (json) return first.exit;
    for (const failure of more) io.note(failureText(failure).trimEnd());
    throw first;
  },
};

const heldFacts = ({ domains, type, reason, failure }: Held) => ({
  domains,
  type,
  reason,
  ...failureFacts(failure),
});

/** What was refused before what nobody knows: only a person ends that. */
const byExit = (held: readonly Held[]): Failure[] =>
  held.map(({ failure }) => failure).sort((a, b) => a.exit - b.exit);

async function ask(io: Io, rows: readonly HosterRow[], sheet: Asking): Promise<Answer> {
  const farEnds = openAll(sheet.platform);
  try {
    const { warnings, ...answer } = await askAbout(rows, sheet, farEnds);
    for (const line of warnings) io.note(line);
    return answer;
  } finally {
    await farEnds.close();
  }
}

/** Seconds between two looks. */
const PAUSE = 5;

/** The municipality after the edge back, its own or that of one domain. */
function before(m: Municipality, p: Platform, name?: string): Municipality {
  const domain = m.domains.find((one) => one.name === name);
  const from = domain ? stageOfDomain(m, domain) : m.stage;
  if (from === 0) throw refused(noWayBack(name ?? m.id));
  const change = domain
    ? changeDomainStage(m, p, domain.name, from - 1, new Date())
    : changeStage(m, p, from - 1, new Date());
  if (!isRefusal(change)) return change.after;
  throw refused(change.rule === 'domain-last' ? { ...change, remedy: withAll(m) } : change);
}

const noWayBack = (name: string): Refusal => ({
  refused: `${name} stands at stage 0, from which no way goes back`,
  remedy: 'its hoster has nothing to put back',
  rule: 'stage-range',
});

/** The sheet comes before the edge. */
const withAll = ({ id, stage }: Municipality): string =>
  `it goes back with the whole municipality: ${hosterSheetCall({ id, zurueck: true })}, and when that is done npx mailversand stage ${id} ${stage - 1}`;

const refused = ({ refused: what, remedy, rule }: Refusal): Failure =>
  new Failure({ what, remedy, rule, exit: ExitCode.badInput });

/** What a hoster has to write: of all domains, or of one. */
function recordsOf(m: Municipality, p: Platform, name?: string): HosterRecord[] {
  const records = hosterRecords(desiredState(m, p), m, p);
  return name === undefined ? records : records.filter(({ domain }) => domain === name);
}

/** Nothing is remembered: what counts is what the servers show, so it may be called again at any time. */
async function wait(
  io: Io,
  first: HosterRow[],
  waitedFor: (rows: readonly HosterRow[]) => HosterRow[],
  look: () => Promise<HosterRow[]>,
  patience: number,
): Promise<HosterRow[]> {
  const openOf = (rows: readonly HosterRow[]): HosterRow[] =>
    waitedFor(rows).filter(({ state }) => state !== 'done');
  if (openOf(first).length === 0) return first;
  const end = new Date(Date.now() + patience * 1000);
  const title = `Warten bis höchstens ${germanTime(end)}, dass jeder Nameserver die Einträge zeigt; Strg-C beendet es`;
  return io.step(title, async (say) => {
    let rows = first;
    for (let shown = ''; openOf(rows).length > 0 && Date.now() < end.getTime();) {
      const what = waitingFor(openOf(rows));
      if (shown !== what.join('\n')) io.note(what.map((line) => `- ${line}`).join('\n'));
      shown = what.join('\n');
      say(what.join(' | '));
      await pause(Math.min(PAUSE * 1000, end.getTime() - Date.now()));
      rows = await look();
    }
    return rows;
  });
}

const waitingFor = (open: readonly HosterRow[]): string[] =>
  open.flatMap(({ record, answers }) =>
    answers.map((answer) => `${record.type} ${record.domain} @${answer.server}: ${said(answer)}`),
  );

const said = ({ ttl, data, problem }: HosterAnswer): string =>
  problem === undefined
    ? data.length === 0
      ? 'no record'
      : `TTL ${ttl}: ${data.join('; ')}`
    : `unknown: ${problem}`;

/** The sheet is good all the same, but nobody can say whether it is done, or what it would take away. */
function unasked(open: readonly HosterRow[]): Failure | undefined {
  const unknown = open.filter(nobodyAnswers);
  if (unknown.length === 0) return undefined;
  return new Failure({
    what: 'no name server says what stands there now, so the sheet was compared with nothing',
    details: waitingFor(unknown),
    remedy:
      'see whether the vantage point resolves the domain and reaches its name servers on port 53; then call it again',
    rule: 'unreachable',
    exit: ExitCode.unreachable,
  });
}

/** The time is over; what else is to be done where it is only a TTL that is missing, which not every hoster can lower. */
function over({ id }: Municipality, call: string, open: HosterRow[]): Failure {
  const again = `call ${call} again`;
  const onlyTtl = open.every(({ state }) => state === 'ttl');
  return new Failure({
    what: onlyTtl
      ? 'the time to wait is over, and a TTL is still higher than the sheet says'
      : 'the time to wait is over, and not every server shows what the sheet says',
    details: waitingFor(open),
    remedy: onlyTtl
      ? `${again}; if the hoster cannot lower it, go on: npx mailversand deploy ${id} --wait 2d waits until the old TTL has gone by, and every move of the MX takes that long`
      : `nothing is lost, and everything stays as it is; ${again}`,
    rule: 'hoster-wait-over',
    exit: ExitCode.refused,
  });
}
