import { mustTakeBack } from '../../lib/cli/hoster-way-back.js';
import type { HosterRecord } from '../../lib/migration/hoster-sheet.js';
import { emptyMemory, memoryFarEnds, storeOf } from '../provider/memory-far-ends.js';
import { answering, back, domain, oldMx, seen, toRelay } from '../provider/resources/cutover/examples.js';

const record: HosterRecord = {
  domain,
  zone: domain,
  type: 'MX',
  ttl: 300,
  data: [oldMx],
  towardsRelay: false,
};

/** With an MX that shows a host, and an old server that answers with a code. */
function printing(shown: string, code: number, decided?: { on: string; reference: string }, move = back) {
  const memory = emptyMemory();
  memory.observations[domain] = [seen('MX', shown)];
  const { host, answers } = answering('mail.musterstadt.example', code, '4.7.1 closed');
  memory.mailHosts[host] = [...answers];
  const municipality = decided ? { wayBackDespite: decided } : {};
  return mustTakeBack(municipality, [record], [move], memoryFarEnds(storeOf(memory)));
}

const atRelay = '10 mx1.relay.example.';
const closed =
  'mail.musterstadt.example (192.0.2.25) answers postmaster@musterstadt.example: 451 4.7.1 closed';

test('no hoster is told to move an MX back to a server that does not take its mail', async () => {
  await expect(printing(atRelay, 451)).rejects.toMatchObject({
    rule: 'gate-way-back',
    exit: 3,
    details: [closed],
  });
  await expect(printing(atRelay, 250)).resolves.toEqual([]);
});

test('a decision of a person in force makes it a warning', async () => {
  const reference = 'FS-1';
  await expect(printing(atRelay, 451, { on: '2026-03-01', reference })).resolves.toEqual([closed]);
  await expect(printing(atRelay, 451, { on: '2026-02-01', reference })).rejects.toBeDefined();
});

test('an MX that stays where it is asks for nothing', async () => {
  await expect(printing(oldMx, 451)).resolves.toEqual([]);
  await expect(printing(atRelay, 451, undefined, toRelay)).resolves.toEqual([]);
});
