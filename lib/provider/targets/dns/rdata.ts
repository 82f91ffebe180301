/** The data of one record, as on the wire. */
export type RecordData =
  | { type: 'MX'; preference: number; /** Fully qualified, with its dot. */ exchange: string }
  | {
      type: 'TXT';
      /** The character-strings of RFC 1035 3.3.14, 255 bytes each at most. */ strings: Buffer[];
    };

export type RecordType = RecordData['type'];

/** All records of one name and type. A set without records does not exist. */
export interface RecordSet {
  ttl: number;
  data: RecordData[];
}

const longestString = 255;

/** A text as TXT data: longer ones in several strings, which readers join again (RFC 7208 3.3). */
export function txtData(text: string): RecordData {
  const bytes = Buffer.from(text, 'utf8');
  const strings: Buffer[] = [];
  for (let at = 0; at < bytes.length || strings.length === 0; at += longestString)
    strings.push(bytes.subarray(at, at + longestString));
  return { type: 'TXT', strings };
}

/** The text that readers see. Bytes that are no UTF-8 become replacement characters: for display only. */
export const txtText = (strings: readonly Buffer[]): string => Buffer.concat(strings).toString('utf8');

/**
 * Presentation format for nsupdate. Every byte of a text but letters, digits and a few signs is written as
 * `\DDD` (RFC 1035 5.1), so that no value can end its quotes, its line or its command.
 */
export function presentation(data: RecordData): string {
  switch (data.type) {
    case 'MX':
      return `${data.preference} ${data.exchange}`;
    case 'TXT':
      return data.strings.map((string) => `"${escaped(string)}"`).join(' ');
  }
}

const plain = /[A-Za-z0-9 =:._~+/-]/;

const escaped = (string: Buffer): string =>
  [...string]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return plain.test(char) ? char : `\\${byte.toString().padStart(3, '0')}`;
    })
    .join('');

/** Equal keys mean equal data to whoever reads the record: case of names and division of texts do not count. */
export function dataKey(data: RecordData): string {
  switch (data.type) {
    case 'MX':
      return `MX ${data.preference} ${data.exchange.toLowerCase()}`;
    case 'TXT':
      return `TXT ${Buffer.concat(data.strings).toString('hex')}`;
  }
}

export const sameData = (a: readonly RecordData[], b: readonly RecordData[]): boolean =>
  JSON.stringify(a.map(dataKey).sort()) === JSON.stringify(b.map(dataKey).sort());

export const sameSet = (a: RecordSet | undefined, b: RecordSet | undefined): boolean =>
  a === undefined || b === undefined ? a === b : a.ttl === b.ttl && sameData(a.data, b.data);

/** For messages: one line, in a fixed order, control characters escaped. */
export const describeSet = (set: RecordSet | undefined): string =>
  set === undefined
    ? 'nothing'
    : `${set.data
        .map((data) => (data.type === 'MX' ? presentation(data) : JSON.stringify(txtText(data.strings))))
        .sort()
        .join(', ')} with TTL ${set.ttl}`;
