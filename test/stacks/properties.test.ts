import fc from 'fast-check';
import { platforms, withKept } from '../migration/generate.js';
import { resources } from './rendering.js';
import { synth } from './synthesis.js';

test('for every municipality, platform, stage, routing and kept: what holds of every resource', () => {
  fc.assert(
    fc.property(withKept, platforms, (municipality, platform) => {
      const json = synth(municipality, platform);
      const all = resources(json);
      const gates = all.filter(({ type }) => type === 'landesnetz_migration_gate');
      const there = new Set(all.map(({ address }) => address));

      // One gate, on which everything else depends before all others.
      expect(gates).toHaveLength(1);
      expect(all.filter(({ dependsOn }) => dependsOn[0] !== gates[0]?.address)).toEqual(gates);
      // Without this the order would not hold on the way back.
      expect(all.filter(({ createBeforeDestroy }) => !createBeforeDestroy)).toEqual([]);
      expect(all.flatMap(({ dependsOn }) => dependsOn).filter((address) => !there.has(address))).toEqual([]);
      // The same files give the same bytes.
      expect(synth(municipality, platform)).toBe(json);
    }),
    { numRuns: 15 },
  );
}, 60_000);
