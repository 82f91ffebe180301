import type { StageNumber } from '../../lib/config/municipality.js';
import { desiredState } from '../../lib/migration/desired-state.js';
import type { DesiredState } from '../../lib/migration/elements.js';
import { identified } from '../../lib/migration/kinds.js';
import { at, doppelstadt, platform, teilhausen } from './examples.js';

/** One line an element: its id and what else it says, without what is the same everywhere. */
const readable = (state: DesiredState): string =>
  identified(state)
    .map(({ id, element }) => {
      const { owner, order, gateway, municipality, entry, validUntil, ...rest } = element as Record<
        string,
        unknown
      >;
      const told = { owner, order, gateway, municipality, entry, validUntil };
      expect(Object.keys(told)).toHaveLength(6);
      const more = Object.entries(rest).filter(([, value]) => !id.includes(String(value)));
      return [id, ...more.map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`)].join('\n');
    })
    .join('\n');

describe('the desired state, to be read', () => {
  const stages: StageNumber[] = [0, 1, 2, 3, 4];
  test.each(stages)('of Musterstadt (complete routing) at stage %i', (stage) => {
    expect(`\n${readable(desiredState(at(stage), platform))}\n`).toMatchSnapshot();
  });

  test('of Teilhausen (partial routing) at stage 3', () => {
    expect(`\n${readable(desiredState(at(3, teilhausen), platform))}\n`).toMatchSnapshot();
  });

  test('of Doppelstadt (two servers, two domains, one zone at a hoster) at stage 4', () => {
    expect(`\n${readable(desiredState(at(4, doppelstadt), platform))}\n`).toMatchSnapshot();
  });

  test('of Musterstadt back at stage 3, with the kept stage 4', () => {
    const kept = [{ stage: 4 as const, since: '2025-06-01T12:00:00Z', until: '2025-06-01T12:02:40Z' }];
    const state = desiredState({ ...at(3), kept }, platform);
    expect(`\n${readable(state)}\n`).toMatchSnapshot();
    expect(state.gate).toMatchSnapshot();
  });
});
