import { unknown, type Value } from '../served.js';
import { isDomainName } from '../targets/dns/names.js';
import { dataKey, txtData, txtText, type RecordData } from '../targets/dns/rdata.js';
import { problem } from './diagnostics.js';
import type { RecordSetKind } from './kind.js';
import { txtSchema } from './schema.js';
import { isSpf, permittedBeside, spfProblems } from './spf.js';

/** More than any use of TXT needs; a DNS message ends at 65,535 bytes. */
const longestText = 16_384;

/**
 * Many parties write TXT at a domain's name: only the declared texts are ours. An SPF record is ours as soon as
 * one is declared, also when it was changed by hand: there can be only one.
 */
export const txtKind: RecordSetKind = {
  type: 'TXT',
  schema: txtSchema,
  attribute: 'txt',
  isName: isDomainName,
  check(value) {
    if (value === unknown) return [];
    const known = texts(value);
    if (Array.isArray(value) && value.length === 0)
      return [
        problem(
          'dns-txt-empty',
          'a TXT set without texts is never written',
          'Declare a text, or remove the resource: what is live stays.',
          'txt',
        ),
      ];
    const spf = known.filter(isSpf);
    return [
      ...known
        .filter((text) => Buffer.byteLength(text) > longestText)
        .map((text) =>
          problem(
            'dns-txt-length',
            `a text of ${Buffer.byteLength(text)} bytes is too long`,
            `At most ${longestText} bytes.`,
            'txt',
          ),
        ),
      ...(spf.length > 1
        ? [
            problem(
              'dns-spf',
              `${spf.length} records begin with v=spf1: ${spf.map((text) => JSON.stringify(text)).join(', ')}`,
              secondSpf,
              'txt',
            ),
          ]
        : []),
      ...spf.flatMap((text) =>
        spfProblems(text).map((what) =>
          problem(
            'dns-spf',
            `${JSON.stringify(text)} is not a valid SPF record: ${what}`,
            'Receivers answer such a record with permerror (RFC 7208 4.6). Correct it.',
            'txt',
          ),
        ),
      ),
    ];
  },
  decode: (value) => texts(value).map(txtData),
  encode: (data) => data.map(textOf),
  share(live, declared) {
    const keys = new Set(declared.map(dataKey));
    const spfs = live.filter((one) => isSpf(textOf(one)));
    const edited =
      declared.some((one) => isSpf(textOf(one))) &&
      !spfs.some((one) => keys.has(dataKey(one))) &&
      spfs.length === 1
        ? spfs[0]
        : undefined;
    const isOurs = (one: RecordData): boolean => keys.has(dataKey(one)) || one === edited;
    return { ours: live.filter(isOurs), others: live.filter((one) => !isOurs(one)) };
  },
  addsToOthers: true,
  added: (live, declared) => {
    const [before, after] = [textOf(live), textOf(declared)];
    return isSpf(before) && isSpf(after) ? permittedBeside(before, after) : [];
  },
  imported: (live) => live.filter((one) => isSpf(textOf(one))),
  together(data) {
    const spf = data.map(textOf).filter(isSpf);
    return spf.length > 1
      ? `there would be ${spf.length} SPF records: ${spf.map((text) => JSON.stringify(text)).join(', ')}`
      : undefined;
  },
};

/** Also the remedy where the second one is live already. */
export const secondSpf =
  'Two SPF records are a permanent error for every receiver (RFC 7208 4.5). Keep one: join their mechanisms, and remove the other where it was written.';

const texts = (value: Value): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

export const textOf = (data: RecordData): string => (data.type === 'TXT' ? txtText(data.strings) : '');
