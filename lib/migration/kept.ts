import type { Kept, MailServer, Municipality } from '../config/municipality.js';
import { lastStage, type EnteredStage } from './stages.js';

export type KeptStage = Extract<Kept, { stage: EnteredStage }>;
export type KeptServer = Extract<Kept, { server: MailServer }>;

export const isKeptStage = (kept: Kept): kept is KeptStage => 'stage' in kept;
export const isKeptServer = (kept: Kept): kept is KeptServer => 'server' in kept;

/** Seconds for which something is kept, however late that is deployed. */
export const lengthOf = ({ since, until }: Kept): number => (Date.parse(until) - Date.parse(since)) / 1000;

/** Whether the municipality stands at stage `n` or beyond: what `n` brought is in force and announced. */
export const stands = (m: Municipality, n: EnteredStage): boolean =>
  Math.min(m.stage, lastStage(m.routing)) >= n;

/**
 * Whether what stage `n` brought has to be there: the municipality stands at it, or it is kept. A kept stage
 * keeps the stages below it too, because its mail runs over what they brought.
 */
export const standsOrKept = (m: Municipality, n: EnteredStage): boolean =>
  stands(m, n) || m.kept.some((kept) => isKeptStage(kept) && kept.stage >= n);

/** Whether mail is routed to a server: one that joins while mail flows is only reached until it is tested. */
export const isRouted = ({ joinedOn, testedOn }: MailServer): boolean =>
  joinedOn === undefined || testedOn !== undefined;

/** Servers that were replaced while mail flowed, and that queues may still address. */
export const replacedServers = (m: Municipality): MailServer[] =>
  m.kept.filter(isKeptServer).map(({ server }) => server);

/** The first stage at which the relay sends mail to the municipality's servers. */
export const firstRouted = 2;

/** Whether mail comes by the relay: a stage that is kept carries it as well. */
export const mailFlows = (m: Municipality): boolean => m.stage >= firstRouted || m.kept.length > 0;
