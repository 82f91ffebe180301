import { UnreachableError } from '../../../lib/provider/element.js';
import { queued, quietQueue, recordQueues } from '../../../lib/provider/resources/gate-queue.js';
import type { Edge } from '../../../lib/provider/resources/gate-rule.js';
import { migrationGate } from '../../../lib/provider/resources/migration-gate.js';
import { migrationStage } from '../../../lib/provider/resources/migration-stage.js';
import { memoryFarEnds, storeOf } from '../memory-far-ends.js';
import { Engine } from '../engine.js';
import { gate, owner, plan, stage1, stage2, standing, type Stage } from './gate-standing.js';

describe('mail that waits at the relay', () => {
  const waiting = (count: number, limit = 100): Engine => {
    const engine = standing(2, stage2);
    engine.memory.queue['musterstadt.example'] = count;
    engine.memory.limits = { ...engine.memory.limits, queueLimit: limit };
    return engine;
  };

  test('above the limit refuses an edge forwards', async () => {
    await expect(plan(waiting(101), gate(3, stage2))).rejects.toThrow(
      /relay1 holds mail for 101 recipients of musterstadt.example, 0 of them deferred \[gate-queue\]/,
    );
    await expect(plan(waiting(1, 0), gate(3, stage2))).rejects.toThrow(/\[gate-queue\]/);
  });

  test.each([
    ['an edge forwards', 3],
    ['a deploy of the same stage', 2],
  ])('below it is shown before %s', async (_, stage) => {
    const resource = waiting(100).resource(migrationGate);
    await resource.plan(gate(stage, stage2));
    expect(resource.warnings).toEqual(['gate-queue']);
  });

  describe('and was deferred', () => {
    const grown = async (now: number[], stage = 3) => {
      const { memory } = waiting(9);
      const farEnds = memoryFarEnds(storeOf(memory));
      memory.deferred = { 'musterstadt.example': [2] };
      await recordQueues(owner, stage2, farEnds);
      memory.deferred = { 'musterstadt.example': now };
      const edge = {
        waiting: await queued(stage2, true, farEnds, [], () => Promise.resolve()),
        queueLimit: 100,
      };
      return quietQueue.check({ ...edge, forwards: stage === 3 } as unknown as Edge);
    };

    test('more than when the stage was recorded, and does not become less: refused', async () => {
      const [refused] = await grown([4]);
      expect(refused).toMatchObject({
        severity: 'error',
        summary:
          'relay1 holds mail for 9 recipients of musterstadt.example, 4 of them deferred (2 at the edge before, 2026-03-01T12:00:00Z)',
      });
    });

    test.each([
      ['becomes less', [4, 4, 3], 3],
      ['is no more than then', [2], 3],
      ['is more, and no edge follows', [4], 2],
    ])('%s: shown', async (_, now, stage) => {
      expect((await grown(now, stage)).map(({ severity }) => severity)).toEqual(['warning']);
    });

    test('is recorded with the stage, unless the relay cannot be asked', async () => {
      const engine = standing(1, stage1);
      engine.memory.deferred = { 'musterstadt.example': [3] };
      const { municipality, stage, declares, holds } = gate(2, stage2);
      const record: Stage = {
        municipality,
        owner,
        stage,
        declares,
        holds,
        digest: migrationStage.example.digest,
      };
      await engine.resource(migrationStage).deploy(record);
      const rows = engine.memory.elements['register'] ?? [];
      expect(rows.filter(({ map }) => map === 'queues')).toEqual([
        { map: 'queues', key: ['musterstadt.example'], value: ['3', '2026-03-01T12:00:00Z'], owner },
      ]);
      const away = {
        ...memoryFarEnds(storeOf(engine.memory)),
        deferred: () => Promise.reject(new UnreachableError('relay1')),
      };
      await expect(recordQueues(owner, stage2, away)).resolves.toBeUndefined();
    });
  });

  test('stops neither staying nor going back', async () => {
    await expect(plan(waiting(101), gate(2, stage2))).resolves.toBeDefined();
    await expect(plan(waiting(101), gate(1, stage2))).resolves.toBeDefined();
  });
});

describe('a relay that does not answer', () => {
  const dead = (stage: number, declares: string[]): Engine => {
    const engine = standing(stage, declares);
    engine.memory.unreachable = ['relay relay1'];
    return engine;
  };

  test('does not stop going back or staying, and is warned of', async () => {
    for (const stage of [3, 4]) {
      const resource = dead(4, stage2).resource(migrationGate);
      await expect(resource.plan(gate(stage, stage2))).resolves.toBeDefined();
      expect(resource.warnings).toEqual(['gate-relay-silent']);
    }
  });

  test('stops going on', async () => {
    await expect(plan(dead(2, stage2), gate(3, stage2))).rejects.toThrow(/\[unreachable\]/);
  });

  test('is asked also where nothing names it: an edge may have died there', async () => {
    const engine = standing(1, stage1);
    engine.memory.elements['relay relay1'] = [
      { map: 'transport', key: ['musterstadt.example'], value: ['10.128.0.1:25:may'], owner },
    ];
    await expect(plan(engine, gate(0, []))).rejects.toThrow(/gate-unfinished-edge/);
  });

  test('that nothing of the municipality names is none of its business', async () => {
    await expect(plan(dead(0, []), gate(1, stage1))).resolves.toBeDefined();
  });

  test('a gateway stops going back too: it is no far end that died with the relay', async () => {
    const engine = standing(4, stage2);
    engine.memory.unreachable = ['gateway gw1'];
    await expect(plan(engine, gate(3, stage2))).rejects.toThrow(/\[unreachable\]/);
  });
});
