import type { Kept, Municipality, Routing, Settling } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { mxWaits } from '../migration/dns.js';
import { stageOfDomain } from '../migration/domains.js';
import { dropKept, type KeptReview } from '../migration/drop-kept.js';
import { settled, type Settled } from '../migration/settled.js';
import type { Deed } from '../migration/way-back-deeds.js';
import { changeStage, type StageChange } from '../migration/stage-change.js';
import { lastStage, stages, stageTitle, type EnteredStage } from '../migration/stages.js';

/** As people read it. */
const routingTitle: Readonly<Record<Routing, string>> = {
  vollstaendig: 'vollständig',
  teilweise: 'teilweise',
};

/** Where a municipality stands by its file, and what could come next. */
export function standingText(m: Municipality, p: Platform, now: Date): string {
  const lines = [`${m.name}: Abschnitt ${m.stage} (${stageTitle(m.stage)}), ${routingTitle[m.routing]}`];
  lines.push(
    ...m.domains
      .filter((domain) => stageOfDomain(m, domain) < m.stage)
      .map((domain) => `domain: ${domain.name} is at Abschnitt ${stageOfDomain(m, domain)}`),
  );
  const { due, staying } = dropKept(m, p, now);
  lines.push(...due.map(({ kept }) => `kept: ${keptName(kept)}, due since ${kept.until}`));
  lines.push(...staying.map(({ kept, until, why }) => `kept: ${keptName(kept)}, until ${until}: ${why}`));
  if (due.length > 0) lines.push(`Due now: npx mailversand stage ${m.id} --drop-kept`);
  const settles = settled(m, now);
  const once = m.stage === 4 ? ', once every server shows the relay' : '';
  if (settles?.due) lines.push(`Settled${once}: npx mailversand stage ${m.id} --settled`);
  else if (settles) lines.push(`settling: ${stillSettling(settles)}`);
  const to = m.stage + 1;
  if (to > lastStage(m.routing)) return `${lines.join('\n')}\n${mxText(m)}`;
  const { missing } = changeStage(m, p, to, now) as StageChange;
  lines.push(`Next: Abschnitt ${to} (${stageTitle(to as EnteredStage)})`);
  lines.push(
    missing.length > 0 ? `  still missing in its file: ${missing.join(', ')}` : '  nothing is missing for it',
  );
  return `${lines.join('\n')}\n`;
}

/** At stage 4 the MX moves by a deploy of its own, which must not be taken for done. Empty where there is nothing to say. */
export const mxText = (m: Municipality): string => {
  const waiting = mxWaits(m);
  if (waiting.length === 0) return '';
  const names = waiting.length < m.domains.length ? ` of ${waiting.map(({ name }) => name).join(', ')}` : '';
  const entry = waiting.some(({ stage }) => stage !== undefined)
    ? ', with a stage of its own in its entry'
    : '';
  return `The MX${names} has not moved: it waits for \`outgoingTestPassedOn\` in the file${entry}, the day on which a real mail of the municipality went out over the relay; the deploy after that moves it.\n`;
};

/** What an edge forwards still needs. */
export const evidenceText = (missing: readonly string[]): string =>
  missing.length === 0 ? '' : `The gate will refuse the deploy until the file has: ${missing.join(', ')}\n`;

/** What an edge back leaves in force, and who may still use it. */
export function keptText(added: readonly Kept[]): string {
  return added
    .map(
      (kept) => `Kept until ${kept.until}: ${keptName(kept)}; it may still be used by ${stillUsedBy(kept)}\n`,
    )
    .join('');
}

/** What an edge forwards begins. */
export const settlingText = ({ until }: Settling): string =>
  `Settling until ${until}: the relay keeps what the municipality's servers refuse, and defers foreign senders\n`;

export function settledText(settles: Settled | undefined): string {
  if (settles === undefined) return 'Nothing is settling.\n';
  return settles.due
    ? 'Settled: from the deploy on, refusals bounce and foreign senders are refused\n'
    : `Still settling: ${stillSettling(settles)}\n`;
}

export function droppedText({ due, staying }: KeptReview): string {
  const lines = [
    ...due.map(({ kept }) => `Taken out: ${keptName(kept)}`),
    ...staying.map(({ kept, until, why }) => `Stays: ${keptName(kept)}, until ${until}: ${why}`),
  ];
  return lines.length === 0 ? 'Nothing is kept.\n' : `${lines.join('\n')}\n`;
}

/** What people do beside the deploy. German, as in the way back (`rueckweg`). */
export const deedsText = (deeds: readonly Deed[]): string =>
  deeds.map(({ when, who, what }) => `${when}, ${who}: ${what}\n`).join('');

const stillSettling = ({ until, why }: Settled & { due: false }): string =>
  until === undefined ? why : `until ${until}: ${why}`;

const keptName = (kept: Kept): string =>
  'stage' in kept
    ? `what stage ${kept.stage} brought${kept.domain === undefined ? '' : ` ${kept.domain}`}`
    : `the replaced server ${kept.server.inside}`;

const stillUsedBy = (kept: Kept): string =>
  'stage' in kept
    ? (stages.find(({ number }) => number === kept.stage)?.stillUsedBy ?? 'somebody')
    : "the relay's queue";
