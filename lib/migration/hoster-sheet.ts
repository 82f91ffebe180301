import type { Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import type { DesiredState } from './elements.js';
import { relayOf } from './site.js';
import { withRelay } from './spf.js';

/** A record set that a municipality's hoster writes, as it is to be. */
export interface HosterRecord {
  domain: string;
  zone: string;
  type: 'MX' | 'TXT';
  ttl: number;
  /** As a zone file has it: `10 mx1.relay.example.`, or the SPF string without quotes. Sorted. */
  data: string[];
  /** An MX that names the relay, which must take the mail before. */
  towardsRelay: boolean;
}

/** What one authoritative server says now. */
export interface HosterAnswer {
  /** Address, or the name where it has none. */
  server: string;
  ttl: number;
  /** Of the MX, or of the SPF strings; sorted. Empty: there is none. */
  data: string[];
  /** Why nothing is known, in an engineer's words; then the rest says nothing. */
  problem?: string;
  /** The same in kind, for the sheet. @default silent */
  fault?: 'silent' | 'failure' | 'zone' | 'no-address' | 'no-server';
}

/** A record set with what is there now. */
export interface HosterRow {
  record: HosterRecord;
  answers: HosterAnswer[];
  /**
   * `early`: an MX that names the relay before it may. `ttl`: as it is to be, but for a TTL that is still too high.
   * `foreign`: to be changed, but there is something that the file does not know, and that would go.
   */
  state: 'done' | 'change' | 'ttl' | 'unknown' | 'early' | 'foreign';
  /** Hosts of the MX, or terms of SPF, that are neither the file's nor the relay's. */
  foreign: string[];
  /** Other names that its MX has for the relay. */
  otherNames: readonly string[];
}

/** Every record set of the desired state that only the hoster can write. */
export function hosterRecords(
  { mxRecordSets, spfRecordSets }: DesiredState,
  m: Municipality,
  p: Platform,
): HosterRecord[] {
  const relay = relayHosts(m, p);
  const mx = mxRecordSets.map(
    ({ domain, zone, writer, ttl, records }): HosterRecord & { writer: string } => ({
      ...{ domain, zone, writer, ttl, type: 'MX' },
      data: records.map(({ preference, host }) => `${preference} ${host}.`).sort(),
      towardsRelay: records.some(({ host }) => relay.includes(host)),
    }),
  );
  const spf = spfRecordSets.map(
    ({ domain, zone, writer, ttl, value }): HosterRecord & { writer: string } => ({
      ...{ domain, zone, writer, ttl, type: 'TXT' },
      data: [value],
      towardsRelay: false,
    }),
  );
  return [...mx, ...spf]
    .filter(({ writer }) => writer === 'hoster')
    .map(({ domain, zone, type, ttl, data, towardsRelay }) => ({
      domain,
      zone,
      type,
      ttl,
      data,
      towardsRelay,
    }));
}

/**
 * How far the hoster is with a record set.
 * @param otherNames in its MX that lead to the relay, without trailing dot
 */
export function hosterRow(
  record: HosterRecord,
  answers: HosterAnswer[],
  otherNames: readonly string[],
  m: Municipality,
  p: Platform,
): HosterRow {
  const relay = [...relayHosts(m, p), ...otherNames];
  const found = stateOf(record, answers, relay);
  const foreign = foreignIn(record, answers, relay, m, p);
  const state = found === 'change' && foreign.length > 0 ? 'foreign' : found;
  return { record, answers, state, foreign, otherNames };
}

/** What stands there is not known: what is to stand there is said all the same, as on the day when it is needed. */
export const nobodyAnswers = ({ state, answers }: HosterRow): boolean =>
  state === 'unknown' && answers.every(({ problem }) => problem !== undefined);

/**
 * Whether the sheet tells the hoster to write it.
 * @param back domains that go back: their MX names the relay by right until now
 */
export const isInstructed = (row: HosterRow, back: readonly string[]): boolean =>
  row.state === 'change' ||
  row.state === 'ttl' ||
  (row.state === 'early' && back.includes(row.record.domain)) ||
  nobodyAnswers(row);

/** Whether the MX names the relay before it may, of a domain that does not go back. */
export const isAlarm = ({ state, record }: HosterRow, back: readonly string[]): boolean =>
  state === 'early' && !back.includes(record.domain);

/** Whoever was added at the hoster since the file was written must not go unseen: mail of theirs would be refused. */
function foreignIn(
  { domain: name, type, data }: HosterRecord,
  answers: readonly HosterAnswer[],
  relay: readonly string[],
  m: Municipality,
  p: Platform,
): string[] {
  const domains = m.domains.filter((one) => one.name === name);
  const hosts = [...relay, ...domains.flatMap(({ mx }) => mx.records.map(({ host }) => host))];
  const spf = domains.map((domain) => withRelay(domain.spf?.value ?? '', relayOf(m, p).spf, name, m.domains));
  const texts = [...data, ...relayOf(m, p).spf, ...spf];
  const known = new Set([...hosts.map((host) => `${host}.`), ...texts.flatMap((text) => text.split(' '))]);
  const shown = answers.flatMap((answer) => answer.data).flatMap((text) => termsOf(type, text));
  return [...new Set(shown)].filter((term) => !known.has(term)).sort();
}

const termsOf = (type: HosterRecord['type'], text: string): string[] =>
  type === 'MX' ? text.split(' ').slice(1) : text.split(' ').filter((term) => term !== '');

function stateOf(
  record: HosterRecord,
  answers: readonly HosterAnswer[],
  relay: readonly string[],
): HosterRow['state'] {
  const known = answers.filter(({ problem }) => problem === undefined);
  const namesRelay = ({ data }: HosterAnswer): boolean =>
    data.some((text) => relay.some((host) => text.endsWith(` ${host}.`)));
  if (record.type === 'MX' && !record.towardsRelay && known.some(namesRelay)) return 'early';
  if (known.some(({ data }) => !isSame(data, record))) return 'change';
  // A lower TTL than instructed does no harm.
  if (known.some(({ ttl }) => ttl > record.ttl)) return 'ttl';
  return known.length < answers.length || answers.length === 0 ? 'unknown' : 'done';
}

const isSame = (data: readonly string[], record: HosterRecord): boolean =>
  data.join('\n') === record.data.join('\n');

/** Names that the relay's own MX has, without trailing dot. */
export const relayHosts = (m: Municipality, p: Platform): string[] =>
  relayOf(m, p).mx.records.map(({ host }) => host);
