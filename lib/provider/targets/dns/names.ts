import { isIP } from 'node:net';

/**
 * Labels of letters, digits, hyphens and underscores (`_mta-sts`); RFC 1035 2.3.4 for the lengths. Wider than
 * host names, narrower than what DNS can carry: nothing that would need escaping gets through.
 */
const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i;
const hostLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

const labelsOf = (name: string): string[] => name.slice(0, -1).split('.');

/** A fully qualified name: ends with a dot, at most 253 characters before it. */
export const isDomainName = (name: string): boolean =>
  name.endsWith('.') && name.length <= 254 && labelsOf(name).every((part) => label.test(part));

/** A fully qualified host name (RFC 1123 2.1), as a mail exchanger must have: not an address, no underscore. */
export const isHostName = (name: string): boolean =>
  isDomainName(name) &&
  labelsOf(name).every((part) => hostLabel.test(part)) &&
  !/^\d+$/.test(labelsOf(name).at(-1) ?? '');

/** What may stand behind nsupdate's `server`: an address or a name, with or without the last dot. */
export const isServerHost = (host: string): boolean =>
  isIP(host) !== 0 || isDomainName(host.endsWith('.') ? host : `${host}.`);

/** Names are equal whatever their case (RFC 4343). */
export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
