import { Duplex } from 'node:stream';
import type { Context } from '../../lib/anbindung/context.js';
import { Protocol } from '../../lib/anbindung/finding.js';
import { relaySizes } from '../../lib/anbindung/steps/relay-sizes.js';
import { at } from '../migration/examples.js';
import { relaySideOnly } from './relay-side-only.js';

/** A listener that refuses each mail; whoever sends says its size before. */
function refusing(): Duplex {
  const pipe: Duplex = new Duplex({
    read: () => undefined,
    write: (bytes: Buffer, _, done) => {
      pipe.push(bytes.toString().startsWith('MAIL') ? '552 5.3.4 too big\r\n' : '250 Ok\r\n');
      done();
    },
  });
  pipe.push('220 mx1\r\n');
  return pipe;
}

async function tested(deployed: Context['deployed']) {
  const now = (): Date => new Date(0);
  const protocol = new Protocol(() => undefined, now);
  const municipality = { ...at(2), limits: { internalMb: 100, internetMb: 35 } };
  await relaySizes(
    relaySideOnly(
      { municipality, protocol, deployed },
      {
        connect: () => Promise.resolve({ pipe: refusing(), milliseconds: 1 }),
        now,
        pause: () => Promise.resolve(),
      },
    ),
  );
  const above = protocol.steps.flatMap(({ title }) => /Grenze \((\d+) Bytes, an/.exec(title)?.[1] ?? []);
  const later = protocol.steps.filter(({ passed }) => passed === undefined).map(({ seen }) => seen);
  return { above, later };
}

test('what is agreed and not yet deployed is not sent through the relay; its limit is the deployed one', async () => {
  expect(await tested({ internal: 20_971_520 })).toEqual({
    above: ['20971521'],
    later: ['erst, wenn die neue Grenze am Relay eingetragen ist'],
  });
});

test('where nothing is known to be deployed, or more than is agreed, the agreed limit counts', async () => {
  for (const deployed of [{}, { internal: 200_000_000 }])
    expect(await tested(deployed)).toEqual({ above: ['104857601'], later: [] });
});
