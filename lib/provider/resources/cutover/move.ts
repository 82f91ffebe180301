import type { Attribute } from '../../definition.js';
import type { Observation } from '../../targets/dns/evidence.js';
import * as checks from '../checks.js';

/** Where a domain's MX points after the deploy, and where it pointed before. Host names without trailing dot. */
export interface Move {
  domain: string;
  towards: 'relay' | 'municipality';
  relay: string;
  to: readonly string[];
  from: readonly string[];
  /** Seconds that the MX may have on its servers before it moves. */
  loweredTtl: number;
  /** Seconds, as the municipality's file has them from before the migration. */
  mxTtl: number;
  spfTtl: number;
  /** What stands for the relay in SPF. */
  spf: readonly string[];
  /** The SPF record that the deploy writes; empty where it writes none. */
  spfWritten: string;
  /** Digest of what a test must have tested to count. */
  tested: string;
}

const members = {
  domain: 'string',
  towards: 'string',
  relay: 'string',
  to: 'string',
  from: 'string',
  loweredTtl: 'number',
  mxTtl: 'number',
  spfTtl: 'number',
  spf: 'string',
  spfWritten: 'string',
  tested: 'string',
} as const;

type Planned = {
  readonly [K in keyof typeof members]: (typeof members)[K] extends 'number' ? number : string;
};

export const moves = {
  type: { objects: members },
  doc: 'Where the MX of each domain points after this deploy (`towards` the `relay` or the `municipality`), `to` which hosts, `from` which it comes where it moves, the TTLs in seconds, and the `spf` mechanisms of the relay; hosts and mechanisms are separated by blanks; `spf_written` is the SPF record that the deploy writes, empty where it writes none; `tested` is the digest that a passed test must bear. Decides which rules of a cut-over the gate asks.',
  check: checks.each(
    ({ domain, towards, relay }: Planned) =>
      checks.domain(domain) ?? checks.oneOf('relay', 'municipality')(towards) ?? checks.name(relay),
  ),
} as const satisfies Attribute;

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

export const parseMove = ({ towards, to, from, spf, ...rest }: Planned): Move => ({
  ...rest,
  towards: towards === 'relay' ? 'relay' : 'municipality',
  to: words(to),
  from: words(from),
  spf: words(spf),
});

/** Mail hosts in the data of an MX, without trailing dot. */
export const hostsIn = (data: string): string[] =>
  data.split('\n').flatMap((line) => (/^\d+ (\S+)\.$/.exec(line) ?? []).slice(1));

/**
 * Whether the deploy would move the MX: towards the relay, unless every server that answers shows it there already,
 * and at least one does; to the municipality, as soon as one server shows anything else, be it the relay or servers
 * that the file does not name any more, or may do so where nobody sees it.
 * @param mayShowOther of a server that says nothing now
 */
export function isPending(
  { towards, to }: Move,
  observations: readonly Observation[],
  mayShowOther: (server: string) => boolean,
): boolean {
  const servers = observations.filter(({ type }) => type === 'MX');
  const shown = servers.filter(({ authoritative }) => authoritative);
  if (shown.some(({ data }) => !sameHosts(hostsIn(data), to))) return true;
  return towards === 'relay'
    ? shown.length === 0
    : servers.some(({ authoritative, server }) => !authoritative && mayShowOther(server));
}

/** Whether an MX lists exactly these hosts. */
export const sameHosts = (a: readonly string[], b: readonly string[]): boolean =>
  JSON.stringify([...new Set(a)].sort()) === JSON.stringify([...new Set(b)].sort());
