import fc from 'fast-check';
import { domainStage } from '../../lib/config/rules/domain-stage.js';
import { keptConsistent } from '../../lib/config/rules/kept-consistent.js';
import { keptLongEnough } from '../../lib/config/rules/kept-long-enough.js';
import type { Kept, Municipality } from '../../lib/config/municipality.js';
import type { Platform } from '../../lib/config/platform.js';
import { isRefusal } from '../../lib/migration/stage-change.js';
import { wayBack, wayBackOfDomain } from '../../lib/migration/way-back.js';
import { onTheWay } from './generate.js';
import { fleet, type Change } from '../config/support.js';

const rules = [keptConsistent, keptLongEnough, domainStage];

/** As far as the rules about `kept` read a file. */
const fileOf = ({ stage, routing, domains, kept }: Municipality): Change => ({
  stage,
  routing,
  domains: domains.map(({ name, writer, mx, stage: own }) => ({
    name,
    writer,
    mx: { ttl: mx.ttl, records: mx.records.map(({ preference, host }) => `${preference} ${host}`) },
    stage: own,
  })),
  kept: kept.map((entry: Kept) => ({ ...entry })),
});

const timesOf = ({ senderQueueLifetime, ndbDistribution, loweredMxTtl, relays }: Platform): Change => ({
  senderQueueLifetime: `${senderQueueLifetime}s`,
  ndbDistribution: `${ndbDistribution}s`,
  loweredMxTtl: `${loweredMxTtl}s`,
  relays: Object.fromEntries(relays.map(({ name, mx: { ttl } }) => [name, { mx: { ttl } }])),
});

test('what the commands write under kept on any way back is what the rules about it ask for', () => {
  fc.assert(
    fc.property(onTheWay, ({ m, p, time }) => {
      const ways = [wayBack(m, p, time), ...m.domains.map(({ name }) => wayBackOfDomain(m, p, name, time))];
      const files = ways.flatMap((back) => (isRefusal(back) ? [] : back.steps)).map(({ after }) => after);
      for (const file of [m, ...files]) {
        const read = fleet({ municipalities: { musterstadt: fileOf(file) }, platform: timesOf(p) });
        expect(rules.flatMap((rule) => rule.check(read))).toEqual([]);
      }
    }),
    { numRuns: 30 },
  );
});
