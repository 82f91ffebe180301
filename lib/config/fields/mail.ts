import { domainComplaint, DOMAIN } from './domain.js';
import { text } from './field.js';
import { shown, type Explanation } from '../problem.js';

/** One MX record as `dig` and zone files write it: preference, host. */
export const mxRecord = text(
  {
    rule: 'mx-record',
    pattern: `^(?:0|[1-9][0-9]{0,4}) ${DOMAIN}$`,
    expected: 'an MX record: preference, one space, host name',
    remedy: 'write it as dig +short MX shows it, without the dot at the end: 10 mail.musterstadt.example',
    example: '10 mail.musterstadt.example',
  },
  mxComplaint,
);

function mxComplaint(value: string): Partial<Explanation> | undefined {
  const match = /^([0-9]+) (.*)$/.exec(value);
  if (!match) return undefined;
  if (Number(match[1]) > 65535) return { expected: 'a preference from 0 to 65535 (RFC 1035 §3.3.9)' };
  const complaint = domainComplaint(match[2] as string);
  return complaint?.offer === undefined
    ? complaint
    : { ...complaint, remedy: `write ${match[1] as string} ${complaint.offer}` };
}

/** Preference and host of a valid `mxRecord`. */
export function toMxRecord(value: string): { preference: number; host: string } {
  const [preference, host] = value.split(' ') as [string, string];
  return { preference: Number(preference), host };
}

/** RFC 7208 §4.6.1: a mechanism with its qualifier, or a modifier. Macros may stand where a domain does. */
const MECHANISM =
  '(?:all|(?:include|exists):[!-~]+|(?:a|mx)(?::[!-~]+)?(?:/[0-9/]+)?|ptr(?::[!-~]+)?|ip4:[0-9./]+|ip6:[0-9a-fA-F:./]+)';
const TERM = new RegExp(`^(?:[-+?~]?${MECHANISM}|(?:redirect|exp)=[!-~]+)$`);
/** What a TXT string holds without being quoted or cut (RFC 1035 §3.3): 255 bytes. */
export const LONGEST_TXT = 255;

/** An SPF string. Nothing that a zone file, nsupdate or a spreadsheet would read as more than text. */
export const spf = text(
  {
    rule: 'spf',
    pattern: '^v=spf1(?: [-+?~A-Za-z0-9:./%{}_=]+)*$',
    expected: `an SPF string (RFC 7208) of at most ${LONGEST_TXT} characters, terms apart by one space`,
    remedy: 'write it as dig +short TXT shows it, without the quotes: v=spf1 mx -all',
    example: 'v=spf1 mx -all',
  },
  spfComplaint,
);

function spfComplaint(value: string): Partial<Explanation> | undefined {
  if (value.length > LONGEST_TXT) return {};
  if (!value.startsWith('v=spf1 ')) return undefined;
  const wrong = value
    .split(' ')
    .slice(1)
    .find((term) => !TERM.test(term));
  // A space too many is nothing to be quoted.
  if (wrong === '') return {};
  return wrong === undefined ? undefined : { expected: `SPF terms (RFC 7208): ${shown(wrong)} is none` };
}

/** One mechanism, as the platform's relay stands in SPF. */
export const spfMechanism = text(
  {
    rule: 'spf-mechanism',
    pattern: '^[a-z][A-Za-z0-9:./_-]*$',
    expected: 'one SPF mechanism without qualifier that matches the relay (RFC 7208 §5)',
    remedy: 'write it like ip4:203.0.113.10 or include:_spf.landesnetz.example',
    example: 'ip4:203.0.113.10',
  },
  (value) => (value !== 'all' && TERM.test(value) ? undefined : {}),
);
