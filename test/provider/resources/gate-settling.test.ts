import { settles } from '../../../lib/provider/resources/gate-settling.js';
import { migrationGate } from '../../../lib/provider/resources/migration-gate.js';
import type { Engine } from '../engine.js';
import {
  gate,
  plan,
  planOn,
  put,
  settling,
  shown,
  stage1,
  stage2,
  standing,
  type Gate,
} from './gate-standing.js';
import { quietEdge } from './quiet-edge.js';

const [ofStage = '', ofMx = ''] = settling;
const without = (config: Gate, ...ids: string[]): Gate => ({
  ...config,
  declares: config.declares.filter((id) => !ids.includes(id)),
});

describe('an edge forwards', () => {
  test.each([
    [2, stage1, stage2],
    [3, stage2, stage2],
  ])('into stage %i keeps what is refused', async (stage, before, after) => {
    const engine = standing(stage - 1, before);
    const planned = gate(stage, after);
    await expect(plan(engine, without(planned, ofStage))).rejects.toThrow(/\[gate-settling\]/);
    await expect(plan(engine, without(planned, ofMx))).resolves.toBeDefined();
  });

  describe('is planned with a time of its own', () => {
    const since = '2026-02-28T12:00:00Z';
    const hold = { id: ofStage, since, until: '2026-03-02T12:00:00Z' };
    const before = standing(2, [...stage2, ofStage], [{ ...hold, recordedAt: since }]);
    const planned = gate(3, stage2);

    test('not with that of an earlier edge, which runs already', async () => {
      await expect(plan(before, { ...planned, holds: [hold] })).rejects.toThrow(/\[gate-settling\]/);
    });

    test('in the example it is as long as what was recorded', () => {
      const reached = {
        recorded: true,
        stage: 2,
        recordedAt: since,
        declares: new Set(stage2),
        holds: [{ ...hold, recordedAt: since }],
      };
      const now = new Date('2026-03-01T12:00:00Z');
      const edge = { ...quietEdge, municipality: 'musterstadt', stage: 3, declares: new Set(stage2), now };
      expect(settles.check({ ...edge, reached })[0]?.detail).toContain(
        '{ since: 2026-03-01T12:00:00Z, until: 2026-03-03T12:00:00Z }',
      );
    });

    test.each([
      ['a new one', { since: '2026-03-01T12:00:00Z', until: '2026-03-03T12:00:00Z' }],
      ['a new one, written a while ago', { since: '2026-03-01T09:00:00Z', until: '2026-03-03T09:00:00Z' }],
    ])('but with %s, which begins when it is recorded', async (_, times) => {
      await expect(plan(before, { ...planned, holds: [{ id: ofStage, ...times }] })).resolves.toBeDefined();
    });

    test('where no edge is taken, the one that runs is right', async () => {
      await expect(plan(before, { ...gate(2, stage2), holds: [hold] })).resolves.toBeDefined();
    });
  });

  test('into stage 1 brings no mail, and none is kept of it', async () => {
    await expect(plan(standing(0), without(gate(1, stage1), ...settling))).resolves.toBeDefined();
  });

  test('that is over, and going back, ask for nothing', async () => {
    const engine = standing(3, stage2);
    for (const stage of [3, 2])
      await expect(plan(engine, without(gate(stage, stage2), ...settling))).resolves.toBeDefined();
  });
});

describe('an MX that moves to the relay', () => {
  const [example] = migrationGate.example.moves;
  const move = {
    ...example,
    towards: 'relay',
    to: 'mx1.landesnetz.example',
    from: 'mail.musterstadt.example',
  };
  const planned = gate(4, stage2, { moves: [move as Gate['moves'][number]] });

  test('is built on no approval that has ended, though no stage is entered', async () => {
    const engine = standing(4, stage2);
    engine.memory.observations['musterstadt.example'] = [shown('10 mail.musterstadt.example.')];
    const ended = { ...planned, validUntil: '2025-01-01' };
    await expect(plan(engine, ended)).rejects.toThrow(
      'The MX of musterstadt.example may not move: an approval has ended [gate-expired]',
    );
    engine.memory.observations['musterstadt.example'] = [shown('10 mx1.landesnetz.example.')];
    await expect(plan(engine, ended)).resolves.toBeDefined();
  });

  test('keeps what is refused until every server shows it there', async () => {
    const engine = standing(4, stage2);
    engine.memory.observations['musterstadt.example'] = [shown('10 mail.musterstadt.example.')];
    await expect(plan(engine, without(planned, ofMx))).rejects.toThrow(/\[gate-settling\]/);
    const own = { ...planned, declares: [...planned.declares, `${ofMx}/musterstadt.example`] };
    await expect(plan(engine, without(own, ofMx))).rejects.not.toThrow(/\[gate-settling\]/);
    engine.memory.observations['musterstadt.example'] = [shown('10 mx1.landesnetz.example.')];
    await expect(plan(engine, without(planned, ...settling))).resolves.toBeDefined();
  });
});

