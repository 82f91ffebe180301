import { closest } from '../config/closest.js';
import { shown, type Explanation, type Problem } from '../config/problem.js';

/** The domains of a municipality, as a list of its recipients may name them. */
export interface ListedDomains {
  /** The relay's Internet listener takes their mail, so it asks about their recipients. */
  asked: readonly string[];
  /** Its other domains, and the stage of each. */
  notYet: ReadonlyMap<string, number>;
}

/** Signs of a mailbox that no server takes for routing; ASCII, as everything that the relay takes. */
const LOCAL_PART = "[A-Za-z0-9#$&'*+/=?^_`{|}~-]";
const ADDRESS = new RegExp(`^(${LOCAL_PART}+(?:\\.${LOCAL_PART}+)*)@([^@]+)$`);
/** RFC 5321, 4.5.3.1. */
const LONGEST_LOCAL_PART = 64;

/**
 * A list of recipients: an address a line; blank lines and what stands behind a `#` do not count. As Windows writes
 * such files too: CRLF, a byte order mark, UTF-16.
 * @param file as the user gave it
 * @returns each address once, in the order of the file; all problems
 */
export function readRecipients(
  raw: Uint8Array,
  file: string,
  domains: ListedDomains,
): { recipients: string[]; problems: Problem[] } {
  const recipients = new Set<string>();
  const problems: Problem[] = [];
  textOf(raw)
    .split(/\r\n|\n|\r/)
    .forEach((line, index) => {
      const value = line.replace(/(^|\s)#.*$/, '').trim();
      if (value === '') return;
      const [, local = '', domain = ''] = ADDRESS.exec(value) ?? [];
      const why = complaint(local, domain.toLowerCase(), domains);
      const place = { file, line: index + 1, column: line.indexOf(value) + 1 };
      if (why) problems.push({ ...place, found: shown(value), ...why });
      else recipients.add(`${local}@${domain.toLowerCase()}`);
    });
  if (recipients.size === 0 && problems.length === 0)
    problems.push({ file, line: 1, column: 1, found: 'no address', ...noAddress(domains, 'recipient-list') });
  return { recipients: [...recipients], problems };
}

/** Windows PowerShell writes UTF-16 if not told otherwise. */
const textOf = (raw: Uint8Array): string =>
  new TextDecoder(raw[0] === 0xff && raw[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(raw);

function complaint(local: string, domain: string, { asked, notYet }: ListedDomains): Explanation | undefined {
  if (local === '' || local.length > LONGEST_LOCAL_PART)
    return noAddress({ asked, notYet }, 'recipient-address');
  if (asked.includes(domain)) return undefined;
  const expected = `a recipient at ${asked.join(' or ')}`;
  const stage = notYet.get(domain);
  if (stage !== undefined) {
    return {
      expected: `${expected}, whose mail the relay takes from the Internet`,
      remedy: `take it out until ${domain}, now at stage ${stage}, is at stage 4 and deployed`,
      rule: 'recipient-domain',
    };
  }
  const near = closest(domain, asked);
  const remedy =
    near === undefined ? 'take it out: only own recipients are asked about' : `write ${local}@${near}`;
  return { expected, remedy, rule: 'recipient-domain' };
}

const noAddress = ({ asked }: ListedDomains, rule: string): Explanation => ({
  expected: `one address a line, like poststelle@${asked[0] ?? 'musterstadt.example'}, in ASCII without spaces, quotes, % and !`,
  remedy: 'write the bare address, without name and brackets; a comment begins with #',
  rule,
});
