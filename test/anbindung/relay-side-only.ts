import type { Context, Sides } from '../../lib/anbindung/context.js';
import { usualTimes } from '../../lib/anbindung/run.js';
import { platform } from '../migration/examples.js';

const unasked = () => Promise.reject(new Error('not asked for'));

/** What a step sees that only speaks by the relay. */
export function relaySideOnly(
  { municipality, protocol, deployed = {} }: Pick<Context, 'municipality' | 'protocol'> & Partial<Context>,
  { connect, now, pause }: Pick<Sides['relay'], 'connect'> & Pick<Sides, 'now' | 'pause'>,
): Context {
  const [relay] = platform.relays;
  if (!relay) throw new Error('no relay');
  return {
    municipality,
    platform,
    relay,
    host: 'mx1.relay.example',
    deployed,
    times: usualTimes,
    protocol,
    sides: {
      relay: { connect, parallel: unasked, trace: unasked },
      flow: unasked,
      resolve: unasked,
      now,
      newId: () => 'anb-0',
      pause,
    },
  };
}
