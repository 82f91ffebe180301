import { matches } from '../../targets/dns/tlsa.js';
import { shownNow, type Cutover, type CutoverRule } from './cutover.js';

export const noAlias: CutoverRule = {
  id: 'gate-alias',
  why: 'A name that is an alias (CNAME) has no MX of its own: the one written there is never found (RFC 1034 3.6.2).',
  towards: 'relay',
  summary: 'the name is an alias',
  remedy: 'Have the CNAME removed and the records of its target written at the name itself.',
  check: (cutover) =>
    shownNow(cutover, 'MX')
      .filter(({ data }) => /^CNAME /m.test(data))
      .map(({ server, data }) => `${server} shows ${data.replaceAll('\n', ', ')}`),
};

export const noNullMx: CutoverRule = {
  id: 'gate-null-mx',
  why: 'A null MX says that the domain takes no mail: senders bounce at once (RFC 7505).',
  towards: 'relay',
  summary: 'the zone says that it takes no mail',
  remedy:
    'Find out who wrote the null MX and whether the domain is meant to have mail at all; have it removed.',
  check: (cutover) =>
    shownNow(cutover, 'MX')
      .filter(({ data }) => /^\d+ \.$/m.test(data))
      .map(({ server, data }) => `${server} shows ${data.replaceAll('\n', ', ')}`),
};

export const tlsaMatches: CutoverRule = {
  id: 'gate-tlsa',
  why: 'A sender that knows DANE delivers nothing to a server whose certificate does not match its TLSA record.',
  towards: 'relay',
  summary: 'a TLSA record of a new mail host does not match its certificate',
  remedy:
    'Publish the record of the certificate that is shown now and let it age, or remove the record: a missing one only loses protection.',
  check: (cutover) => [
    ...Object.entries(cutover.tlsa).flatMap(([host, records]) =>
      typeof records === 'string' ? [`${host}: ${records}`] : [],
    ),
    ...otherCertificates(cutover),
  ],
};

/** Hosts that a sender who knows DANE would not deliver to. A record that nobody says forbids nothing. */
export const otherCertificates = ({ askedTo, tlsa }: Pick<Cutover, 'askedTo' | 'tlsa'>): string[] =>
  askedTo.flatMap(({ host, answers }) => {
    const records = tlsa[host] ?? [];
    if (typeof records === 'string') return [];
    return answers
      .filter(({ certificates }) => !matches(records, certificates))
      .map(({ address }) => `${host} (${address}) shows another certificate than _25._tcp.${host} says`);
  });
