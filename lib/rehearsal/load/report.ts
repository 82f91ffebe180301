import { pathNames } from '../paths.js';
import { textTable } from '../text-table.js';
import { latencies, toNeighbour, type Account, type Entry, type Moment } from './ledger.js';
import type { Sampled } from './mx-watch.js';
import { shortOf, type Least } from './reached.js';
import { latency, ratio } from './statistics.js';

/** What the load saw of one edge: the rest before it, the edge, and what came until the next. */
export interface EdgeLoad {
  title: string;
  entries: readonly Entry[];
  account: Account;
  mx: Sampled;
  /** Mails in the relay's queue at most. */
  queuePeak: number;
  /** Mails a second while it was at rest and while it was an edge. */
  rate: number;
  /** What it must have done at least. */
  least: Least;
}

/**
 * As much was sent and asked as was meant to be; no mail was lost, came back, came twice for no known reason, went
 * astray or hangs, and no answer was empty.
 */
export const isFlawless = (edge: EdgeLoad): boolean =>
  shortOf(edge.least, edge).length === 0 &&
  faultsOf({
    ...edge.account,
    doubled: edge.account.doubled.filter(({ explained }) => explained === undefined),
  }).every((entries) => entries.length === 0) &&
  edge.mx.empty === 0;

const faultsOf = ({ lost, bounced, doubled, astray, waiting }: Account): Entry[][] => [
  lost,
  bounced,
  doubled,
  astray,
  waiting,
];

/** How many mails of each kind are listed one by one. */
const listed = 5;

/** The table of one edge: a line a path. @param municipality as people write it */
export function edgeLoadText(load: EdgeLoad, municipality: string): string {
  const { entries, account, mx, queuePeak, rate } = load;
  const head = [
    'load',
    'mails',
    'lost',
    'bounced',
    'doubled',
    'astray',
    'waiting',
    'at rest',
    'edge',
    'ratio',
  ];
  const row = (title: string, mails: readonly Entry[]): string[] => {
    const chosen = new Set(mails);
    const counts = faultsOf(account).map((list) => String(list.filter((entry) => chosen.has(entry)).length));
    return [title, String(mails.filter(({ accepted }) => accepted).length), ...counts, ...pace(mails)];
  };
  const neighbours = entries.filter(({ path }) => path === toNeighbour);
  const rows = [
    ...pathNames.map((path) =>
      row(
        titled(path, municipality),
        entries.filter((entry) => entry.path === path),
      ),
    ),
    ...(neighbours.length > 0 ? [row(toNeighbour, neighbours)] : []),
    // What the edge does to this municipality's own mail.
    row(
      'all',
      entries.filter(({ path }) => path !== toNeighbour),
    ),
  ];
  return [
    textTable(head, rows),
    `  latency is median/p95 in seconds; ${rate.toFixed(1)} mails a second; the relay's queue held ${queuePeak} at most; `,
    `MX answered ${mx.answered} times (${Math.round(mx.answered / mx.seconds)}/s), ${mx.empty} empty\n`,
    ...faults(account),
  ].join('');
}

/** All edges, a line each, and whether anything happened to any mail. */
export function loadSummary(edges: readonly EdgeLoad[]): string {
  const head = [
    'edge',
    'mails',
    'large',
    'lost',
    'bounced',
    'doubled',
    'astray',
    'waiting',
    'queue peak',
    'ratio median',
    'ratio p95',
    'MX answers/s',
    'empty',
  ];
  const rows = edges.map(({ title, entries, account, queuePeak, mx }) => [
    title,
    String(account.mails),
    String(entries.filter(({ large }) => large).length),
    ...faultsOf(account).map(({ length }) => String(length)),
    String(queuePeak),
    ...ratios(entries.filter(({ path }) => path !== toNeighbour)),
    String(Math.round(mx.answered / mx.seconds)),
    String(mx.empty),
  ]);
  const sum = (count: (edge: EdgeLoad) => number): number =>
    edges.reduce((total, edge) => total + count(edge), 0);
  const seconds = sum(({ mx }) => mx.seconds);
  const total = faultsOf(emptyAccount).map((_, kind) =>
    sum(({ account }) => faultsOf(account)[kind]?.length ?? 0),
  );
  const [lost = 0, bounced = 0, doubled = 0, astray = 0, waiting = 0] = total;
  return [
    `\n${textTable(head, rows)}`,
    `\n${sum(({ account }) => account.mails)} mails under load: ${lost} lost, ${bounced} bounced, ${doubled} doubled, ${astray} by a way that the stage does not allow, ${waiting} still waiting.\n`,
    `MX answered ${sum(({ mx }) => mx.answered)} times in ${Math.round(seconds)} s, ${sum(({ mx }) => mx.empty)} empty.\n`,
    ...edges.flatMap((edge) => [
      ...shortOf(edge.least, edge).map((what) => `${edge.title}: the load fell short: ${what}\n`),
      ...faults(edge.account).map((line) => `${edge.title}: ${line.trimStart()}`),
    ]),
  ].join('');
}

const emptyAccount: Account = {
  mails: 0,
  delivered: 0,
  lost: [],
  waiting: [],
  bounced: [],
  doubled: [],
  astray: [],
};

const titled = (path: string, municipality: string): string =>
  path.replace('municipality', municipality).replace('internet', 'Internet').replace('ndb', 'NdB');

const during = (entries: readonly Entry[], moment: Moment): ReturnType<typeof latency> =>
  latency(latencies(entries.filter((entry) => entry.moment === moment)));

function pace(entries: readonly Entry[]): string[] {
  const text = (found: ReturnType<typeof latency>): string =>
    found ? `${found.median.toFixed(2)}/${found.p95.toFixed(2)}` : '-';
  return [text(during(entries, 'rest')), text(during(entries, 'edge')), ratios(entries).join('/')];
}

/** Of median and p95, during the edge to at rest. */
function ratios(entries: readonly Entry[]): [string, string] {
  const [rest, edge] = [during(entries, 'rest'), during(entries, 'edge')];
  return [ratio(edge?.median, rest?.median), ratio(edge?.p95, rest?.p95)];
}

/** Lines that name what should not be, a few of each kind. */
function faults({ lost, bounced, doubled, astray, waiting }: Account): string[] {
  const time = (at: number): string => new Date(at).toISOString().slice(11, 23);
  const kinds: [string, readonly Entry[]][] = [
    ['lost', lost],
    ['bounced', bounced],
    ['doubled', doubled],
    ['astray', astray],
    ['waiting', waiting],
  ];
  return kinds.flatMap(([kind, entries]) =>
    entries.slice(0, listed).map(({ correlation, path, begun, arrivals, explained }) => {
      const came = arrivals.map(({ at, way }) => `, came ${time(at)} ${way}`).join('');
      const why = explained === undefined ? '' : `, because: ${explained}`;
      return `  ${kind}: ${correlation}, ${path}, sent ${time(begun)}${came}${why}\n`;
    }),
  );
}
