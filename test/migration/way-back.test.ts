import fc from 'fast-check';
import type { Domain, Municipality, StageNumber } from '../../lib/config/municipality.js';
import { desiredState } from '../../lib/migration/desired-state.js';
import { changeDomainStage } from '../../lib/migration/domain-change.js';
import { stageOfDomain } from '../../lib/migration/domains.js';
import { dropKept } from '../../lib/migration/drop-kept.js';
import { germanTime } from '../../lib/migration/german-time.js';
import { elementIds } from '../../lib/migration/kinds.js';
import { changeStage, isRefusal, nextStage, type Refusal } from '../../lib/migration/stage-change.js';
import { lastStage } from '../../lib/migration/stages.js';
import {
  domainWayBackAfterNext,
  wayBack,
  wayBackAfterMx,
  wayBackAfterNext,
  wayBackOfDomain,
  type WayBack,
  type WayBackStep,
} from '../../lib/migration/way-back.js';
import { wayBackJson, wayBackText } from '../../lib/migration/way-back-text.js';
import { after, at, doppelstadt, musterstadt, now, platform, teilhausen, withdrawn } from './examples.js';
import { municipalities, platforms } from './generate.js';

const plan = (m: Municipality, p = platform, reached?: StageNumber): WayBack => {
  const back = wayBack(m, p, now, reached);
  if (isRefusal(back)) throw new Error(back.refused);
  return back;
};

const back = (m: Municipality): Municipality => {
  const change = changeStage(m, platform, m.stage - 1, now);
  if (isRefusal(change)) throw new Error(change.refused);
  return change.after;
};

/** Has been back some edges already, so that something is kept. */
const onTheWay = fc
  .tuple(municipalities, platforms, fc.integer({ min: 0, max: 4 }))
  .map(([m, p, steps]): [Municipality, typeof p] => {
    let here = m;
    for (let i = 0; i < steps && here.stage > 0; i++) {
      const change = changeStage(here, p, here.stage - 1, now);
      if (isRefusal(change)) throw new Error(change.refused);
      here = change.after;
    }
    return [here, p];
  });

describe('for every municipality, platform, stage, routing, and whatever is kept of a way back', () => {
  test('doing what the steps say, by the functions that write the file, ends at stage 0 with nothing kept', () => {
    fc.assert(
      fc.property(onTheWay, ([m, p]) => {
        const { steps, seconds } = plan(m, p);
        let here = m;
        let clock = now.getTime();
        for (const step of steps) {
          clock += step.wait * 1000;
          if (step.kind === 'edge') {
            const change = changeStage(here, p, here.stage - 1, new Date(clock));
            if (isRefusal(change)) throw new Error(change.refused);
            here = change.after;
          } else {
            const review = dropKept(withdrawn(here), p, new Date(clock));
            expect(review.due).not.toEqual([]);
            here = review.after;
          }
          clock += step.silence * 1000;
          expect(here).toEqual(step.after);
        }
        expect([here.stage, here.kept]).toEqual([0, []]);
        expect(elementIds(desiredState(here, p))).toEqual([]);
        expect(seconds).toBe(steps.reduce((sum, { wait, silence }) => sum + wait + silence, 0));
      }),
    );
  });

  test('before its time nothing is taken away, and a route only with time for the queue', () => {
    fc.assert(
      fc.property(onTheWay, ([m, p]) => {
        for (const { kind, before, after, at, wait, queue, silence, changes } of plan(m, p).steps) {
          if (kind !== 'drop') continue;
          if (wait > queue) {
            const early = new Date(Date.parse(at) - queue * 1000 - 1000);
            expect(dropKept(before, p, early).due).toEqual([]);
          }
          const route = changes.removed.some(({ id }) => id.startsWith('relay_route:'));
          expect(queue).toBe(route ? p.senderQueueLifetime : 0);
          const [was, is] = [desiredState(before, p).gate, desiredState(after, p).gate];
          const mayOthersSend = is.declares.some((id) => id.startsWith('relay_client:'));
          const listened = was.declares
            .filter((id) => !is.declares.includes(id))
            .some(
              (id) =>
                /^relay_(client|.*\/(ndb|internal)$)/.test(id) || (mayOthersSend && id.startsWith('sender:')),
            );
          expect(silence).toBe(listened ? Math.max(0, p.silenceTime - queue) : 0);
        }
      }),
    );
  });

  test('the plan exists before the edge forward is taken, and is the one after it', () => {
    fc.assert(
      fc.property(onTheWay, ([m, p]) => {
        const next = nextStage(m);
        expect(wayBackAfterNext(m, p, now)).toEqual(next && plan(tested(reported(next)), p));
        expect(next === undefined).toBe(m.stage === lastStage(m.routing));
      }),
    );
  });

  test('from the middle of an edge it leads to stage 0 as well', () => {
    fc.assert(
      fc.property(onTheWay, fc.constantFrom(-1, 1), ([m, p], by) => {
        const reached = m.stage + by;
        if (reached < 0 || reached > lastStage(m.routing)) return;
        const { steps, from } = plan(m, p, reached as StageNumber);
        expect(from).toBe(reached);
        const after = steps.at(-1)?.after ?? m;
        expect([after.stage, after.kept]).toEqual([0, []]);
        expect(steps[0]?.kind).toBe(by === 1 ? 'finish' : m.stage > 0 ? 'edge' : undefined);
      }),
    );
  });
});

