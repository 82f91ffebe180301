import { defineResource, type Diagnostic, type FarEnds } from '../definition.js';
import { liveElements } from '../live.js';
import type { Observation } from '../targets/dns/evidence.js';
import { terraformClass } from '../terraform-class.js';
import * as checks from './checks.js';
import { domain, owner } from './common.js';
import { hostsIn } from './cutover/move.js';
import { otherNames } from './cutover/other-names.js';
import { mailAtRelay, type MailAtRelay } from './mail-at-relay.js';

interface Wanted {
  domain: string;
  ttl: number;
  records: readonly { readonly preference: number; readonly host: string }[];
}

const wrongRecords = checks.nonEmpty(
  checks.each(({ host }: { preference: number; host: string }) => checks.domain(host)),
);

const map = 'hoster_mx';

/** A mail exchanger set that a municipality's hoster writes. */
export const hosterMx = defineResource({
  type: 'hoster_mx',
  doc: 'The MX of a domain whose zone a hoster has: instructed (`npx mailversand hosterblatt`), observed on its authoritative servers, never written. Plans warn while the hoster has not followed, and loudly if it was too early, with what the relay does with the mail now. A way back is refused until no server shows the relay any more: from then on counts the time for which the relay still accepts.',
  attributes: {
    domain,
    ttl: { type: 'number', doc: 'Instructed TTL in seconds.', check: checks.ttl },
    records: {
      type: { objects: { preference: 'number', host: 'string' } },
      doc: 'Instructed mail exchangers: preference and host name without a trailing dot.',
      check: wrongRecords,
    },
    owner,
  },
  example: {
    domain: 'fabelburg.example',
    ttl: 300,
    records: [{ preference: 10, host: 'mx1.landesnetz.example' }],
    owner: '15084490',
  },
  target: () => ({ kind: 'register' }),
  elements: ({ domain, ttl, records, owner }) => [
    { map, key: [domain], value: instructed(ttl, records), owner },
  ],
  fromElements: (key, live) => {
    const element = live.get(map, [key.domain]);
    if (!element) return undefined;
    const [ttl, ...rest] = element.value;
    return { ...key, ttl: Number(ttl), records: recordsIn(rest), owner: element.owner ?? '' };
  },
  check: async ({ proposed, farEnds }) => {
    if (!proposed) return [];
    const seen = (await farEnds.vantage.observe(proposed.domain)).filter(({ type }) => type === 'MX');
    if (namesRelay(proposed.records, farEnds))
      return [...highTtl(proposed, seen), ...notYet(proposed, seen, showing(seen, relayHosts(farEnds)))];
    const pointing = await pointingAt(seen, farEnds);
    const shows = seen.filter((one) => pointing.some(({ servers }) => servers.includes(one)));
    // What was instructed last stands in the register, whatever became of a state.
    const register = await liveElements(farEnds.targets({ kind: 'register' }));
    const [, ...last] = register.get(map, [proposed.domain])?.value ?? [];
    return namesRelay(recordsIn(last), farEnds)
      ? stillThere(proposed, seen, shows)
      : [...highTtl(proposed, seen), ...(await early(proposed, shows, pointing, farEnds))];
  },
});

const instructed = (ttl: number, records: Wanted['records']): string[] => [
  String(ttl),
  ...records.flatMap(({ preference, host }) => [String(preference), host]),
];

function recordsIn([preference, host = '', ...rest]: readonly string[]): Wanted['records'] {
  return preference === undefined ? [] : [{ preference: Number(preference), host }, ...recordsIn(rest)];
}

const relayHosts = ({ provider }: FarEnds): string[] => provider.relays.flatMap(({ mxHosts }) => mxHosts);

const namesRelay = (records: Wanted['records'], farEnds: FarEnds): boolean =>
  records.some(({ host }) => relayHosts(farEnds).includes(host));

/** Servers that show one of these hosts. */
const showing = (seen: readonly Observation[], hosts: readonly string[]): Observation[] =>
  seen.filter(({ data }) => hostsIn(data).some((host) => hosts.includes(host)));

/** Relays that the MX names, by whatever name, each with the servers that show it. */
async function pointingAt(
  seen: readonly Observation[],
  { provider, vantage }: FarEnds,
): Promise<{ relay: string; servers: Observation[] }[]> {
  const each = await Promise.all(
    provider.relays.map(async ({ name, mxHosts }) => ({
      relay: name,
      servers: showing(seen, [...mxHosts, ...(await otherNames(seen, mxHosts, vantage))]),
    })),
  );
  return each.filter(({ servers }) => servers.length > 0);
}

