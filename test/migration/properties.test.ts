import fc from 'fast-check';
import type { Municipality, StageNumber } from '../../lib/config/municipality.js';
import type { Platform } from '../../lib/config/platform.js';
import { desiredState } from '../../lib/migration/desired-state.js';
import { dropKept } from '../../lib/migration/drop-kept.js';
import { elementIds } from '../../lib/migration/kinds.js';
import { changeDomainStage, removeDomain } from '../../lib/migration/domain-change.js';
import { stageOfDomain } from '../../lib/migration/domains.js';
import { changeStage, isRefusal } from '../../lib/migration/stage-change.js';
import { now, after, withdrawn } from './examples.js';
import { municipalities, platforms, withKept } from './generate.js';

const ids = (m: Municipality, p: Platform): string[] => elementIds(desiredState(m, p));

/** What carries mail: at its absence a mail bounces, waits or takes another way. */
const carries = (id: string): boolean =>
  /^(dnat_rule|snat_rule|firewall_opening|relay_route|relay_acceptance|relay_client):/.test(id);

const step = (m: Municipality, p: Platform, to: number, at = now): Municipality => {
  const change = changeStage(m, p, to, at);
  if (isRefusal(change)) throw new Error(change.refused);
  return change.after;
};

const holds = (property: (m: Municipality, p: Platform) => void, from = withKept): void => {
  fc.assert(fc.property(from, platforms, property), { numRuns: 100 });
};

describe('for every municipality, platform, stage, routing and kept', () => {
  test('a route has its way: opening and both translations for each of its next hops', () => {
    holds((m, p) => {
      const state = desiredState(m, p);
      for (const { address, port } of state.relayRoutes.flatMap(({ nextHops }) => nextHops)) {
        const dnat = state.dnatRules.find((rule) => rule.address === address && rule.port === port);
        expect(dnat).toBeDefined();
        expect(state.openings.some((o) => o.destination === address && o.port === port)).toBe(true);
        expect(state.snatRules.some((rule) => rule.destination === dnat?.toAddress)).toBe(true);
      }
    });
  });

  test('what a listener accepts has a route', () => {
    holds((m, p) => {
      const state = desiredState(m, p);
      const routed = state.relayRoutes.map(({ domain }) => domain);
      expect(state.relayAcceptances.filter(({ domain }) => !routed.includes(domain))).toEqual([]);
    });
  });

  test('an MX that names the relay has its acceptance on the Internet listener', () => {
    holds((m, p) => {
      const { mxRecordSets, relayAcceptances } = desiredState(m, p);
      const relayed = mxRecordSets.filter(({ records }) =>
        records.some(({ host }) => host.endsWith('relay.example')),
      );
      for (const { domain } of relayed) {
        expect(relayAcceptances).toContainEqual(
          expect.objectContaining({ domain, class: 'internet', announced: true }),
        );
      }
    });
  });

  test('a reported domain has its acceptance on the NdB listener', () => {
    holds((m, p) => {
      const { ndbDomains, relayAcceptances } = desiredState(m, p);
      for (const { domain } of ndbDomains) {
        expect(relayAcceptances).toContainEqual(
          expect.objectContaining({ domain, class: 'ndb', announced: true }),
        );
      }
    });
  });

  test('a client of the relay has its way there, and the SPF string of each of its domains lists the relay', () => {
    holds((m, p) => {
      const state = desiredState(m, p);
      const servers = [...m.servers, ...m.kept.flatMap((kept) => ('server' in kept ? kept.server : []))];
      for (const { address, senderDomains } of state.relayClients) {
        // A host that changes its transfer address is hidden behind one of them at a time.
        const host = servers.find(({ transfer }) => transfer === address)?.inside;
        const snat = state.snatRules.find(({ source }) => source === host);
        expect(state.openings.some(({ source }) => source === snat?.source)).toBe(true);
        expect(state.dnatRules.some(({ toAddress }) => toAddress === snat?.destination)).toBe(true);
        const silent = state.spfRecordSets.filter(({ value }) => !value.includes('ip4:203.0.113.10'));
        expect(silent.filter(({ domain }) => senderDomains.includes(domain))).toEqual([]);
      }
    });
  });

  test('every opening is ordered by one matrix row, and every row opens something', () => {
    holds((m, p) => {
      const { openings, matrix } = desiredState(m, p);
      expect(matrix).toHaveLength(openings.length);
    });
  });

  test('nothing is opened or translated for IPv6', () => {
    holds((m, p) => {
      const { openings, dnatRules, snatRules, matrix } = desiredState(m, p);
      const addresses = [
        ...openings.flatMap(({ source, destination }) => [source, destination]),
        ...dnatRules.flatMap(({ address, toAddress }) => [address, toAddress]),
        ...snatRules.flatMap(({ source, destination, toAddress }) => [source, destination, toAddress]),
        ...matrix.flatMap(({ source, destination }) => [source, destination]),
      ];
      expect(addresses.filter((address) => !/^\d+\.\d+\.\d+\.\d+$/.test(address))).toEqual([]);
    });
  });

  test('ids are unique and sorted', () => {
    holds((m, p) => {
      const found = ids(m, p);
      expect(found).toEqual([...new Set(found)].sort());
    });
  });

  test('the state does not depend on the order of domains and of what is kept', () => {
    holds((m, p) => {
      const turned = { ...m, domains: [...m.domains].reverse(), kept: [...m.kept].reverse() };
      const { gate, ...state } = desiredState(turned, p);
      const { gate: sameGate, ...same } = desiredState(m, p);
      expect(state).toEqual(same);
      expect(gate.declares).toEqual(sameGate.declares);
    });
  });

  test('what is held is declared, and is not what the stage itself declares', () => {
    holds((m, p) => {
      const { gate } = desiredState(m, p);
      const inForce = desiredState({ ...m, kept: [] }, p).gate.declares;
      const held = gate.holds.map(({ id }) => id);
      // What the servers have to cope with may change while something is kept.
      const kept = gate.declares.filter((id) => !inForce.includes(id) && !/^route_(tls|limit):/.test(id));
      expect(held).toEqual(kept);
    });
  });
});