/** Every domain that stands in the NdB was reported, as the gate asks. */
const reported = (m: Municipality): Municipality => ({
  ...m,
  domains: m.domains.map((domain) =>
    stageOfDomain(m, domain) === 3 || stageOfDomain(m, domain) === 4
      ? { ...domain, ndb: standing(domain.ndb) ?? { reference: 'folgt', reportedOn: '2025-06-01' } }
      : domain,
  ),
});
/** … and every MX has moved, as the last deploy of stage 4 does it. */
const tested = (m: Municipality): Municipality => {
  const isWaiting = (domain: Domain): boolean =>
    stageOfDomain(m, domain) === 4 &&
    (domain.stage === undefined ? m : domain).outgoingTestPassedOn === undefined;
  const day = { outgoingTestPassedOn: '2025-06-01' };
  return {
    ...m,
    ...(m.domains.some((domain) => domain.stage === undefined && isWaiting(domain)) && day),
    domains: m.domains.map((domain) =>
      domain.stage !== undefined && isWaiting(domain) ? { ...domain, ...day } : domain,
    ),
  };
};
const standing = (ndb: Domain['ndb']): Domain['ndb'] => (ndb?.withdrawnOn === undefined ? ndb : undefined);

const deeds = (steps: WayBackStep[]): string[] =>
  steps.flatMap((step, i) => step.deeds.map(({ who, when, what }) => `${i + 1} ${who} ${when}: ${what}`));

