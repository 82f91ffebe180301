import type { Municipality } from './municipality.js';

/** The programme's limits in MB (DOMAIN), and the least that a municipality may have instead. */
export const programmeLimits = { internalMb: 100, internetMb: 35, least: 13 } as const;

/**
 * What a promised size allows: the programme's MB as the relay's message_size_limit has them, 100 MB are 104857600 bytes.
 * @returns bytes of the whole message on the wire, base64 and line ends included
 */
export const wireBytes = (mb: number): number => mb * 1_048_576;

/** Antragsdaten are held to 13 MB of content, before base64. */
const antragsdaten = 13_000_000;

/** base64 in lines of 76 characters and a line's end (RFC 2045 §6.8): about 1.37 bytes for each. */
export const encodedBytes = (content: number): number => {
  const characters = Math.ceil(content / 3) * 4;
  return characters + Math.ceil(characters / 76) * 2;
};

/** Bytes on the wire of a mail with the largest Antragsdaten: headers and the text that goes with them come on top. */
export const formsBytes = encodedBytes(antragsdaten) + 10_000;

/** Where mail comes from that has a limit of its own. */
export type SizeLimited = 'internal' | 'internet';

/**
 * Bytes on the wire that the relay takes at most for a municipality: what was agreed with it, but Antragsdaten always
 * pass. Its servers must take 1 MB more.
 */
export const relayLimit = ({ limits }: Pick<Municipality, 'limits'>, from: SizeLimited): number =>
  Math.max(formsBytes, wireBytes(from === 'internet' ? limits.internetMb : limits.internalMb));
