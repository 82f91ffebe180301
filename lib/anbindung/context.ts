import type { DNSResolver } from 'mailauth';
import type { Municipality } from '../config/municipality.js';
import type { SizeLimited } from '../config/sizes.js';
import type { Platform, Relay } from '../config/platform.js';
import type { FaultId } from './faults.js';
import type { Protocol } from './finding.js';
import type { Flow } from './flow.js';
import type { RelaySide } from './relay-side.js';
import type { SmtpTimes } from '../smtp/client.js';

/** Milliseconds. */
export interface TestTimes extends SmtpTimes {
  /** Until a connection counts as not to be had. */
  connect: number;
  /** Until the relay's log has to show a delivery. */
  delivery: number;
  /** Without any recipient of a list being decided, until the others count as not decided. */
  verification: number;
  /** Until a person, or an automatic answer, has replied from the test mailbox. */
  answer: number;
}

/** Connections of one kind, addresses before translation. */
export interface FlowKey {
  ingress: string;
  source: string;
  destination: string;
  port: number;
}

/** Everything outside: the far ends and the clock. */
export interface Sides {
  relay: Pick<RelaySide, 'connect' | 'parallel' | 'trace'>;
  /** What the municipality's gateway knows. */
  flow(key: FlowKey): Promise<Flow>;
  /** Looks names up as everybody does. */
  resolve: DNSResolver;
  now(): Date;
  /** A new correlation id: a-z, 0-9, -; 8 to 40 characters. */
  newId(): string;
  pause(milliseconds: number): Promise<void>;
}

/** What every step gets. */
export interface Context {
  municipality: Municipality;
  platform: Platform;
  relay: Relay;
  /** The relay's own name, as it says hello. */
  host: string;
  /** Bytes of the largest mail that the relay takes as it is deployed, where that is known; the file may say otherwise. */
  deployed: Readonly<Partial<Record<SizeLimited, number | undefined>>>;
  sides: Sides;
  times: TestTimes;
  protocol: Protocol;
}

/** A customer mail server on one port, as the relay reaches it. */
export interface Place {
  where: string;
  address: string;
  port: number;
  inside: string;
  /** Whether connections to it are encrypted; found out by the first. */
  encrypted: boolean;
}

/** Ends the test of one place: nothing after it could be tried. */
export class Stop extends Error {
  override name = 'Stop';
  constructor(
    readonly title: string,
    readonly fault: FaultId,
    readonly seen: string,
  ) {
    super(seen);
  }
}

/** The test mailbox at a domain. */
export const testAddress = ({ municipality }: Context, domain: string): string =>
  `${municipality.testMailbox}@${domain}`;

/** The test's own sender: the relay's name can be looked up everywhere. */
export const senderAddress = ({ host }: Context): string => `anbindungstest@${host}`;