/** The gate lets a hoster's MX move with its old TTL, once that has gone by; what it costs is said. */
function highTtl({ domain, ttl }: Wanted, seen: readonly Observation[]): Diagnostic[] {
  const high = seen.filter((one) => one.authoritative && one.ttl > ttl);
  const longest = Math.max(...high.map((one) => one.ttl));
  return high.length === 0
    ? []
    : [
        warning(
          'hoster-mx-ttl',
          `The TTL of the MX of ${domain} is higher than instructed`,
          `Instructed is ${ttl} s.\n${list(high)}\nCan the hoster not lower it? Then every move of this MX, a way back too, takes up to ${longest} s until all senders have followed; both ways must take mail for that long.`,
        ),
      ];
}

function notYet(
  { domain, records }: Wanted,
  seen: readonly Observation[],
  shows: readonly Observation[],
): Diagnostic[] {
  const waiting = seen.filter((one) => !shows.includes(one));
  const wanted = records.map(({ preference, host }) => `${preference} ${host}.`).join(', ');
  return waiting.length === 0
    ? []
    : [
        warning(
          'hoster-mx-waiting',
          `The hoster has not moved the MX of ${domain} on every server yet`,
          `Instructed is ${wanted}.\n${list(waiting)}\nnpx mailversand hosterblatt prints the instruction, with --warten it waits until it is done.`,
        ),
      ];
}

async function early(
  { domain }: Wanted,
  shows: readonly Observation[],
  pointing: readonly { relay: string }[],
  farEnds: FarEnds,
): Promise<Diagnostic[]> {
  if (shows.length === 0) return [];
  const now = await Promise.all(
    pointing.map(async ({ relay }) => `${relay} ${meaning[await mailAtRelay(relay, domain, farEnds)]}`),
  );
  return [
    warning(
      'hoster-mx-early',
      `ALARM: the MX of ${domain} names the relay too early`,
      `${list(shows)}\n${now.join('\n')}\nHave the hoster put the MX back (npx mailversand hosterblatt), or, with full routing, go on to the deploy that moves it: stage 4 with outgoingTestPassedOn.`,
    ),
  ];
}

const meaning: Readonly<Record<MailAtRelay, string>> = {
  taken:
    'takes its mail from the Internet now and passes it on: nothing waits or is lost, but no gate has agreed to it.',
  unrouted: 'takes its mail from the Internet now and has no route for it: it may bounce at once.',
  deferred:
    'does not take its mail from the Internet now: senders are asked to try again (4xx), nothing is refused until their queues give up.',
  unknown:
    'cannot be asked whether it takes its mail from the Internet now: what it does not take waits at its senders (4xx) until their queues give up.',
};

function stillThere(
  { domain }: Wanted,
  seen: readonly Observation[],
  shows: readonly Observation[],
): Diagnostic[] {
  const isKnown = seen.some(({ authoritative }) => authoritative);
  const silent = seen.filter(({ problem }) => problem !== undefined);
  if (shows.length === 0 && isKnown && silent.length === 0) return [];
  const detail = `${list(shows.length > 0 ? shows : seen)}\nThe hoster moves the MX first (npx mailversand hosterblatt, with --warten it waits; with --zurueck only before the edge is written): from this edge on counts the time for which the relay still accepts. Until then everything goes on as it is.`;
  return shows.length > 0 || !isKnown
    ? [
        {
          severity: 'error',
          summary: `The MX of ${domain} still names the relay`,
          detail,
          attribute: 'records',
          rule: 'gate-hoster-mx-first',
        },
      ]
    : [
        warning(
          'hoster-mx-unknown',
          `Not every server of ${domain} can be asked whether its MX still names the relay`,
          `${list(silent)}\nThe relay lets go of the domain only when each of them was seen without it.`,
        ),
      ];
}

const warning = (rule: string, summary: string, detail: string): Diagnostic => ({
  severity: 'warning',
  summary,
  detail,
  attribute: 'records',
  rule,
});

const list = (seen: readonly Observation[]): string => seen.map((one) => `- ${describe(one)}`).join('\n');

const describe = ({ server, data, ttl, problem }: Observation): string =>
  problem === undefined
    ? `${server} shows ${data === '' ? 'no MX' : `${data.replaceAll('\n', ', ')} (TTL ${ttl})`}`
    : `${server} cannot be asked: ${problem}`;

export class HosterMx extends terraformClass(hosterMx) {}
