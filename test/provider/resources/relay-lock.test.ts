import { RefusedError, UnreachableError } from '../../../lib/provider/element.js';
import { migrationGate } from '../../../lib/provider/resources/migration-gate.js';
import { askLocks, lockWarnings } from '../../../lib/provider/resources/relay-lock.js';
import { gate, plan, stage1, standing } from './gate-standing.js';

const domain = 'musterstadt.example';
const lock = { relay: 'relay1', domain };

describe('a plan of a municipality that nothing routes', () => {
  const warned = async (locks: Record<string, number>, unreachable: string[] = []) => {
    const engine = standing(1, stage1);
    Object.assign(engine.memory, { locks, unreachable });
    const resource = engine.resource(migrationGate);
    await resource.plan(gate(1, stage1, { unrouted: [lock] }));
    return resource.warnings;
  };

  test('warns of mail that waits behind a lock', async () => {
    expect(await warned({ [domain]: 3 })).toEqual(['relay-lock']);
  });

  test('is silent where nothing waits, or there is no lock', async () => {
    expect(await warned({ [domain]: 0 })).toEqual([]);
    expect(await warned({ 'other.example': 3 })).toEqual([]);
  });

  test('says of a relay that does not answer only what it says without', async () => {
    expect(await warned({ [domain]: 3 }, ['relay relay1'])).toEqual(['gate-relay-silent']);
  });

  test('takes names only', async () => {
    const wrong = gate(1, stage1, { unrouted: [{ relay: 'relay1', domain: 'x;y' }] });
    await expect(plan(standing(1, stage1), wrong)).rejects.toThrow('unrouted');
  });
});

describe('what relays say', () => {
  const failing = (error: Error) => askLocks([lock], { behindLock: () => Promise.reject(error) });
  const warnings = async (error: Error) =>
    lockWarnings('musterstadt', await failing(error)).map(({ severity, detail }) => [severity, detail]);

  test('a warning names the commands’ command, and how many wait', () => {
    const [warning] = lockWarnings('musterstadt', { locks: [{ ...lock, waiting: 3 }], unknown: [] });
    expect(warning).toMatchObject({
      severity: 'warning',
      summary: 'relay1 holds mail for 3 recipients of musterstadt.example behind its lock',
      detail: expect.stringContaining('npx mailversand rueckweg musterstadt lists the commands') as string,
    });
  });

  test('without an answer a lock stays possible', async () => {
    const error = new UnreachableError('relay1: connection timed out');
    expect(await failing(error)).toEqual({ locks: [lock], unknown: [error] });
    expect(await warnings(error)).toEqual([]);
  });

  test('a relay with an old program is told what it needs', async () => {
    expect(await warnings(new RefusedError('install mailversand-relay'))).toEqual([
      ['warning', 'install mailversand-relay'],
    ]);
  });

  test('a fault of this program is one', async () => {
    await expect(failing(new TypeError('x is undefined'))).rejects.toThrow(TypeError);
  });
});
