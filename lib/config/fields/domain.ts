import { domainToASCII } from 'node:url';
import type { Explanation } from '../problem.js';
import { text } from './field.js';

/** RFC 1035 §2.3.1 and RFC 1123 §2.1: letters, digits, hyphens; at least two labels, the last no number. */
export const DOMAIN = '(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])';
const WHOLE = new RegExp(`^${DOMAIN}$`);
const LONGEST = 253;

/** A domain name in the one form in which all files, zones and maps compare it. */
export const domain = text(
  {
    rule: 'domain',
    pattern: `^${DOMAIN}$`,
    expected:
      'a domain name like musterstadt.example: a-z, 0-9, hyphens, at least two parts, no dot at the end',
    remedy: 'write it in that form',
    example: 'musterstadt.example',
  },
  domainComplaint,
);

/** What is wrong with a domain name, with the right form on offer where there is one. */
export function domainComplaint(value: string): DomainComplaint | undefined {
  if (isDomain(value)) return undefined;
  // A text of megabytes is not converted.
  const meant = value.length > LONGEST ? '' : domainToASCII(value.trim().replace(/\.$/, ''));
  const remedy = isDomain(meant) ? { offer: meant, remedy: `write ${meant}` } : {};
  if (/[^\p{ASCII}]/u.test(value))
    return { ...remedy, expected: 'the A-label (xn--…) of a domain with Umlauts (RFC 5890)' };
  if (value.endsWith('.')) return { ...remedy, expected: 'a domain name without a dot at the end' };
  if (/[A-Z]/.test(value)) return { ...remedy, expected: 'a domain name in lower case' };
  if (value.includes('xn--'))
    return { ...remedy, expected: 'a domain whose A-labels (xn--…) can be decoded (RFC 5890)' };
  return remedy;
}

interface DomainComplaint extends Partial<Explanation> {
  /** The right form. */
  offer?: string;
}

export function isDomain(value: string): boolean {
  if (value.length > LONGEST || !WHOLE.test(value)) return false;
  // An A-label must decode to something, and back to itself.
  return !value.includes('xn--') || domainToASCII(value) === value;
}