describe('who does what', () => {
  test('a zone at a hoster goes back before the edge, so that no clock starts too early', () => {
    const named = deeds(plan(at(4, doppelstadt)).steps).filter((deed) => deed.includes('hosterblatt'));
    expect(named).toEqual([
      '1 Kommune vor dem Deploy: lässt bei ihrem Hoster den MX von doppelstadt.example zurückstellen, nach dem Blatt, das Dataport druckt (npx mailversand hosterblatt doppelstadt --zurueck)',
      '1 Dataport Techniker vor dem Deploy: wartet, bis jeder zuständige Nameserver den alten MX von doppelstadt.example zeigt (npx mailversand hosterblatt doppelstadt --zurueck --warten)',
      '2 Kommune nach dem Deploy: lässt bei ihrem Hoster die TTL des MX von doppelstadt.example zurückstellen, nach dem Blatt, das Dataport druckt (npx mailversand hosterblatt doppelstadt)',
    ]);
  });

  test('an SPF record at a hoster is put back when the relay has left it', () => {
    const domains = musterstadt.domains.map((domain) => ({ ...domain, writer: 'hoster' }));
    const [deed] = deeds(plan(at(4, { ...musterstadt, domains })).steps).filter((one) =>
      one.includes('den SPF'),
    );
    expect(deed).toMatch(/^6 Kommune nach dem Deploy: lässt bei ihrem Hoster den SPF-Eintrag/);
  });

  test('before the municipality sends its old way again, its SPF record must permit that', () => {
    const asked = ({ steps }: WayBack): string[] =>
      deeds(steps).filter((deed) => deed.includes('im SPF-Eintrag'));
    const deed =
      'prüft, dass im SPF-Eintrag noch die Server stehen, über die sie früher gesendet hat, und lässt nachtragen, was fehlt (der Deploy fragt noch einmal nach denen, die er dort gesehen hat)';
    expect(asked(plan(at(4, doppelstadt)))).toEqual([`1 Kommune vor dem Deploy: ${deed}: stadt.example`]);
    expect(asked(plan(back(at(4)), platform, 4))).toEqual([
      `1 Kommune vor dem Deploy: ${deed}: musterstadt.example`,
    ]);
    expect(asked(ofSecond(beside(4)))).toEqual([]);
    expect(asked(plan(at(3)))).toEqual([]);
  });

  test('the municipality switches its outgoing mail back before it is no client any more', () => {
    const { steps } = plan(at(4));
    const [outgoing] = deeds(steps).filter((deed) => deed.includes('ausgehende Mail'));
    const drop = steps.find(({ releases }) => releases.some((kept) => 'stage' in kept && kept.stage === 4));
    expect(outgoing).toContain(germanTime(drop?.at ?? ''));
    expect(drop?.deeds.map(({ what }) => what).join()).toContain('kein Kundenmailserver mehr');
  });

  test('the lock is lifted after the deploy that takes the route away, with what is typed on the relay', () => {
    const { steps } = plan(at(4, doppelstadt));
    const lifted = deeds(steps).filter((deed) => deed.includes('Sperre'));
    const begin = `${steps.length} Dataport Techniker nach dem Deploy: hebt am Relay relay1 die Sperre von`;
    expect(lifted.map((deed) => deed.replace(/ auf,.*/, ''))).toEqual([
      `${begin} doppelstadt.example`,
      `${begin} stadt.example`,
    ]);
    expect(lifted[1]).toContain('postmap -d stadt.example lmdb:/var/lib/mailversand-relay/transport');
    expect(deeds(plan({ ...at(1), kept: [] }).steps).join()).not.toContain('Sperre');
  });

  describe('the day on which the NdB confirmed that a domain is withdrawn', () => {
    const asked = (m: Municipality): string[] =>
      deeds(plan(m).steps).filter((deed) => deed.includes('ndb.withdrawnOn'));
    const withNdb = (m: Municipality, ...ndb: Domain['ndb'][]): Municipality => ({
      ...m,
      domains: m.domains.map((domain, i) => ({ ...domain, ndb: ndb[i] })),
    });
    const report = { reference: 'NDB-17', reportedOn: '2025-03-01' };

    test('is asked for once, of the domains that were reported', () => {
      expect(asked(withNdb(at(4, doppelstadt), report))).toEqual([
        expect.stringMatching(/bestätigt hat \(ndb.withdrawnOn\): stadt.example$/),
      ]);
    });

    test('is not asked for where none was reported, or it is known', () => {
      expect(asked(withNdb(at(3)))).toEqual([]);
      expect(asked(withNdb(at(3), { ...report, withdrawnOn: '2025-05-30' }))).toEqual([]);
      expect(asked(withNdb(at(2), report))).toEqual([]);
    });

    test('of a domain that goes by itself, only its own', () => {
      const steps = (m: Municipality): string => deeds(ofSecond(m).steps).join();
      expect(steps(beside(4))).toMatch(/\(ndb.withdrawnOn\): doppelstadt.example(,|$)/);
      expect(steps(withNdb(beside(4), report))).not.toContain('ndb.withdrawnOn');
    });

    test('is part of the plan after the next edge, which reports the domains', () => {
      const all = deeds(wayBackAfterNext(withNdb(at(2)), platform, now)?.steps ?? []).join('\n');
      expect(all).toContain('meldet beim NdB ab: musterstadt.example');
      expect(all).toContain('(ndb.withdrawnOn): musterstadt.example');
      const withdrawn = withNdb(at(2), { ...report, withdrawnOn: '2025-05-30' });
      expect(wayBackAfterNext(withdrawn, platform, now)).toEqual(
        wayBackAfterNext(withNdb(at(2)), platform, now),
      );
      expect(deeds(ofSecond(withNdb(beside(2)), domainWayBackAfterNext).steps).join()).toContain(
        '(ndb.withdrawnOn): doppelstadt.example',
      );
    });
  });

  test('after any step it can go forwards again, with what has ended made anew', () => {
    expect(wayBackText(plan(at(4)))).toContain(
      'was inzwischen abgelaufen oder beim NdB abgemeldet ist, muss dafür neu genehmigt, geprüft oder gemeldet werden.',
    );
  });

  test('without a way out there is none to switch back', () => {
    const { steps } = plan({ ...at(3), kept: [] });
    expect(deeds(steps).filter((deed) => deed.includes('ausgehende Mail'))).toEqual([]);
  });
});

