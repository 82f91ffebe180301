import type { FarEnds, LiveElements } from '../definition.js';
import { liveElements } from '../live.js';

/** Something held because it may still be used, from when until when at least. Times are RFC 3339, UTC. */
export interface Hold {
  readonly id: string;
  readonly since: string;
  readonly until: string;
}

/** As it was recorded. */
export interface RecordedHold extends Hold {
  /** When it was first recorded: a file that was deployed late must not shorten the time. */
  readonly recordedAt: string;
}

/** What the register says of a municipality. */
export interface Reached {
  /** Whether anything was. */
  recorded: boolean;
  /** 0 as long as nothing was recorded. */
  stage: number;
  /** When the last deploy was, RFC 3339 UTC; undefined: nothing was recorded. */
  recordedAt: string | undefined;
  declares: ReadonlySet<string>;
  holds: readonly RecordedHold[];
}

export const stagesMap = 'stages';
export const declaresMap = 'declares';
export const holdsMap = 'holds';

/** The stage reached is looked up where it is recorded, never in a state, which may be lost or advance too early. */
export const readReached = async (farEnds: FarEnds, municipality: string): Promise<Reached> =>
  reachedIn(await liveElements(farEnds.targets({ kind: 'register' })), municipality);

export function reachedIn(live: LiveElements, municipality: string): Reached {
  const row = (map: string): readonly string[] => live.get(map, [municipality])?.value ?? [];
  const [stage, recordedAt] = row(stagesMap);
  return {
    recorded: stage !== undefined,
    stage: Number(stage ?? 0),
    recordedAt,
    declares: new Set(row(declaresMap)),
    holds: parseHolds(row(holdsMap)),
  };
}

/** Other names under which the register still declares something for an owner. */
export async function otherNamesOf(
  owner: string,
  municipality: string,
  farEnds: FarEnds,
): Promise<{ name: string; stage: number }[]> {
  const live = await liveElements(farEnds.targets({ kind: 'register' }));
  return live.all
    .filter(({ map, key: [name], owner: of }) => map === stagesMap && of === owner && name !== municipality)
    .map(({ key: [name = ''] }) => ({ name, reached: reachedIn(live, name) }))
    .filter(({ reached }) => reached.declares.size > 0)
    .map(({ name, reached: { stage } }) => ({ name, stage }));
}

export const formatHolds = (holds: readonly RecordedHold[]): string[] =>
  holds.flatMap(({ id, since, until, recordedAt }) => [id, since, until, recordedAt]);

function parseHolds([
  id,
  since = '',
  until = '',
  recordedAt = '',
  ...rest
]: readonly string[]): RecordedHold[] {
  return id === undefined ? [] : [{ id, since, until, recordedAt }, ...parseHolds(rest)];
}

/** Milliseconds for which something is held, whenever that begins. */
export const lengthOf = ({ since, until }: Hold): number => Date.parse(until) - Date.parse(since);

/** As planned, and never shorter than planned: counted from its recording, if that came late. */
export const earliestEnd = (hold: RecordedHold): Date =>
  new Date(Math.max(Date.parse(hold.until), Date.parse(hold.recordedAt) + lengthOf(hold)));
