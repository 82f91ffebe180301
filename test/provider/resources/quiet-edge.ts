import type { Edge } from '../../../lib/provider/resources/gate-rule.js';

/** What the gate looks at where nothing is measured, moves or waits: what is left is the edge itself. */
export const quietEdge: Omit<Edge, 'municipality' | 'stage' | 'declares' | 'reached' | 'now'> = {
  evidence: {},
  holds: [],
  validUntil: undefined,
  hasState: true,
  otherNames: [],
  held: [],
  carriesMail: () => true,
  cutovers: [],
  atRelays: [],
  leaving: [],
  unmeasured: [],
  testValidity: 3600,
  silent: [],
  silenceTime: 0,
  withdrawn: {},
  forwards: false,
  waiting: [],
  queueLimit: 0,
  senderQueueLifetime: 0,
};