describe('as people read it', () => {
  test.each([
    ['complete routing, from stage 4', plan(at(4))],
    ['two servers, a zone at a hoster', plan(at(4, doppelstadt))],
    ['partial routing, from stage 3', plan(at(3, teilhausen))],
    ['an edge back that was not finished', plan(back(at(4)), platform, 4)],
  ])('%s', (_, back) => {
    expect(wayBackText(back)).toMatchSnapshot();
  });

  test('a replaced server that is kept', () => {
    const server = { inside: '192.168.10.4', transfer: '10.128.0.9', ports: [25] };
    const times = { since: '2025-06-01T00:00:00Z', until: '2025-06-01T00:00:00Z' };
    const kept = [{ server, ...times }];
    expect(wayBackText(plan({ ...at(0), kept }))).toContain('der ersetzte Mailserver 192.168.10.4');
  });

  test('what is kept of a domain', () => {
    const kept = [{ stage: 2 as const, domain: 'stadt.example', since: after(0), until: after(9) }];
    const domains = doppelstadt.domains.map((domain, i) =>
      i === 0 ? { ...domain, stage: 1 as const } : domain,
    );
    expect(wayBackText(plan({ ...at(2, doppelstadt), domains, kept }))).toContain(
      'was Abschnitt 2 für stadt.example gebracht hat',
    );
  });

  test('nothing to do', () => {
    expect(wayBackText(plan(at(0)))).toContain('Nichts zu tun');
    expect(wayBackText(plan(at(1)))).toContain('ohne Wartezeit');
  });

  test('one wait', () => {
    expect(wayBackText(plan(at(2)))).toContain('in 1 Wartezeit, wenn niemand mehr');
  });

  test('where nobody sends by it any more, as long as the sum of waits and silences, which are counted', () => {
    const { steps, seconds } = plan(at(4));
    const times = steps.flatMap(({ wait, silence }) => [wait, silence].filter((time) => time > 0));
    expect(seconds).toBe(times.reduce((sum, time) => sum + time));
    expect(wayBackText(plan(at(4)))).toContain(
      `höchstens 6 Minuten 50 Sekunden, in ${times.length} Wartezeiten, wenn niemand mehr auf einem Weg sendet, der endet; Deploys`,
    );
  });

  test.each([
    [50, 2],
    [86_400, 2],
    [86_401, 3],
    [259_200, 4],
    [2_592_000, 31],
  ])('a deploy that waits for a silence of %d s is told to wait %d days', (silenceTime, days) => {
    const waits = [...wayBackText(plan(at(4), { ...platform, silenceTime })).matchAll(/--wait (\d+)d/g)];
    expect(waits.map(([, told]) => told)).toEqual([String(days), String(days), String(days)]);
  });
});

/** Doppelstadt, with a second domain that stands at a stage of its own. */
const beside = (stage?: StageNumber): Municipality => ({
  ...at(4, doppelstadt),
  domains: doppelstadt.domains.map((domain, i) =>
    i === 0
      ? { ...domain, stage: undefined }
      : { ...domain, stage, outgoingTestPassedOn: '2025-05-01', connectionTestPassedOn: '2025-04-01' },
  ),
});
const second = doppelstadt.domains[1]?.name ?? '';
const stageOfSecond = (m: Municipality): StageNumber => stageOfDomain(m, m.domains[1] ?? {});
const ofSecond = (m: Municipality, plan = wayBackOfDomain): WayBack => {
  const back = plan(m, platform, second, now);
  if (isRefusal(back)) throw new Error(back.refused);
  return back;
};

