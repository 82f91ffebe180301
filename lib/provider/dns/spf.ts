import { isIPv4, isIPv6 } from 'node:net';

/** RFC 7208 4.5: the version and then a space or the end. */
export const isSpf = (text: string): boolean => /^v=spf1(?: |$)/i.test(text);

const domain = String.raw`[a-z0-9._%{}+,/=-]+`;
const cidr = String.raw`(?:/\d{1,2})?(?://\d{1,3})?`;
const mechanism = new RegExp(
  `^[+?~-]?(?:(all)|(include|exists):${domain}|(a|mx)(?::${domain}?)?${cidr}|(ptr)(?::${domain})?|ip([46]):([0-9a-f:.]+)(?:/(\\d{1,3}))?)$`,
  'i',
);
const modifier = new RegExp(`^(redirect|exp|[a-z][a-z0-9._-]*)=${domain}$`, 'i');

/** The ten look-ups that a receiver makes at most (RFC 7208 4.6.4). */
const lookUpLimit = 10;

/**
 * What a receiver would answer with permerror, as far as the text alone shows it. Look-ups inside included
 * records are not counted: that takes DNS.
 */
export function spfProblems(text: string): string[] {
  const problems: string[] = [];
  if (/[^\x20-\x7e]/.test(text)) return ['it holds characters outside printable ASCII'];
  const terms = text
    .split(' ')
    .slice(1)
    .filter((term) => term !== '');
  let lookUps = 0;
  const modifiers: string[] = [];
  for (const [at, term] of terms.entries()) {
    const found = mechanism.exec(term);
    const name = found ? (found[1] ?? found[2] ?? found[3] ?? found[4])?.toLowerCase() : undefined;
    const set = found ? undefined : modifier.exec(term)?.[1]?.toLowerCase();
    if (!found && set === undefined) problems.push(`"${term}" is neither a mechanism nor a modifier`);
    if (found?.[5] !== undefined && !isNetwork(found[5], found[6] ?? '', found[7]))
      problems.push(`"${term}" is not an address or network`);
    if (set === 'redirect' || set === 'exp') modifiers.push(set);
    if (set === 'redirect' || (name !== undefined && name !== 'all')) lookUps++;
    if (name === 'all' && terms.slice(at + 1).some((later) => mechanism.test(later)))
      problems.push(`what stands behind "${term}" is never looked at`);
  }
  if (new Set(modifiers).size < modifiers.length) problems.push('redirect= or exp= stands there twice');
  if (lookUps > lookUpLimit) problems.push(`it needs ${lookUps} look-ups, ${lookUpLimit} are allowed`);
  return problems;
}

/**
 * Mechanisms that a record has beyond another, right behind the version, and that only permit: nobody whom the other
 * permits is refused by it. Empty: it differs otherwise, or not at all.
 */
export function permittedBeside(live: string, wanted: string): string[] {
  const version = live.split(' ', 1).join('');
  const rest = live.slice(version.length);
  if (!wanted.startsWith(`${version} `) || !wanted.endsWith(rest)) return [];
  const added = wanted
    .slice(version.length, wanted.length - rest.length)
    .split(' ')
    .slice(1);
  const permits = (term: string): boolean => mechanism.test(term) && !/^(?:[-~?]|\+?all$)/i.test(term);
  return added.every(permits) ? added : [];
}

function isNetwork(version: string, address: string, prefix: string | undefined): boolean {
  const length = Number(prefix ?? 0);
  return version === '4' ? isIPv4(address) && length <= 32 : isIPv6(address) && length <= 128;
}
