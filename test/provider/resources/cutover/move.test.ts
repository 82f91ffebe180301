import { hostsIn, isPending, parseMove } from '../../../../lib/provider/resources/cutover/move.js';
import { migrationGate } from '../../../../lib/provider/resources/migration-gate.js';
import { back, oldMx, seen, silent, toRelay } from './examples.js';

const old = seen('MX', oldMx);
const moved = seen('MX', '10 mx1.relay.example.', { server: '192.0.2.54' });

test.each([
  ['while every server shows the old MX', [old], true],
  ['while one server still shows the old MX', [moved, old], true],
  ['while no server says anything', [silent('MX')], true],
  ['while the MX is empty', [seen('MX', '')], true],
  ['not where every server that answers shows the relay', [moved, silent('MX')], false],
])('towards the relay, it is to be moved %s', (_, observations, pending) => {
  expect(isPending(toRelay, observations, () => true)).toBe(pending);
});

test.each([
  ['while one server still shows the relay', [old, moved], true, false],
  ['not where none shows the relay', [old], false, true],
  ['while one that says nothing may show the relay', [old, silent('MX')], true, true],
  ['not where none of those that say nothing may', [silent('MX')], false, false],
])('back, it is to be moved %s', (_, observations, pending, mayShowOther) => {
  expect(isPending(back, observations, () => mayShowOther)).toBe(pending);
});

test('hosts of an MX are named without the dot; a null MX has none', () => {
  expect(hostsIn('10 a.example.\n20 b.example.')).toEqual(['a.example', 'b.example']);
  expect(hostsIn('0 .')).toEqual([]);
  expect(hostsIn('CNAME a.example.')).toEqual([]);
  expect(hostsIn('')).toEqual([]);
});

test('the attribute of the gate is read as a move', () => {
  const [planned] = migrationGate.example.moves;
  if (!planned) throw new Error('the example has no move');
  expect(parseMove(planned)).toMatchObject({ to: ['mail.musterstadt.example'], spf: ['ip4:203.0.113.10'] });
  expect(parseMove({ ...planned, towards: 'relay', to: 'a b', spf: '' })).toMatchObject({
    towards: 'relay',
    to: ['a', 'b'],
    spf: [],
  });
});
