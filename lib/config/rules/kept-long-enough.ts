import type { Draft } from '../check.js';
import { momentOf, toSeconds } from '../fields/time.js';
import { each, problemWith, withPlatform, type Entry, type FleetRule, type PlatformEntry } from '../fleet.js';
import type { MunicipalityFile } from '../municipality-file.js';

export const keptLongEnough: FleetRule = {
  id: 'kept-long-enough',
  why: 'Mail that waits in a queue, and whoever has an old MX or an old table, still uses what was left: the tool cannot know them, only wait for them.',
  check: withPlatform(({ municipalities }, platform) =>
    municipalities.flatMap((entry) =>
      each(entry.draft.kept, ['kept']).flatMap(({ item, path }) => {
        const { stage, since, until } = item;
        if (since === undefined || until === undefined) return [];
        const least = leastSeconds(item, entry, platform);
        const seconds = (Date.parse(until) - Date.parse(since)) / 1000;
        // An end before its beginning is another rule's.
        if (seconds < 0 || seconds >= least) return [];
        return problemWith(entry, [...path, 'until'], 'kept-long-enough', {
          found: `until ${until}`,
          expected: `${momentOf(Date.parse(since) + least * 1000)} or later: ${because(stage)}`,
          remedy: `write that; \`npx mailversand stage\` and \`server\` write the right time by themselves`,
        });
      }),
    ),
  ),
};

/**
 * As `keepFor` of lib/migration/stages.ts, where what a file has not got is taken for its shortest. The time of stages
 * below 4 counts anew when that one goes (lib/migration/drop-kept.ts), for the queue lifetime alone.
 */
function leastSeconds({ stage, domain }: KeptDraft, { draft }: Entry, { file }: PlatformEntry): number {
  const queue = toSeconds(file.senderQueueLifetime);
  switch (stage) {
    case 1:
      return 0;
    case 4:
      return queue + longestTtl(draft, file, domain);
    default:
      return queue;
  }
}

/**
 * Seconds for which caches may have the relay as MX. Not every hoster lets a TTL be lowered.
 * @param only the domain that went back by itself; undefined: those that go with the municipality
 */
function longestTtl({ domains }: Entry['draft'], file: PlatformEntry['file'], only?: string): number {
  const atRelays = Object.values(file.relays).map(({ mx }) => mx.ttl);
  const hosters = each(domains, [])
    .filter(({ item }) => (only === undefined ? item.stage === undefined : item.name === only))
    .flatMap(({ item }) => (item.writer === 'hoster' ? (item.mx?.ttl ?? []) : []));
  return Math.max(Math.min(toSeconds(file.loweredMxTtl), ...atRelays), ...hosters);
}

type KeptDraft = Draft<MunicipalityFile['kept'][number]>;

const because = (stage: number | undefined): string =>
  stage === 4
    ? 'for the longest TTL of the MX and senderQueueLifetime of the platform'
    : 'for senderQueueLifetime of the platform';
