import { isIPv4 } from 'node:net';

/** Says what is allowed, if a value is not of the canonical form; nothing otherwise. */
type Check<T> = (value: T) => string | undefined;

const matching =
  (pattern: RegExp, allowed: string): Check<string> =>
  (value) =>
    pattern.test(value) ? undefined : allowed;

const whole =
  (first: number, last: number): Check<number> =>
  (value) =>
    Number.isInteger(value) && value >= first && value <= last
      ? undefined
      : `allowed is a whole number from ${first} to ${last}`;

// Canonical forms only, because the far end answers in them and the engine compares; and tight ones, because
// what gets through here goes into nft, Postfix maps and a shell's reading.

export const address: Check<string> = (value) =>
  isIPv4(value)
    ? undefined
    : 'allowed is an IPv4 address in dotted decimal without leading zeros, as 10.64.0.10';

export const port = whole(1, 65535);

/** A limit of size at the relay: below 13 MB it looks nothing up (templates/relay/mailversand-sizes), above 100 it takes nothing. */
export const messageSize = whole(13_631_488, 104_857_600);

export const stageNumber = whole(0, 4);

/** RFC 2181 8. */
export const ttl = whole(0, 2 ** 31 - 1);

export const protocol: Check<string> = (value) => (value === 'tcp' ? undefined : 'allowed is tcp');

/** Linux: 15 bytes. */
export const link = matching(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/,
  'allowed is an interface name: letters, digits, dot, hyphen and underscore, at most 15',
);

/** Of packets, connections and conntrack zones, of which the last have 16 bits; 0 is the Landesnetz's own. */
export const mark: Check<string> = (value) =>
  /^[1-9][0-9]{0,4}$/.test(value) && Number(value) <= 0xffff
    ? undefined
    : 'allowed is a whole number from 1 to 65535';

/** Of a gateway, a relay or a municipality in the project's files. */
export const name = matching(
  /^[a-z][a-z0-9-]{0,62}$/,
  'allowed is a name of lower case letters, digits and hyphens that begins with a letter, at most 63',
);

const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const domainPattern = new RegExp(`^(?=.{1,253}$)${label}(\\.${label})+$`);

export const domain = matching(
  domainPattern,
  'allowed is a domain in lower case without a trailing dot, umlauts in their xn-- form, as stadt.example',
);

export const owner = matching(/^[0-9]{8}$/, 'allowed is an AGS: 8 digits');

export const orderReference = matching(
  /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/,
  'allowed are letters, digits, dot, colon, slash, hyphen and underscore, at most 64',
);

/** Part of an id, so without a slash. */
export const entry = matching(
  /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/,
  'allowed are letters, digits, dot, colon, hyphen and underscore, at most 128',
);

export const date: Check<string> = (value) =>
  /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) && sameDay(value)
    ? undefined
    : 'allowed is a day that exists, as 2026-03-31';

/** Date.parse takes 2026-02-30 for 2 March. */
const sameDay = (value: string): boolean => new Date(value).toISOString().startsWith(value);

/** A decision of a person: when and under which reference. */
export const decision: Check<string> = (value) => {
  const [day = '', reference = '', ...more] = value.split(' ');
  return more.length > 0 || date(day) !== undefined || orderReference(reference) !== undefined
    ? 'allowed is a day and a reference, as 2026-03-31 FS-2026-0001'
    : undefined;
};

export const text: Check<string> = (value) =>
  /^[\p{L}\p{N}\p{P}\p{S}\p{Zs}]{0,256}$/u.test(value)
    ? undefined
    : 'allowed is one line of printable text, at most 256 characters';

export const oneOf = (...allowed: string[]): Check<string> =>
  matching(new RegExp(`^(${allowed.join('|')})$`), `allowed is ${allowed.join(' or ')}`);

export const digest = matching(/^[0-9a-f]{64}$/, 'allowed is a SHA-256 in lower case hexadecimal');

export const testDigest = matching(/^[0-9a-f]{32}$/, 'allowed are 32 hexadecimal digits in lower case');

export const nextHop = matching(
  new RegExp(`^\\[(${domainPattern.source.slice(1, -1)}|[0-9.]{7,15})\\]:[0-9]{1,5}$`),
  'allowed is [address]:port, as [10.64.0.20]:25',
);

/** Every item passes, and the message names the first that does not. */
export const each =
  <T>(check: Check<T>): Check<readonly T[]> =>
  (values) =>
    first(values, (value) => complaint(value, check));

export const nonEmpty =
  <T>(check: Check<readonly T[]>): Check<readonly T[]> =>
  (values) =>
    values.length === 0 ? 'allowed is at least one' : check(values);

export const eachEntry =
  (key: Check<string>, value: Check<string>): Check<Readonly<Record<string, string>>> =>
  (entries) =>
    first(Object.entries(entries), ([k, v]) => complaint(k, key) ?? complaint(v, value));

const complaint = <T>(value: T, check: Check<T>): string | undefined => {
  const wrong = check(value);
  return wrong === undefined ? undefined : `${JSON.stringify(value)}: ${wrong}`;
};

function first<T>(values: readonly T[], find: (value: T) => string | undefined): string | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
