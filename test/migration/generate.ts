import fc from 'fast-check';
import type { Kept, Municipality, StageNumber } from '../../lib/config/municipality.js';
import type { Platform } from '../../lib/config/platform.js';
import { changeDomainStage } from '../../lib/migration/domain-change.js';
import { stageOfDomain } from '../../lib/migration/domains.js';
import { dropKept } from '../../lib/migration/drop-kept.js';
import { changeStage, isRefusal } from '../../lib/migration/stage-change.js';
import { lastStage } from '../../lib/migration/stages.js';
import { musterstadt, now, platform, withdrawn } from './examples.js';

/** Platforms whose clocks and addresses differ. */
export const platforms: fc.Arbitrary<Platform> = fc
  .record({
    senderQueueLifetime: fc.integer({ min: 1, max: 432_000 }),
    ndbDistribution: fc.integer({ min: 1, max: 86_400 }),
    loweredMxTtl: fc.integer({ min: 1, max: 3600 }),
    relayTtl: fc.integer({ min: 1, max: 86_400 }),
    customers: fc.constantFrom('10.64.0.10', '10.64.0.12'),
  })
  .map(({ relayTtl, customers, ...clocks }) => ({
    ...platform,
    ...clocks,
    relays: platform.relays.map((relay) => ({
      ...relay,
      mx: { ...relay.mx, ttl: relayTtl },
      addresses: { ...relay.addresses, customers },
    })),
  }));

const date = fc.option(fc.constant('2025-03-01'), { nil: undefined });

const tested = { joinedOn: '2025-03-01', testedOn: '2025-03-02' };

const servers = fc
  .uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 3 })
  .chain((numbers) =>
    fc.tuple(
      ...numbers.map((n) =>
        fc
          .record({
            ports: fc.subarray([25, 587, 2525], { minLength: 1 }),
            joining: fc.constantFrom({}, { joinedOn: '2025-03-01' }, tested),
          })
          .map(({ ports, joining }) => ({
            inside: `192.168.10.${n}`,
            transfer: `10.128.7.${n}`,
            ports,
            // At least one gets mail.
            ...(n === numbers[0] ? {} : joining),
          })),
      ),
    ),
  );

const domain = (n: number): fc.Arbitrary<Municipality['domains'][number]> =>
  fc
    .record({
      writer: fc.constantFrom('dns1', 'hoster'),
      ttl: fc.integer({ min: 1, max: 172_800 }),
      exchanges: fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
      spf: fc.option(
        fc.constantFrom('v=spf1 mx -all', 'v=spf1 include:a.example', 'v=spf1 redirect=b.example'),
        {
          nil: undefined,
        },
      ),
      ndb: fc.option(
        date.map((confirmedOn) => ({
          reference: `NDB-${n}`,
          reportedOn: '2025-02-01',
          ...(confirmedOn === undefined ? {} : { confirmedOn }),
        })),
        { nil: undefined },
      ),
      stage: fc.option(fc.constantFrom<StageNumber>(0, 1, 2, 3, 4), { nil: undefined }),
      outgoingTestPassedOn: date,
    })
    .map(({ writer, ttl, exchanges, spf, ndb, stage, outgoingTestPassedOn }) => ({
      name: `d${n}.example`,
      zone: `d${n}.example`,
      writer,
      mx: {
        ttl,
        records: exchanges.map((host) => ({ preference: 10 * host, host: `m${host}.d${n}.example` })),
      },
      ...(spf === undefined ? {} : { spf: { ttl, value: spf } }),
      ...(ndb === undefined ? {} : { ndb }),
      ...(stage === undefined ? {} : { stage, outgoingTestPassedOn }),
    }));

