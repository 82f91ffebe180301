import { cellTable, type Cell } from './cells.js';
import type { Rehearsal } from './running.js';

/** Where a rehearsal tells what it does; the command line's own Io is one. */
export interface Reporter {
  /** Results. */
  out(text: string): void;
  /** A step that may take long. */
  step<T>(title: string, work: (say: (detail: string) => void) => Promise<T>): Promise<T>;
}

/** What was seen after one deploy. */
export interface Edge {
  title: string;
  cells: Cell[];
  /** What the engine still planned; undefined: nothing. */
  planned: string | undefined;
  seconds: number;
}

export const isAsExpected = ({ cells, planned }: Edge): boolean =>
  planned === undefined && cells.every(({ expected }) => expected);

export function edgeText({ title, cells, planned, seconds }: Edge): string {
  const plan = planned === undefined ? 'the plan after it is empty' : 'THE PLAN AFTER IT IS NOT EMPTY';
  const unknown = cells.flatMap(({ expected, why }) => (expected || why === undefined ? [] : [why]));
  return [
    `\n${title} (${seconds.toFixed(1)} s; ${plan})\n`,
    cellTable(cells),
    ...[planned ?? [], unknown].flat().map((text) => `${text}\n`),
  ].join('');
}

/** Everything that a journey saw. */
export interface Seen {
  edges: Edge[];
  /** What is not as it was before the migration, if the way back was taken. */
  notRestored: string[];
}

export const passed = ({ edges, notRestored }: Seen): boolean =>
  edges.every(isAsExpected) && notRestored.length === 0;

export function summary(seen: Seen, seconds: number): string {
  const { edges, notRestored } = seen;
  const cells = edges.flatMap((edge) => edge.cells);
  const good = cells.filter(({ expected }) => expected).length;
  const plans = edges.filter(({ planned }) => planned === undefined).length;
  const bad = edges.filter((edge) => !isAsExpected(edge)).map(({ title }) => title);
  return [
    `\n${good} of ${cells.length} mails came as expected, ${plans} of ${edges.length} plans were empty, in ${Math.round(seconds)} s.\n`,
    ...(bad.length > 0 ? [`Not as expected: ${bad.join('; ')}.\n`] : []),
    ...notRestored.map((text) => `Not as before: ${text}\n`),
    ...(passed(seen) ? ['Everything was as expected.\n'] : []),
  ].join('');
}

export function howToLookAround({ id, runDir, env }: Rehearsal, municipality: string): string {
  return `
Rehearsal ${id} goes on. To look around:
  sh ${runDir}/enter relay postqueue -p         a command on a host; without one a shell
  sh ${runDir}/enter gateway nft list ruleset
  sh ${runDir}/enter dns knotc zone-read --
  . ${runDir}/env                               then: npx mailversand diff ${municipality}
The working copy of its file, which stage and deploy then use:
  ${env['MAILVERSAND_MUNICIPALITIES'] ?? ''}/${municipality}.yaml
To take it down:
  npx mailversand rehearsal stop ${id}
`;
}
