import type { Municipality, StageNumber } from '../../config/municipality.js';
import type { Platform } from '../../config/platform.js';
import { locksText, possibleLocks, type RelayLock } from '../../migration/relay-lock.js';
import { isRefusal, type Refusal } from '../../migration/stage-change.js';
import { stageTitle } from '../../migration/stages.js';
import {
  domainWayBackAfterNext,
  wayBack,
  wayBackAfterMx,
  wayBackAfterNext,
  wayBackOfDomain,
  type WayBack,
} from '../../migration/way-back.js';
import { wayBackJson, wayBackText } from '../../migration/way-back-text.js';
import type { Command } from '../commands.js';
import { ExitCode } from '../exit.js';
import { Failure } from '../failure.js';
import { loadMunicipality } from '../files.js';
import type { Io } from '../io.js';
import { withMunicipality } from '../municipality-argument.js';
import { knownName } from '../names.js';
import { findProject } from '../project.js';

interface RueckwegArguments {
  municipality: string;
  domain?: string;
  reached?: number;
  json: boolean;
}

export const rueckweg: Command<RueckwegArguments> = {
  arguments: (yargs) =>
    withMunicipality(yargs)
      .option('domain', {
        type: 'string',
        nargs: 1,
        conflicts: 'reached',
        describe: 'Only of this domain, by itself, while the others stay where they are',
      })
      .option('reached', {
        type: 'number',
        choices: [0, 1, 2, 3, 4],
        describe: 'Stage that the register says, where an edge was begun and not finished',
      })
      .option('json', { type: 'boolean', default: false, describe: 'For machines: one JSON document' })
      .example('npx mailversand rueckweg musterstadt', 'from now, and after the next edge; in German')
      .example(
        'npx mailversand rueckweg beispielhausen --reached 3',
        'after a deploy of stage 4 that failed',
      ),
  run: async ({ municipality: typed, domain, reached, json }, io) => {
    const project = findProject(io.cwd, io.env);
    const { municipality: m, platform } = loadMunicipality(io, project, knownName(typed, project));
    const now = new Date();
    const all = ways(m, platform, now, { domain, reached: reached as StageNumber | undefined });
    const { back } = all;
    if (isRefusal(back)) {
      const { refused: what, remedy, rule } = back;
      throw new Failure({ what, remedy, rule, exit: ExitCode.badInput });
    }
    const [afterNext, afterMx] = [all.afterNext, all.afterMx].map((way) =>
      way && !isRefusal(way) ? way : undefined,
    );
    const locks = await askRelay(possibleLocks(m, platform, domain), platform, io);
    if (json) {
      const document = {
        municipality: m.id,
        now: wayBackJson(back),
        locks,
        afterNext: afterNext && wayBackJson(afterNext),
        afterMx: afterMx && wayBackJson(afterMx),
      };
      io.out(`${JSON.stringify(document, null, 2)}\n`);
    } else {
      const who = domain === undefined ? m.name : `von ${domain} allein, ${m.name}`;
      io.out(`Rückweg ${who} (AGS ${m.ags}), vom heutigen Stand\n${wayBackText(back)}${locksText(locks)}`);
      if (afterNext) io.out(`\n${titleAfterNext(back.from, afterNext.from)}\n${wayBackText(afterNext)}`);
      if (afterMx) io.out(`\nRückweg nach der Umstellung des MX\n${wayBackText(afterMx)}`);
      if (domain === undefined) io.out(ownWays(m));
    }
    return ExitCode.done;
  },
};

/** Without the relay's key, or its answer, the locks stay possible: a way back is asked for also while it is away. */
async function askRelay(
  possible: readonly RelayLock[],
  platform: Platform,
  io: Io,
): Promise<readonly RelayLock[]> {
  const keyless = platform.relays.filter(({ ssh }) => ssh.hostKey === undefined).map(({ name }) => name);
  if (possible.every(({ relay }) => keyless.includes(relay))) return possible;
  // Most ways back ask nobody, and need not load what speaks to a relay.
  const [{ openBriefly }, { askLocks }] = await Promise.all([
    import('../far-ends.js'),
    import('../../provider/resources/relay-lock.js'),
  ]);
  const relays = openBriefly(platform, io);
  try {
    const { locks, unknown } = await askLocks(possible, relays);
    for (const { message } of unknown.slice(0, 1)) io.note(message);
    return locks;
  } finally {
    await relays.close();
  }
}

interface Whose {
  domain: string | undefined;
  reached: StageNumber | undefined;
}

type Way = WayBack | Refusal;

const ways = (
  m: Municipality,
  p: Platform,
  now: Date,
  { domain, reached }: Whose,
): { back: Way; afterNext: Way | undefined; afterMx: Way | undefined } => ({
  ...(domain === undefined
    ? { back: wayBack(m, p, now, reached), afterNext: wayBackAfterNext(m, p, now) }
    : { back: wayBackOfDomain(m, p, domain, now), afterNext: domainWayBackAfterNext(m, p, domain, now) }),
  afterMx: wayBackAfterMx(m, p, now, domain),
});

const titleAfterNext = (from: StageNumber, to: StageNumber): string =>
  `Rückweg nach dem nächsten Schritt, Abschnitt ${from} → ${to} (${stageTitle(to)})`;

/** Above, a domain that stands elsewhere goes with its municipality. */
const ownWays = ({ id, domains }: Municipality): string =>
  domains
    .flatMap(({ name, stage }) =>
      stage === undefined ? [] : `npx mailversand rueckweg ${id} --domain ${name}\n`,
    )
    .map((command, i) =>
      i === 0 ? `\nNur eine Domain, während die anderen bleiben:\n  ${command}` : `  ${command}`,
    )
    .join('');