describe('for every municipality with nothing kept', () => {
  test('stage 0 is empty', () => {
    holds((m, p) => expect(ids({ ...m, stage: 0 }, p)).toEqual([]), municipalities);
  });

  test('a stage contains all earlier ones', () => {
    holds((m, p) => {
      if (m.stage === 0) return;
      const now = ids(m, p);
      expect(ids({ ...m, stage: (m.stage - 1) as StageNumber }, p).filter((id) => !now.includes(id))).toEqual(
        [],
      );
    }, municipalities);
  });

  test('partial routing leaves MX and SPF as they were, whatever the stage', () => {
    holds((m, p) => {
      const state = desiredState({ ...m, routing: 'teilweise' }, p);
      for (const { domain, ttl, value } of state.spfRecordSets) {
        expect(m.domains).toContainEqual(expect.objectContaining({ name: domain, spf: { ttl, value } }));
      }
      for (const { domain, ttl, records } of state.mxRecordSets) {
        const { mx } = m.domains.find(({ name }) => name === domain) ?? {};
        expect({ ttl, hosts: records.map(({ host }) => host).sort() }).toEqual({
          ttl: mx?.ttl,
          hosts: mx?.records.map(({ host }) => host).sort(),
        });
      }
    }, municipalities);
  });
});

describe('going back', () => {
  test('step by step to stage 0, nothing that carries mail goes, if mail was routed over it', () => {
    holds((m, p) => {
      let here = m;
      while (here.stage > 0) {
        const before = ids(here, p).filter(carries);
        here = step(here, p, here.stage - 1);
        const still = ids(here, p);
        if (before.some((id) => id.startsWith('relay_route:')))
          expect(still).toEqual(expect.arrayContaining(before));
      }
    }, municipalities);
  });

  test('everything that went out of force is held at least as long as the stage asks for', () => {
    holds((m, p) => {
      if (m.stage < 2) return;
      const back = step(m, p, m.stage - 1);
      const { gate } = desiredState(back, p);
      const inForce = ids({ ...back, kept: [] }, p);
      const left = ids(m, p).filter((id) => carries(id) && !inForce.includes(id));
      expect(
        left.filter(
          (id) => !gate.holds.some((hold) => hold.id === id && hold.until >= after(p.senderQueueLifetime)),
        ),
      ).toEqual([]);
    }, municipalities);
  });

  test('and forward again is as if one had never gone back, from however far', () => {
    fc.assert(
      fc.property(municipalities, platforms, fc.integer({ min: 1, max: 4 }), (m, p, steps) => {
        let here = m;
        for (let i = 0; i < steps && here.stage > 0; i++) here = step(here, p, here.stage - 1);
        while (here.stage < m.stage) here = step(here, p, here.stage + 1);
        here = { ...here, settling: undefined };
        expect(here).toEqual(m);
        expect(desiredState(here, p)).toEqual(desiredState(m, p));
      }),
    );
  });

  test('what is kept goes when its time has passed, not a second earlier, and leaves what the stage says', () => {
    fc.assert(
      fc.property(municipalities, platforms, fc.integer({ min: 1, max: 4 }), (m, p, steps) => {
        let here = m;
        for (let i = 0; i < steps && here.stage > 0; i++) here = step(here, p, here.stage - 1);
        const ends = here.kept.map(({ until }) => Date.parse(until));
        const last = Math.max(0, ...ends);
        here = withdrawn(here);
        const early = dropKept(here, p, new Date(last - 1000)).after;
        if (ends.length > 0) expect(early.kept).not.toEqual([]);
        // SPF outlives the clients by a queue lifetime, and at stage 0 has a deploy of its own.
        const spf = new Date(last + p.senderQueueLifetime * 1000);
        const gone = [new Date(last), spf, spf].reduce((m, time) => dropKept(m, p, time).after, here);
        expect(gone.kept).toEqual([]);
        expect(ids(gone, p)).toEqual(ids({ ...here, kept: [] }, p));
      }),
    );
  });

  test('no SPF string is released with the relay in it', () => {
    fc.assert(
      fc.property(municipalities, platforms, fc.integer({ min: 1, max: 100 }), (m, p, hours) => {
        let here = m;
        for (let i = 1; here.stage > 0 || here.kept.length > 0; i++) {
          const before = desiredState(here, p).spfRecordSets;
          const time = new Date(now.getTime() + i * hours * 3_600_000);
          here =
            i % 2 === 1 || here.stage === 0
              ? dropKept(withdrawn(here), p, time).after
              : step(here, p, here.stage - 1, time);
          const declared = desiredState(here, p).spfRecordSets.map(({ domain }) => domain);
          const released = before.filter(({ domain }) => !declared.includes(domain));
          expect(released.filter(({ value }) => value.includes('ip4:203.0.113.10'))).toEqual([]);
        }
      }),
    );
  });
});

