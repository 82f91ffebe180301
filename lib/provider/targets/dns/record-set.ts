import { DnsError } from './fault.js';
import { query, serverTitle, type DnsServerAddress } from './query.js';
import { describeSet, sameSet, type RecordSet, type RecordType } from './rdata.js';
import { PrerequisiteError, sendUpdate, type Replacement, type UpdateServer } from './update.js';

/** Somebody changed the set since it was looked at. Nothing was written. */
export class RecordSetConflict extends DnsError {
  override name = 'RecordSetConflict';
  constructor(
    server: DnsServerAddress,
    change: Pick<Replacement, 'name' | 'type'>,
    expected: RecordSet | undefined,
    readonly found: RecordSet | undefined,
  ) {
    super(
      'conflict',
      `${change.type} of ${change.name} on ${serverTitle(server)} is not what the plan saw: expected ${describeSet(expected)}, found ${describeSet(found)}`,
      'Nothing was written. Find out who changed it, then plan again: the plan shows what is there now.',
    );
  }
}

/** What the primary itself holds. @returns undefined when there is nothing */
export async function readRecordSet(
  server: DnsServerAddress,
  name: string,
  type: RecordType,
): Promise<RecordSet | undefined> {
  const answer = await query(server, name, type);
  if (!answer.authoritative)
    throw new DnsError(
      'not-authoritative',
      `${serverTitle(server)} answers for ${name} without authority: it does not hold the zone`,
      "Name the zone's primary server in the configuration, not a resolver.",
    );
  return answer.set;
}

/**
 * Compare and swap of a whole set, data and TTL, in one message: the old set and the new one, never none.
 * The server compares the data while it writes; TTLs it cannot compare, they are read just before.
 * @throws RecordSetConflict when the live set is not the expected one
 */
export async function replaceRecordSet(server: UpdateServer, change: Replacement): Promise<void> {
  if (change.wanted.data.length === 0) throw new Error(`an empty ${change.type} set is never written`);
  const read = (): Promise<RecordSet | undefined> => readRecordSet(server, change.name, change.type);
  const live = await read();
  if (sameSet(live, change.wanted)) return;
  if (!sameSet(live, change.expected)) throw new RecordSetConflict(server, change, change.expected, live);
  try {
    // The prerequisite wants the live bytes: equal texts may be divided otherwise than ours.
    await sendUpdate(server, { ...change, expected: live });
  } catch (error) {
    if (error instanceof PrerequisiteError) {
      const now = await read();
      // An answer can get lost, and what was sent again then met its own work.
      if (sameSet(now, change.wanted)) return;
      throw new RecordSetConflict(server, change, change.expected, now);
    }
    if (sameSet(await read().catch(() => undefined), change.wanted)) return;
    throw error;
  }
  const now = await read();
  if (!sameSet(now, change.wanted))
    throw new DnsError(
      'conflict',
      `${serverTitle(server)} took the change of the ${change.type} of ${change.name}, but holds ${describeSet(now)} instead of ${describeSet(change.wanted)}`,
      'Either somebody changed it at the same moment, or this server only forwards updates: name the primary. Then plan again.',
    );
}
