import { mustTakeBack } from '../../lib/cli/hoster-way-back.js';
import type { HosterRecord } from '../../lib/migration/hoster-sheet.js';
import { emptyMemory, memoryFarEnds, storeOf, type Memory } from '../provider/memory-far-ends.js';
import {
  answering,
  back,
  domain,
  oldMx,
  seen,
  silent,
  toRelay,
} from '../provider/resources/cutover/examples.js';

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
  return printingWith(code, { observations: { [domain]: [seen('MX', shown)] } }, decided, move);
}

function printingWith(
  code: number,
  more: Partial<Memory>,
  decided?: { on: string; reference: string },
  move = back,
  leaving = [domain],
) {
  const memory = { ...emptyMemory(), ...more };
  const { host, answers } = answering('mail.musterstadt.example', code, '4.7.1 closed');
  memory.mailHosts[host] = [...answers];
  const municipality = decided ? { wayBackDespite: decided } : {};
  return mustTakeBack(municipality, { records: [record], leaving }, [move], memoryFarEnds(storeOf(memory)));
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
  await expect(printing(atRelay, 451, { on: '2026-03-01', reference })).resolves.toEqual([
    `gate-way-back, by decision: ${closed}`,
  ]);
  await expect(printing(atRelay, 451, { on: '2026-02-01', reference })).rejects.toBeDefined();
});

test('an MX that stays where it is asks for nothing', async () => {
  await expect(printing(oldMx, 451)).resolves.toEqual([]);
  await expect(printing(atRelay, 451, undefined, toRelay)).resolves.toEqual([]);
});

test('of a server that says nothing nobody knows that it shows the old MX already, if it was at the relay', async () => {
  const observations = { [domain]: [seen('MX', oldMx), silent('MX')] };
  await expect(printingWith(451, { observations })).rejects.toMatchObject({ details: [closed] });
  await expect(printingWith(451, { observations }, undefined, back, [])).resolves.toEqual([]);
});

test('what no register says of an earlier policy is said, and holds up nobody: the data centre may be away', async () => {
  const observations = { [domain]: [seen('MX', atRelay)] };
  await expect(printingWith(250, { observations, unreachable: ['register'] })).resolves.toEqual([
    expect.stringMatching(
      /^musterstadt\.example: what senders may still have of an earlier MTA-STS policy is not known: /,
    ),
  ]);
});
