import type { Municipality, StageNumber } from '../config/municipality.js';
import { expectedWay, pathNames, wayOf, type Hop, type PathName } from './paths.js';
import type { Rehearsal } from './running.js';
import { textTable } from './text-table.js';

/** One cell of the table of stages, tried with a real mail. */
export interface Cell {
  path: PathName;
  from: string;
  to: string;
  way: string;
  expectedWay: string;
  hops: Hop[];
  seconds: number;
  /** Everything was as it must be. */
  expected: boolean;
  /** If it was not: what is known. */
  why?: string;
}

type Senders = Pick<Rehearsal, 'layout' | 'send'>;

/** Sends one mail on every path and for every domain at the same time, and compares the ways with the table of stages. */
export async function tryPaths(
  rehearsal: Senders,
  municipality: Municipality,
  stage: StageNumber,
  paths: readonly PathName[] = pathNames,
): Promise<Cell[]> {
  const { id, domains, routing } = municipality;
  const cell = async (path: PathName, domain: string): Promise<Cell> => {
    const ends = path.split(' → ') as [string, string];
    const [from, to] = ends.map((name) => (name === 'municipality' ? id : name)) as [string, string];
    const [sender, recipient] = ends.map((name) => (name === 'municipality' ? domain : name)) as [
      string,
      string,
    ];
    const { delivered, hops, seconds, why } = await rehearsal.send({ from: sender, to: recipient });
    const way = delivered ? wayOf(hops, { from, to }) : 'not delivered';
    const wanted = expectedWay(path, stage, routing);
    const open = hops.filter((hop) => !hop.tls && mustEncrypt(hop, municipality));
    const title = (host: string, name: string): string =>
      host === id && domains.length > 1 ? name : titleOf(rehearsal, host);
    return {
      path,
      from: title(from, sender),
      to: title(to, recipient),
      way,
      expectedWay: wanted,
      hops,
      seconds,
      expected: way === wanted && open.length === 0,
      ...(why === undefined ? {} : { why }),
    };
  };
  return Promise.all(paths.flatMap((path) => domains.map(({ name }) => cell(path, name))));
}

/** Every server of the rehearsal offers TLS, but that of a municipality for which the file says `tls: may`. */
const mustEncrypt = (hop: Hop, { id, tls }: Municipality): boolean => hop.host !== id || tls === 'encrypt';

const titleOf = (rehearsal: Senders, name: string): string =>
  rehearsal.layout.parties.find((party) => party.name === name)?.title ?? name;

/** The cells as a table for people: who to whom, over which hops, with TLS or not, as expected or not. */
export function cellTable(cells: readonly Cell[]): string {
  const head = ['from', 'to', 'came by (Received)', 'TLS', 'way', 'as expected'];
  const rows = cells.map(({ from, to, hops, way, expectedWay: wanted, expected, seconds }) => [
    from,
    to,
    hops.map((hop) => `[${hop.from}] → ${hop.host}`).join(' → ') || '-',
    hops.map(({ tls }) => (tls ? 'yes' : 'no')).join(', ') || '-',
    way,
    expected ? `yes (${seconds.toFixed(1)} s)` : way === wanted ? 'NO: without TLS' : `NO: ${wanted}`,
  ]);
  return textTable(head, rows);
}
