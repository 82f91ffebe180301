import { setTimeout as pause } from 'node:timers/promises';
import type { Municipality } from '../../config/municipality.js';
import type { Platform } from '../../config/platform.js';
import { desiredState } from '../../migration/desired-state.js';
import { hosterRecords, hosterRow, type HosterRecord, type HosterRow } from '../../migration/hoster-sheet.js';
import { answerText, hosterSheetText } from '../../migration/hoster-sheet-text.js';
import { mxMoves } from '../../migration/moves.js';
import { changeStage, isRefusal } from '../../migration/stage-change.js';
import { unnamedVantagePoint } from '../../provider/provider-config.js';
import { parseMove } from '../../provider/resources/cutover/move.js';
import { wayBackWorks } from '../../provider/resources/cutover/old-path.js';
import { openVantage } from '../../provider/targets/vantage.js';
import { atDesk } from '../desk.js';
import type { Command } from '../commands.js';
import { ExitCode } from '../exit.js';
import { Failure } from '../failure.js';
import { loadMunicipality } from '../files.js';
import { observeHoster } from '../hoster-observe.js';
import { mustBeReady } from '../hoster-ready.js';
import { mustTakeBack } from '../hoster-way-back.js';
import type { Io } from '../io.js';
import { withMunicipality } from '../municipality-argument.js';
import { knownName } from '../names.js';
import { findProject } from '../project.js';

interface HosterblattArguments {
  municipality: string;
  zurueck: boolean;
  warten: boolean;
  minuten: number;
  json: boolean;
}

export const hosterblatt: Command<HosterblattArguments> = {
  arguments: (yargs) =>
    withMunicipality(yargs)
      .option('zurueck', {
        type: 'boolean',
        default: false,
        describe: 'The records of the stage before, for the way back',
      })
      .option('warten', {
        type: 'boolean',
        default: false,
        describe: 'Wait until every authoritative server shows them; may be interrupted and called again',
      })
      .option('minuten', {
        type: 'number',
        default: 60,
        describe: 'How long to wait at most, in minutes',
        implies: 'warten',
      })
      .option('json', { type: 'boolean', default: false, describe: 'For machines: one JSON document' })
      .example('npx mailversand hosterblatt fabelburg', 'what its hoster has to write now; in German')
      .example('npx mailversand hosterblatt fabelburg --zurueck --warten', 'before the edge back'),
  run: async ({ municipality: typed, zurueck, warten, minuten, json }, io) => {
    const project = findProject(io.cwd, io.env);
    const { municipality: m, platform } = loadMunicipality(io, project, knownName(typed, project));
    if (!(minuten > 0)) throw noTime();
    const seated = await atDesk(io);
    if (seated !== undefined) return seated;
    const wanted = zurueck ? before(m, platform) : m;
    const records = hosterRecords(desiredState(wanted, platform), wanted, platform);
    const back = zurueck || (records.length > 0 && (await mustBeReady(m, platform, records)) === 'back');
    if (back) {
      const moves = mxMoves(wanted, platform).map(parseMove);
      const vantage = openVantage({ ...unnamedVantagePoint, ...platform.vantagePoint });
      const despite = await mustTakeBack(m, records, moves, { vantage, now: () => new Date() });
      for (const line of despite) io.note(`${wayBackWorks.id}, by decision: ${line}`);
    }
    const look = (): Promise<HosterRow[]> => observe(records, wanted, platform);
    let rows = await look();
    if (warten) rows = await wait(io, rows, look, minuten);
    const sheet = { municipality: `${m.name} (AGS ${m.ags})`, id: m.id, back, rows };
    io.out(json ? `${JSON.stringify(sheet, null, 2)}\n` : hosterSheetText(sheet));
    const open = rows.filter(({ state }) => state !== 'done');
    if (!back && open.some(({ state }) => state === 'early')) return ExitCode.failed;
    if (warten && open.length > 0) throw over(m, minuten, open);
    return ExitCode.done;
  },
};

/** Seconds between two looks. */
const PAUSE = 5;

async function observe(records: readonly HosterRecord[], m: Municipality, p: Platform): Promise<HosterRow[]> {
  const seen = await observeHoster(records, p);
  return seen.map(({ record, answers }) => hosterRow(record, answers, m, p));
}

/** The municipality after the edge back. */
function before(m: Municipality, p: Platform): Municipality {
  const change = changeStage(m, p, m.stage - 1, new Date());
  if (!isRefusal(change)) return change.after;
  const { refused: what, remedy, rule } = change;
  throw new Failure({ what, remedy, rule, exit: ExitCode.badInput });
}

/** Nothing is remembered: what counts is what the servers show, so it may be called again at any time. */
async function wait(
  io: Io,
  first: HosterRow[],
  look: () => Promise<HosterRow[]>,
  minutes: number,
): Promise<HosterRow[]> {
  const end = new Date(Date.now() + minutes * 60_000);
  const until = `${end.toISOString().slice(11, 19)} UTC`;
  return io.step(`Warten bis ${until}, dass jeder Nameserver die Einträge zeigt`, async (say) => {
    let rows = first;
    while (rows.some(({ state }) => state !== 'done') && Date.now() < end.getTime()) {
      say(waitingFor(rows).join(' | '));
      await pause(Math.min(PAUSE * 1000, end.getTime() - Date.now()));
      rows = await look();
    }
    return rows;
  });
}

const waitingFor = (rows: readonly HosterRow[]): string[] =>
  rows
    .filter(({ state }) => state !== 'done')
    .flatMap(({ record, answers }) =>
      answers.map((answer) => `${record.type} ${record.domain} @${answer.server}: ${answerText(answer)}`),
    );

const over = ({ id }: Municipality, minutes: number, open: HosterRow[]): Failure =>
  new Failure({
    what: `after ${minutes} min not every server shows what the sheet says`,
    details: waitingFor(open),
    remedy: `nothing is lost, and everything stays as it is; call npx mailversand hosterblatt ${id} --warten again`,
    rule: 'hoster-wait-over',
  });

const noTime = (): Failure =>
  new Failure({
    what: '--minuten is not a number above 0',
    remedy: 'write it like --minuten 90',
    rule: 'arguments',
    exit: ExitCode.badInput,
  });
