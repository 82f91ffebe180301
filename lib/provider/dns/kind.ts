import type { Diagnostic } from '../definition.js';
import type { BlockSchema, Value } from '../served.js';
import type { RecordData, RecordType } from '../targets/dns/rdata.js';

/** What differs between the record sets served here; everything else is resource.ts. */
export interface RecordSetKind {
  type: RecordType;
  schema: BlockSchema;
  /** The attribute or block that holds the records. */
  attribute: 'mx' | 'txt';
  /** Whether a fully qualified name can have such records. */
  isName: (name: string) => boolean;
  /** Offline. What is unknown yet is passed over. */
  check(value: Value): Diagnostic[];
  /** Of a value that is known and checked. */
  decode(value: Value): RecordData[];
  /** Back to a value; equal records keep the spelling of the previous one. */
  encode(data: readonly RecordData[], previous: Value): Value;
  /** Whose the live records are, seen from what was declared. */
  share(live: readonly RecordData[], declared: readonly RecordData[]): Share;
  /** Whether a set that holds only records of others may get ours as well. */
  addsToOthers: boolean;
  /** What a declared record adds to one of ours that is live and takes nothing from; empty: it is another. */
  added(live: RecordData, declared: RecordData): string[];
  /** What an import takes over: nothing is declared yet. */
  imported(live: readonly RecordData[]): RecordData[];
  /** Why these records may not be live together. */
  together(data: readonly RecordData[]): string | undefined;
}

export interface Share {
  ours: RecordData[];
  /** Stay as they are in every write and are never in the state. */
  others: RecordData[];
}