describe('the time of settling at a zone that a hoster writes', () => {
  const [example] = migrationGate.example.moves;
  const move = { ...example, towards: 'relay', to: 'mx1.landesnetz.example' } as Gate['moves'][number];
  const atRelay = '10 mx1.landesnetz.example.';
  const hold = (id: string) => ({
    id,
    since: '2026-02-20T00:00:00Z',
    until: '2026-02-21T00:00:00Z',
    recordedAt: '2026-02-20T00:00:00Z',
  });
  /** A day after the hold ended; the servers were first seen at the relay at these times. */
  function seenAtRelay(...dataSince: (string | undefined)[]): Engine {
    const engine = standing(4, [...stage2, ...settling], settling.map(hold));
    engine.memory.now = '2026-02-22T12:00:00Z';
    engine.memory.observations['musterstadt.example'] = dataSince.map((_, i) => ({
      ...shown(atRelay),
      server: `192.0.2.${i}`,
    }));
    for (const [i, since] of dataSince.entries()) {
      const value = [
        'aa',
        atRelay,
        '300',
        '2026-02-22T11:00:00Z',
        '2026-02-22T11:00:00Z',
        'ops',
        '',
        '',
        '0',
      ];
      const key = ['musterstadt.example', 'MX', `192.0.2.${i}`];
      if (since) put(engine, 'register', { map: 'observations', key, value: [...value, since] });
    }
    return engine;
  }
  const ended = without(gate(4, stage2, { moves: [move] }), ...settling);

  test.each([
    ['at once on every server', ['2026-02-20T08:00:00Z', '2026-02-20T08:00:00Z'], undefined],
    [
      'on one server later than on the other',
      ['2026-02-20T08:00:00Z', '2026-02-22T08:00:00Z'],
      '2026-02-23T08:00:00Z',
    ],
    ['nobody knows when', [undefined], 'long enough '],
  ])('counts from when the MX was there: %s', async (_, since, refusal) => {
    const planned = planOn(seenAtRelay(...since), ended);
    await (refusal === undefined
      ? expect(planned).resolves.toBeDefined()
      : expect(planned).rejects.toThrow(new RegExp(`${refusal}[^]*\\[gate-settled-early\\]`)));
  });

  test('a server that does not answer may be the last', async () => {
    const engine = seenAtRelay('2026-02-20T08:00:00Z');
    const silent = { ...shown(''), server: '192.0.2.9', authoritative: false, problem: 'no answer' };
    engine.memory.observations['musterstadt.example']?.push(silent);
    await expect(planOn(engine, ended)).rejects.toThrow(/\[gate-settled-early\]/);
  });

  test('of a domain that joined alone is its own, and one that stays is enough', async () => {
    const own = `${ofMx}/musterstadt.example`;
    const engine = seenAtRelay('2026-02-22T08:00:00Z');
    const register = standing(4, [...stage2, ...settling, own], [...settling, own].map(hold));
    engine.memory.elements['register']?.splice(0, 3, ...(register.memory.elements['register'] ?? []));
    await expect(planOn(engine, ended)).rejects.toThrow(/\[gate-settled-early\]/);
    for (const id of [own, ofMx])
      await expect(planOn(engine, { ...ended, declares: [...ended.declares, id] })).resolves.toBeDefined();
  });

  test('is not asked about where an MX goes back, or nothing was kept', async () => {
    const back = { ...move, towards: 'municipality', to: 'mx1.landesnetz.example' };
    await expect(
      planOn(seenAtRelay('2026-02-22T08:00:00Z'), { ...ended, moves: [back] }),
    ).resolves.toBeDefined();
    const engine = standing(4, stage2);
    engine.memory.observations['musterstadt.example'] = [shown(atRelay)];
    await expect(planOn(engine, ended)).resolves.toBeDefined();
  });
});

test('an MX at the municipality that would name another server is asked about, too', async () => {
  const engine = standing(2, stage2);
  const [example] = migrationGate.example.moves;
  const move = { ...example, to: 'mial.musterstadt.example' };
  engine.memory.observations['musterstadt.example'] = [shown('10 mail.musterstadt.example.')];
  engine.memory.mailHosts['mial.musterstadt.example'] = [];
  const planned = gate(2, stage2, { moves: [move as Gate['moves'][number]] });
  await expect(plan(engine, planned)).rejects.toThrow(/\[gate-way-back\]/);
});