describe('a domain that goes by itself', () => {
  const last = (m: Municipality) => m.domains.at(-1) as Municipality['domains'][number];
  const move = (m: Municipality, p: Platform, to: number, time = now): Municipality => {
    const change = changeDomainStage(m, p, last(m).name, to, time);
    if (isRefusal(change)) throw new Error(change.refused);
    return change.after;
  };
  /** With two domains at least, of which the last goes. */
  const several = municipalities.filter(({ domains }) => domains.length > 1);
  const standing = (m: Municipality): number => stageOfDomain(m, last(m));

  test('touches nothing of the others', () => {
    holds((m, p) => {
      const to = standing(m) < m.stage ? standing(m) + 1 : standing(m) - 1;
      if (to < 0) return;
      const others = (one: Municipality): object[] => {
        const { mxRecordSets, spfRecordSets, ndbDomains, relayAcceptances, gate } = desiredState(one, p);
        // A connection test counts for all domains of a municipality together, so it is of each of them.
        const moves = gate.moves.map((move) => ({ ...move, tested: '' }));
        const sets = [mxRecordSets, spfRecordSets, ndbDomains, relayAcceptances, moves].flat();
        return sets.filter(({ domain }) => domain !== last(m).name);
      };
      expect(others(move(m, p, to))).toEqual(others(m));
    }, several);
  });

  test('loses nothing that carries its mail on the way back, and can be removed when its time is over', () => {
    holds((m, p) => {
      let here = m;
      while (standing(here) > 0) {
        const before = desiredState(here, p).gate.declares.filter(
          (id) => carries(id) || id.startsWith('sender:'),
        );
        here = move(here, p, standing(here) - 1);
        expect(desiredState(here, p).gate.declares).toEqual(expect.arrayContaining(before));
      }
      for (let i = 1; here.kept.length > 0; i += 1) {
        const { value } =
          desiredState(here, p).spfRecordSets.find(({ domain }) => domain === last(m).name) ?? {};
        here = dropKept(withdrawn(here), p, new Date(now.getTime() + i * 3_600_000_000)).after;
        const still = desiredState(here, p).spfRecordSets.some(({ domain }) => domain === last(m).name);
        expect(still || !value?.includes('ip4:203.0.113.10')).toBe(true);
      }
      expect(removeDomain(here, last(m).name)).toEqual({ remove: last(m).name });
    }, several);
  });

  test('and forward again is as if it had never gone back', () => {
    holds((m, p) => {
      const [to, stage] = [standing(m), last(m).stage];
      if (stage !== to) return;
      let here = m;
      while (standing(here) > 0) here = move(here, p, standing(here) - 1);
      while (standing(here) < to) here = move(here, p, standing(here) + 1);
      expect({ ...here, settling: undefined }).toEqual({ ...m, settling: undefined });
    }, several);
  });
});
