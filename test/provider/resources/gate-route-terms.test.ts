import type { Municipality } from '../../../lib/config/municipality.js';
import { desiredState } from '../../../lib/migration/desired-state.js';
import type { Edge } from '../../../lib/provider/resources/gate-rule.js';
import { termsTested } from '../../../lib/provider/resources/gate-route-terms.js';
import { at, musterstadt, platform } from '../../migration/examples.js';
import type { Engine } from '../engine.js';
import { planOn, put, standing, type Gate } from './gate-standing.js';
import { quietEdge } from './quiet-edge.js';

const smaller = { limits: { internalMb: 50, internetMb: 25 } };
const small: Municipality = { ...musterstadt, ...smaller };
const lax: Municipality = { ...musterstadt, tls: 'may' };

const gateOf = (m: Municipality): Gate => ({ ...desiredState(m, platform).gate, moves: [], evidence: {} });

/** Where a file is deployed. */
const deployed = (m: Municipality): Engine => standing(m.stage, [...gateOf(m).declares]);

/** A connection test that was passed with a file. */
const tested = (engine: Engine, { tested: digest = '' }: Gate, passedAt = new Date().toISOString()) => {
  put(engine, 'register', {
    map: 'tests',
    key: ['musterstadt', 'anbindungstest'],
    value: [passedAt, digest],
  });
};

const refusal = 'The servers of musterstadt would get what they were not tested for [gate-limits-untested]';

describe.each([2, 3, 4] as const)('at stage %i', (stage) => {
  test.each([
    ['larger mail', small],
    ['larger mail from inside', { ...small, limits: { internalMb: 50, internetMb: 35 } }],
    ['larger mail from the Internet', { ...small, limits: { internalMb: 100, internetMb: 25 } }],
    ['a stricter TLS', lax],
  ])('%s goes to the servers only after a test that had it in its file', async (_, before) => {
    const is = gateOf(at(stage));
    const engine = deployed(at(stage, before));
    await expect(planOn(engine, is)).rejects.toThrow(refusal);
    tested(engine, gateOf(at(stage, before)));
    await expect(planOn(engine, is)).rejects.toThrow(refusal);
    engine.memory.elements['register']?.pop();
    tested(engine, is, '2020-01-01T00:00:00Z');
    await expect(planOn(engine, is)).rejects.toThrow(refusal);
    engine.memory.elements['register']?.pop();
    tested(engine, is);
    await expect(planOn(engine, is)).resolves.toMatchObject({ action: 'update' });
  });

  test.each([
    ['smaller mail', small],
    ['a laxer TLS', lax],
    ['the same', musterstadt],
  ])('%s needs no test', async (_, planned) => {
    const engine = deployed(at(stage));
    await expect(planOn(engine, gateOf(at(stage, planned)))).resolves.toBeDefined();
  });
});

test('what is only kept is still used by mail: larger mail needs its test there, too', async () => {
  const kept = [{ stage: 2 as const, since: '2026-01-01T00:00:00Z', until: '2100-01-01T00:00:00Z' }];
  const before = { ...at(1, small), kept };
  const engine = deployed(before);
  await expect(planOn(engine, gateOf({ ...before, limits: musterstadt.limits }))).rejects.toThrow(refusal);
  await expect(planOn(engine, gateOf({ ...before, tls: 'may' }))).resolves.toBeDefined();
});

test('with the edge into stage 2, and where nothing is recorded of sizes, nothing new is asked', async () => {
  const settling = { since: '2026-03-01T12:00:00Z', until: '2026-03-02T12:00:00Z' };
  await expect(planOn(deployed(at(1, small)), gateOf({ ...at(2), settling }))).resolves.toBeDefined();
  const old = gateOf(at(2, small)).declares.filter((id) => !id.startsWith('route_'));
  await expect(planOn(standing(2, old), gateOf(at(2)))).resolves.toBeDefined();
});

test('the refusal says what is larger, and what to do', () => {
  const [was, is] = [gateOf(at(2, { ...small, tls: 'may' })), gateOf(at(2))];
  const edge: Edge = {
    ...quietEdge,
    municipality: 'musterstadt',
    stage: 2,
    declares: new Set(is.declares),
    reached: { recorded: true, stage: 2, recordedAt: undefined, declares: new Set(was.declares), holds: [] },
    now: new Date('2026-03-01T12:00:00Z'),
  };
  expect(termsTested.check(edge).map(({ detail }) => detail)).toMatchInlineSnapshot(`
   [
     "- tls: encrypt instead of may
   - mail from inside of up to 104857600 bytes instead of 52428800
   - mail from the Internet of up to 36700160 bytes instead of 26214400
   The connection test that shows it: the register has none; one counts for 1 hours.
   Run npx mailversand anbindungstest musterstadt with the file as it is, which records that it was passed; then deploy. Is there an edge in it too, take that out first: the test is of stage 2. What the test finds stands against it: put \`limits\` and \`tls\` back until that is mended.",
   ]
  `);
});
