import type { Diagnostic } from '../definition.js';
import { unknown, type ValueObject } from '../served.js';
import { isDomainName } from '../targets/dns/names.js';
import { problem, shown } from './diagnostics.js';

/** Where a record set is. */
export interface Place {
  zone: string;
  /** Fully qualified; also the resource's id. */
  name: string;
}

/** TTL when none is declared, as in the original. */
export const defaultTtl = 3600;
/** A week. Longer ones outlive every plan of a cut-over. */
const longestTtl = 604_800;

/** undefined: not known yet. */
export function placeOf({ zone, name }: ValueObject): Place | undefined {
  if (typeof zone !== 'string' || name === unknown) return undefined;
  return { zone, name: typeof name === 'string' ? `${name}.${zone}` : zone };
}

/** Offline checks of zone, name and TTL. */
export function checkPlace(config: ValueObject, isName: (name: string) => boolean): Diagnostic[] {
  const { zone, name, ttl } = config;
  const place = placeOf(config);
  const problems: Diagnostic[] = [];
  if (typeof zone === 'string' && !isDomainName(zone))
    problems.push(
      problem(
        'dns-name',
        `zone ${JSON.stringify(zone)} is not a zone's name`,
        'A fully qualified name with a dot at the end, e.g. "musterstadt.example.".',
        'zone',
      ),
    );
  else if (typeof name === 'string' && (name.endsWith('.') || !isDomainName(`${name}.`)))
    problems.push(
      problem(
        'dns-name',
        `name ${JSON.stringify(name)} is not a name inside a zone`,
        'Relative to the zone and without a dot at the end, e.g. "_dmarc"; leave it out for the zone itself.',
        'name',
      ),
    );
  else if (place !== undefined && !isName(place.name))
    problems.push(
      problem(
        'dns-name',
        `${place.name} cannot have such records`,
        'At most 253 characters (RFC 1035 2.3.4); for an MX a host name, without an underscore.',
        'name',
      ),
    );
  if (ttl !== null && ttl !== undefined && ttl !== unknown && !isTtl(ttl))
    problems.push(
      problem(
        'dns-ttl',
        `TTL ${shown(ttl)} is not allowed`,
        `Whole seconds from 1 to ${longestTtl} (a week). With 0 every mail asks anew, and a longer one outlives every plan of a cut-over.`,
        'ttl',
      ),
    );
  return problems;
}

const isTtl = (ttl: unknown): boolean =>
  typeof ttl === 'number' && Number.isInteger(ttl) && ttl >= 1 && ttl <= longestTtl;