/** Municipalities without anything kept, at any stage that their routing allows, with any facts missing. */
export const municipalities: fc.Arbitrary<Municipality> = fc
  .record({
    routing: fc.constantFrom('vollstaendig' as const, 'teilweise' as const),
    stage: fc.constantFrom<StageNumber>(0, 1, 2, 3, 4),
    servers,
    domains: fc
      .uniqueArray(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 3 })
      .chain((numbers) => fc.tuple(...numbers.map(domain))),
    approvedOn: date,
    validUntil: date,
    connectionTestPassedOn: date,
    outgoingTestPassedOn: date,
    tls: fc.constantFrom('encrypt' as const, 'may' as const),
    testMailbox: fc.constant('anbindungstest'),
  })
  .map(({ approvedOn, validUntil, connectionTestPassedOn, outgoingTestPassedOn, ...m }) => ({
    ...musterstadt,
    ...m,
    stage: Math.min(m.stage, lastStage(m.routing)) as StageNumber,
    // At least one domain stands where the municipality does.
    domains: m.domains.map((domain, i) => (i === 0 ? { ...domain, stage: undefined } : domain)),
    order: {
      reference: 'EGM-2025-0001',
      ...(approvedOn === undefined ? {} : { approvedOn }),
      ...(validUntil === undefined ? {} : { validUntil }),
    },
    connectionTestPassedOn,
    outgoingTestPassedOn,
  }));

const instant = fc.integer({ min: 1_750_000_000, max: 1_760_000_000 });

const time = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

/** Any entries of `kept`, also such as no way leads to: what is written by hand must not lose mail either. */
const anyKept: fc.Arbitrary<Kept[]> = fc.array(
  fc
    .record({
      what: fc.oneof(
        fc.constantFrom<1 | 2 | 3 | 4>(1, 2, 3, 4).map((stage) => ({ stage })),
        fc
          .integer({ min: 1, max: 200 })
          .map((n) => ({ server: { inside: `192.168.10.${n}`, transfer: `10.128.8.${n}`, ports: [25] } })),
      ),
      since: instant,
      seconds: fc.integer({ min: 0, max: 1_000_000 }),
    })
    .map(({ what, since, seconds }) => ({ ...what, since: time(since), until: time(since + seconds) })),
  { maxLength: 4 },
);

/** The same, with anything kept, of the municipality or of one of its domains. */
export const withKept: fc.Arbitrary<Municipality> = fc
  .tuple(municipalities, anyKept, anyKept, fc.nat())
  .map(([m, kept, ofDomain, i]) => {
    const domain = m.domains[i % m.domains.length]?.name;
    return {
      ...m,
      kept: [...kept, ...ofDomain.map((entry) => ('stage' in entry ? { ...entry, domain } : entry))],
    };
  });

const move = fc.record({
  what: fc.oneof(
    fc.constantFrom('back' as const, 'drop' as const),
    fc.nat({ max: 2 }).map((domain) => ({ domain })),
  ),
  seconds: fc.integer({ min: 0, max: 600_000 }),
});

/**
 * Municipalities that have gone back some way from their last stage, together or domain by domain, and have let go of some of what was kept,
 * with the time at which they stand there.
 */
export const onTheWay: fc.Arbitrary<{ m: Municipality; p: Platform; time: Date }> = fc
  .tuple(municipalities, platforms, fc.array(move, { maxLength: 6 }))
  .map(([m, p, moves]) => {
    let [here, time] = [{ ...m, stage: lastStage(m.routing) }, now] as [Municipality, Date];
    for (const { what, seconds } of moves) {
      time = new Date(time.getTime() + seconds * 1000);
      here = moved(here, p, what, time);
    }
    return { m: here, p, time };
  });

/** A move that is refused is not made. */
function moved(
  m: Municipality,
  p: Platform,
  what: 'back' | 'drop' | { domain: number },
  time: Date,
): Municipality {
  if (what === 'drop') return dropKept(withdrawn(m), p, time).after;
  const domain = what === 'back' ? undefined : m.domains[what.domain];
  const change = domain
    ? changeDomainStage(m, p, domain.name, stageOfDomain(m, domain) - 1, time)
    : changeStage(m, p, m.stage - 1, time);
  return isRefusal(change) ? m : change.after;
}