describe('of a domain by itself', () => {
  test('doing what the steps say ends at its stage 0 with nothing of it kept, and leaves the others as they were', () => {
    for (const stage of [undefined, 4, 3, 2, 1, 0] as const) {
      const m = beside(stage);
      const { steps, from } = ofSecond(m);
      expect(from).toBe(stage ?? 4);
      let here = m;
      let clock = now.getTime();
      for (const { kind, wait, silence, after } of steps) {
        clock += wait * 1000;
        const [, other] = withdrawn(here).domains;
        const review = { ...here, domains: [m.domains[0], other] } as Municipality;
        const change = changeDomainStage(here, platform, second, stageOfSecond(here) - 1, now);
        if (kind === 'edge' && isRefusal(change)) throw new Error(change.refused);
        here =
          kind === 'edge' && !isRefusal(change)
            ? change.after
            : dropKept(review, platform, new Date(clock)).after;
        clock += silence * 1000;
        expect(here).toEqual(after);
      }
      expect([stageOfSecond(here), here.kept]).toEqual([0, []]);
      expect(here.domains[0]).toEqual(m.domains[0]);
      expect(here.stage).toBe(4);
    }
  });

  test('its mail must have fallen silent before it may not send any more, while others may', () => {
    const { steps } = ofSecond(beside(4));
    const drop = steps.find(({ releases }) => releases.some((kept) => 'stage' in kept && kept.stage === 4));
    expect(drop?.silence).toBe(platform.silenceTime);
    expect(drop?.deeds.map(({ what }) => what)).toContain(
      'prüft, dass über das Relay keine Mail mehr unter doppelstadt.example gesendet wird (das Protokoll des Relays; der Deploy prüft es noch einmal)',
    );
  });

  test('exists before its edge forward; at its municipality’s stage there is none', () => {
    const next = changeDomainStage(beside(2), platform, second, 3, now);
    if (isRefusal(next)) throw new Error(next.refused);
    expect(ofSecond(beside(2), domainWayBackAfterNext)).toEqual(ofSecond(next.after));
    expect(domainWayBackAfterNext(beside(4), platform, second, now)).toMatchObject({ rule: 'domain-ahead' });
  });

  test('as people read it, from stage 4', () => {
    expect(wayBackText(ofSecond(beside(4)))).toMatchSnapshot();
  });

  test('as machines read it', () => {
    expect(wayBackJson(ofSecond(beside(1)))).toMatchSnapshot();
  });

  test('is refused of one that there is not, and of the last that stands where the municipality stands', () => {
    expect(wayBackOfDomain(beside(4), platform, 'fremd.example', now)).toMatchObject({
      rule: 'domain-unknown',
    });
    expect(wayBackOfDomain(at(4, musterstadt), platform, 'musterstadt.example', now)).toMatchObject({
      rule: 'domain-last',
      remedy: 'npx mailversand rueckweg musterstadt',
    });
  });
});

describe('the MX moves last, and its way back is known before', () => {
  const check = /prüft, dass ihr bisheriger Weg trägt: .* Mail für (\S+) an$/;
  const moved = (back: WayBack | Refusal | undefined): string[] => {
    if (back === undefined || isRefusal(back)) return [];
    return back.steps.flatMap((step) => step.deeds.flatMap(({ what }) => check.exec(what)?.[1] ?? []));
  };
  const untested = (m: Municipality): Municipality => ({ ...m, outgoingTestPassedOn: undefined });
  const third = { ...doppelstadt.domains[0], name: 'dritte.example', stage: 4 } as Domain;

  test('before stage 4 is entered', () => {
    const m = untested(at(3, doppelstadt));
    expect(moved(wayBackAfterNext(m, platform, now))).toEqual(['doppelstadt.example', 'stadt.example']);
    expect(deeds((wayBackAfterNext(m, platform, now) as WayBack).steps).join()).toContain('hosterblatt');
  });

  test('at stage 4, where it waits for the test of the outgoing path', () => {
    const waiting = untested(at(4, doppelstadt));
    expect(moved(wayBack(waiting, platform, now))).toEqual([]);
    expect(moved(wayBackAfterMx(waiting, platform, now))).toEqual(['doppelstadt.example', 'stadt.example']);
    expect(wayBackAfterMx(at(4), platform, now)).toBeUndefined();
    expect(wayBackAfterMx(untested(at(3)), platform, now)).toBeUndefined();
  });

  test('of a domain by itself, and of no other', () => {
    const joining = { ...beside(3), domains: beside(3).domains.map(untestedDomain) };
    const after = domainWayBackAfterNext(joining, platform, second, now);
    expect(moved(after)).toEqual([second]);
    const domains = [...beside(4).domains.map(untestedDomain), third];
    const waiting = { ...beside(4), domains };
    expect(moved(wayBackAfterMx(waiting, platform, now, second))).toEqual([second]);
    expect(moved(wayBackAfterMx(waiting, platform, now)).sort()).toEqual(
      [second, 'dritte.example', 'stadt.example'].sort(),
    );
    expect(wayBackAfterMx(waiting, platform, now, 'stadt.example')).toBeUndefined();
  });

  const untestedDomain = (domain: Domain): Domain => ({ ...domain, outgoingTestPassedOn: undefined });
});

test('as machines read it', () => {
  expect(wayBackJson(plan(at(2)))).toMatchSnapshot();
});

test('a file that is two edges from the register is refused, with what to do', () => {
  expect(wayBack(at(4), platform, now, 2)).toMatchObject({
    remedy: 'write `stage: 2` into the file, and under kept what stood there then',
    rule: 'stage-one-step',
  });
  expect(wayBack(at(1), platform, now, 4)).toMatchObject({
    remedy: 'go forward in the file again, up to stage 3: npx mailversand stage musterstadt 2',
  });
});
