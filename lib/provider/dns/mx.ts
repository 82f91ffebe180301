import type { Diagnostic } from '../definition.js';
import { unknown, type Value, type ValueObject } from '../served.js';
import { isHostName } from '../targets/dns/names.js';
import { dataKey, type RecordData } from '../targets/dns/rdata.js';
import { problem, shown } from './diagnostics.js';
import type { RecordSetKind } from './kind.js';
import { mxSchema } from './schema.js';

/** All MX records of a name are one decision: a live one that is not declared is a different set. */
export const mxKind: RecordSetKind = {
  type: 'MX',
  schema: mxSchema,
  attribute: 'mx',
  isName: isHostName,
  check(value) {
    if (value === unknown) return [];
    const records = objects(value);
    if (records.length === 0)
      return [
        problem(
          'dns-mx-empty',
          'an MX set without records is never written',
          'Without an MX, senders fall back to the address of the domain itself (RFC 5321 5.1). Declare at least one mx block; to give the set up, remove the resource: it is released and stays live.',
          'mx',
        ),
      ];
    const known = records.filter((record) => !Object.values(record).includes(unknown));
    const keys = known.map((record) => dataKey(toData(record)));
    return [
      ...known.flatMap(checkRecord),
      ...[...new Set(keys.filter((key, at) => keys.indexOf(key) < at))].map((key) =>
        problem(
          'dns-mx-twice',
          `${key} is declared twice`,
          'Names are equal whatever their case. Declare it once.',
          'mx',
        ),
      ),
    ];
  },
  decode: (value) => objects(value).map(toData),
  encode: (data, previous) =>
    data.map(
      (one) =>
        objects(previous).find((record) => dataKey(toData(record)) === dataKey(one)) ??
        (one.type === 'MX' ? { preference: one.preference, exchange: one.exchange } : {}),
    ),
  share: (live) => ({ ours: [...live], others: [] }),
  addsToOthers: false,
  added: () => [],
  imported: (live) => [...live],
  together: () => undefined,
};

const objects = (value: Value): ValueObject[] =>
  Array.isArray(value)
    ? value.filter(
        (one): one is ValueObject => typeof one === 'object' && one !== null && !Array.isArray(one),
      )
    : [];

const toData = ({ preference, exchange }: ValueObject): RecordData => ({
  type: 'MX',
  preference: Number(preference),
  exchange: shown(exchange),
});

function checkRecord({ preference, exchange }: ValueObject): Diagnostic[] {
  const problems: Diagnostic[] = [];
  if (typeof preference !== 'number' || !Number.isInteger(preference) || preference < 0 || preference > 65535)
    problems.push(
      problem(
        'dns-mx-preference',
        `preference ${shown(preference)} is not a whole number from 0 to 65535`,
        'RFC 1035 3.3.9.',
        'mx',
      ),
    );
  if (exchange === '.')
    problems.push(
      problem(
        'dns-mx-exchange',
        'the exchange "." says that the domain takes no mail at all (RFC 7505)',
        'That is never what a municipality with mail means. Declare the host that takes its mail.',
        'mx',
      ),
    );
  else if (typeof exchange !== 'string' || !isHostName(exchange))
    problems.push(
      problem(
        'dns-mx-exchange',
        `exchange ${JSON.stringify(exchange)} is not a fully qualified host name`,
        'Allowed are letters, digits and hyphens in labels of up to 63 characters, with a dot at the end, e.g. "mx1.relay.example."; never an address (RFC 5321 2.3.5).',
        'mx',
      ),
    );
  return problems;
}
