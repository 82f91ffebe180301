import type { Municipality } from '../config/municipality.js';
import { formsBytes, programmeLimits, wireBytes } from '../config/sizes.js';
import type { AcceptanceClass } from '../migration/elements.js';

/** A size up to which mail of one kind must pass, on every hop. */
export interface SizeClass {
  /** German. */
  title: string;
  /** Bytes of the whole message on the wire at the first hop, the relay's listener. */
  wire: number;
}

/** What each hop inward must allow beyond the one before: headers are added on the way (FACTS: a Received line broke a limit). */
export const headroom = 1_000_000;

type Agreed = Pick<Municipality, 'limits'>;

const forms: SizeClass = { title: 'Antragsdaten 13 MB', wire: formsBytes };
const fromInternet = ({ limits }: Agreed): SizeClass => ({
  title: `Internet ${limits.internetMb} MB`,
  wire: wireBytes(limits.internetMb),
});
const inside = ({ limits }: Agreed): SizeClass => ({
  title: `intern ${limits.internalMb} MB`,
  wire: wireBytes(limits.internalMb),
});
const sorted = (classes: SizeClass[]): SizeClass[] => classes.sort((a, b) => a.wire - b.wire);

/** The classes that a municipality's mail has, the smallest first. */
export const sizeClasses = (agreed: Agreed): SizeClass[] =>
  sorted([forms, fromInternet(agreed), inside(agreed)]);

/** Those that come by one of the relay's listeners, the smallest first. */
export const sizeClassesOf = (agreed: Agreed, listener: AcceptanceClass): SizeClass[] =>
  sorted([forms, listener === 'internet' ? fromInternet(agreed) : inside(agreed)]);

/** What the relay's listeners take at most: bytes of message_size_limit (templates/relay). */
export const listenerLimits: Record<AcceptanceClass, number> = {
  internal: wireBytes(programmeLimits.internalMb),
  ndb: wireBytes(programmeLimits.internalMb),
  internet: wireBytes(programmeLimits.internetMb),
};

/** What the customer's server must take for a class. */
export const needed = ({ wire }: SizeClass): number => wire + headroom;

/** `104,9 MB` */
export const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1).replace('.', ',')} MB`;
