import type { Explanation } from '../problem.js';
import { shown } from '../problem.js';
import { isDomain } from './domain.js';
import { text } from './field.js';

// Free texts reach spreadsheets, nftables comments and shell-free but line-based protocols. What they may hold
// is listed here, character by character; nothing is ever escaped later.

/** Letters of the Latin script with Umlauts, digits, and what stands between them in names. */
const WORDS = '\\p{Script=Latin}[\\p{Script=Latin}0-9 .,/()-]*';

/** A name as people write it, with Umlauts: `Muster-Roßla (Harz)`. */
export const name = text(
  {
    rule: 'name',
    pattern: `^${WORDS}$`,
    expected:
      'a name of letters, digits, single spaces and . , / - ( ), beginning with a letter, at most 80 characters',
    remedy: 'write it as on the official letterhead, without quotes or other signs inside',
    example: 'Musterstadt',
  },
  nameComplaint,
);

const LONGEST_NAME = 80;

function nameComplaint(value: string): Partial<Explanation> | undefined {
  if (value.length > LONGEST_NAME || value.endsWith(' ') || value.includes('  ')) return {};
  const composed = value.normalize('NFC');
  if (composed === value) return undefined;
  // macOS hands over file names and copied text like that; two spellings of one name would not compare.
  return { expected: 'Umlauts as one character each (NFC)', remedy: `write ${shown(composed)}` };
}

/** The reference of an order or a report. The comment of every rule on a gateway carries it: 128 bytes in all. */
export const reference = text({
  rule: 'reference',
  pattern: '^[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,38}[A-Za-z0-9])?$',
  expected: 'a reference of letters A-Z a-z, digits and . _ / - between them, at most 40 characters',
  remedy: 'write it as on the order, without spaces',
  example: 'FS-2025-0001',
});

/** The part of a functional mailbox before the `@`, in signs that no server takes for routing. */
export const localPart = text({
  rule: 'local-part',
  pattern: '^[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?$',
  expected: 'the part of a mailbox before the @: a-z, 0-9 and . _ - between them, at most 40 characters',
  remedy: 'write it in lower case, without the @ and the domain',
  example: 'anbindungstest',
});

/** A whole functional mailbox, without a sub-address. */
export const mailbox = text(
  {
    rule: 'mailbox',
    pattern: '^[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?@[a-z0-9.-]+$',
    expected: 'a functional mailbox in lower case, no person',
    remedy: 'write it like anbindungstest@extern.example',
    example: 'anbindungstest@extern.example',
  },
  (value) => (isDomain(value.slice(value.lastIndexOf('@') + 1)) ? undefined : {}),
);

const PERSON = /(?:^|[^\p{L}])(?:Herr|Herrn|Frau|Dr|Prof)(?:$|[^\p{L}])/u;

/** A role (Funktion) or a functional mailbox: these files hold no personal data. */
export const contact = text(
  {
    rule: 'contact',
    pattern: `^(?:[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?@[a-z0-9.-]+|${WORDS})$`,
    expected: 'a role like IT-Leitung, or a functional mailbox like it@musterstadt.example; no person',
    remedy: 'write the Funktion, in the signs of a name, or the mailbox in lower case',
    example: 'it@musterstadt.example',
  },
  contactComplaint,
);

function contactComplaint(value: string): Partial<Explanation> | undefined {
  if (PERSON.test(value)) return { remedy: 'write the Funktion instead of the person' };
  const at = value.lastIndexOf('@');
  return at === -1 ? nameComplaint(value) : isDomain(value.slice(at + 1)) ? undefined : {};
}
