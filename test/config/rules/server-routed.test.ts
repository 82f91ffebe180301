import { serverRouted } from '../../../lib/config/rules/server-routed.js';
import { saysOf } from '../support.js';

const joins = { inside: '192.168.10.6', transfer: '10.128.0.2', joinedOn: '2026-01-31' };
const old = { inside: '192.168.10.5', transfer: '10.128.0.1' };

test('from stage 2 on one server gets mail', () => {
  expect(saysOf(serverRouted, { stage: 2, servers: [joins] })).toMatchInlineSnapshot(`
   "musterstadt.yaml:13:3  no server that gets mail: each has joinedOn and no testedOn
     at least one that was there before, or is tested, from stage 2 on; leave the old server in the list until the new one is tested: npx mailversand server   [server-routed]
   "
  `);
});

test('an old one, a tested one, or none while no mail flows are right', () => {
  expect(saysOf(serverRouted, { stage: 2, servers: [old, joins] })).toBe('');
  expect(saysOf(serverRouted, { stage: 4, servers: [{ ...joins, testedOn: '2026-02-02' }] })).toBe('');
  expect(saysOf(serverRouted, { stage: 1, servers: [joins] })).toBe('');
});
