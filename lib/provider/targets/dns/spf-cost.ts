import { isSpf } from '../../dns/spf.js';

/** What a receiver has to look up for an SPF record, everything that it includes counted (RFC 7208 4.6.4). */
export interface SpfCost {
  lookUps: number;
  /** Look-ups that find nothing; a receiver gives up after two. */
  voids: number;
  /** What a receiver would answer with permerror or temperror, each with the record's name. */
  problems: string[];
}

/** Data of the records of a name, empty where there are none. @throws when nobody answers */
export type LookUp = (name: string, type: 'A' | 'MX' | 'TXT') => Promise<string[]>;

/** RFC 7208 4.6.4; beyond the first a receiver looks at nothing more. */
export const spfLimits = { lookUps: 10, voids: 2, mxNames: 10 } as const;

/**
 * Counts as a receiver does that has to look at every mechanism. Names with macros depend on the sender: they count
 * as one look-up, and are not followed.
 * @param instead a record in place of the domain's own
 */
export async function spfCost(domain: string, lookUp: LookUp, instead?: string): Promise<SpfCost> {
  const cost: SpfCost = { lookUps: 0, voids: 0, problems: [] };
  const looked: LookUp = (name, type) =>
    instead !== undefined && type === 'TXT' && name === domain
      ? Promise.resolve([instead])
      : lookUp(name, type);
  await record(domain, looked, cost, []);
  return cost;
}

async function record(
  domain: string,
  lookUp: LookUp,
  cost: SpfCost,
  above: readonly string[],
): Promise<void> {
  if (above.includes(domain)) {
    cost.problems.push(`${domain} includes itself`);
    return;
  }
  const texts = (await asked(domain, 'TXT', lookUp, cost)).filter(isSpf);
  const [text, second] = texts;
  if (text === undefined || second !== undefined) {
    if (above.length > 0 || second !== undefined)
      cost.problems.push(`${domain} has ${texts.length} SPF records, allowed is one`);
    return;
  }
  for (const term of text.toLowerCase().split(' ').slice(1)) {
    // Enough is known, and a circle of hundreds must not be walked.
    if (cost.lookUps > 2 * spfLimits.lookUps) return;
    await mechanism(term, domain, lookUp, cost, [...above, domain]);
  }
}

async function mechanism(
  term: string,
  domain: string,
  lookUp: LookUp,
  cost: SpfCost,
  above: readonly string[],
): Promise<void> {
  const [, name = '', target = domain] =
    /^[+?~-]?(include|redirect|a|mx|ptr|exists)(?:[:=]([^/]+))?(?:\/.*)?$/.exec(term) ?? [];
  if (name === '') return;
  cost.lookUps += 1;
  if (target.includes('%') || name === 'ptr') return;
  if (name === 'include' || name === 'redirect') return record(target, lookUp, cost, above);
  const hosts = await asked(target, name === 'mx' ? 'MX' : 'A', lookUp, cost);
  if (name === 'mx' && hosts.length > spfLimits.mxNames)
    cost.problems.push(`${target} has ${hosts.length} mail exchangers, ${spfLimits.mxNames} are allowed`);
}

async function asked(
  name: string,
  type: 'A' | 'MX' | 'TXT',
  lookUp: LookUp,
  cost: SpfCost,
): Promise<string[]> {
  try {
    const found = await lookUp(name, type);
    if (found.length === 0) cost.voids += 1;
    return found;
  } catch (error) {
    cost.problems.push(`${type} of ${name} cannot be looked up: ${(error as Error).message}`);
    return [];
  }
}
