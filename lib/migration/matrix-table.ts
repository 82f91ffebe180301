import { changes } from './changes.js';
import type { DesiredState, MatrixEntry } from './elements.js';
import { stageOfDirection } from './flows.js';
import { keys } from './kinds.js';
import type { EnteredStage } from './stages.js';

/** A row of the Freischaltungsmatrix as people read it; the fields are its columns, in their order. */
export interface MatrixRow {
  number: number;
  direction: MatrixEntry['direction'];
  source: string;
  destination: string;
  service: string;
  purpose: string;
  /** Name and AGS. */
  municipality: string;
  order: string;
  /** YYYY-MM-DD, or empty: not approved yet. */
  approvedOn: string;
  /** YYYY-MM-DD, or empty: without an end. */
  validUntil: string;
  /** The stage that brings it. */
  stage: EnteredStage;
  /** What the edge does to it. */
  change: 'bleibt' | 'neu' | 'entfällt';
}

/**
 * The rows of the present stage and of an edge to another: what is there before or after it. Incoming rows
 * come first. Without an edge pass the same state twice.
 */
export function matrixRows(before: DesiredState, after: DesiredState, name: string): MatrixRow[] {
  const edge = changes(before, after);
  const ids = (list: { id: string }[]) => new Set(list.map(({ id }) => id));
  const [added, removed] = [ids(edge.added), ids(edge.removed)];
  const entries = [...after.matrix, ...before.matrix.filter((entry) => removed.has(idOf(entry)))];
  return entries
    .sort((a, b) => Number(orderOf(a) > orderOf(b)) - Number(orderOf(a) < orderOf(b)))
    .map((entry, i) => ({
      number: i + 1,
      direction: entry.direction,
      source: entry.source,
      destination: entry.destination,
      service: entry.service,
      purpose: entry.purpose,
      municipality: `${name} (${entry.municipality})`,
      order: entry.order,
      approvedOn: entry.approval,
      validUntil: entry.validUntil ?? '',
      stage: stageOfDirection[entry.direction],
      change: added.has(idOf(entry)) ? 'neu' : removed.has(idOf(entry)) ? 'entfällt' : 'bleibt',
    }));
}

const idOf = (entry: MatrixEntry): string => `matrix_entry:${keys.matrixEntry(entry).join('/')}`;

const orderOf = (entry: MatrixEntry): string => `${stageOfDirection[entry.direction]} ${idOf(entry)}`;
