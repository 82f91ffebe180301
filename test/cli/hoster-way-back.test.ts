import { mayTakeBack } from '../../lib/cli/hoster-way-back.js';
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
  told: { back: string[]; early: string[] } = { back: [domain], early: [] },
) {
  const memory = { ...emptyMemory(), ...more };
  const { host, answers } = answering('mail.musterstadt.example', code, '4.7.1 closed');
  memory.mailHosts[host] = [...answers];
  const municipality = decided ? { wayBackDespite: decided } : {};
  return mayTakeBack(municipality, { ...told, leaving }, [move], memoryFarEnds(storeOf(memory)));
}

const nothing = { warnings: [], stuck: [], held: [] };

const atRelay = '10 mx1.relay.example.';
const closed =
  'mail.musterstadt.example (192.0.2.25) answers postmaster@musterstadt.example: 451 4.7.1 closed';
const held = [
  {
    domains: [domain],
    type: 'MX',
    reason: 'way-back',
    failure: { rule: 'gate-way-back', exit: 3, details: [`${domain}: ${closed}`] },
  },
];

test('no hoster is told to move an MX back to a server that does not take its mail', async () => {
  await expect(printing(atRelay, 451)).resolves.toMatchObject({ held });
  await expect(printing(atRelay, 250)).resolves.toEqual(nothing);
});

test('a decision of a person in force makes it a warning', async () => {
  const reference = 'FS-1';
  await expect(printing(atRelay, 451, { on: '2026-03-01', reference })).resolves.toEqual({
    warnings: [`gate-way-back, by decision: ${closed}`],
    stuck: [],
    held: [],
  });
  await expect(printing(atRelay, 451, { on: '2026-02-01', reference })).resolves.toMatchObject({ held });
});

test('an MX that stays where it is asks for nothing', async () => {
  await expect(printing(oldMx, 451)).resolves.toEqual(nothing);
  await expect(printing(atRelay, 451, undefined, toRelay)).resolves.toEqual(nothing);
});

test('of a server that says nothing nobody knows that it shows the old MX already, if it was at the relay', async () => {
  const observations = { [domain]: [seen('MX', oldMx), silent('MX')] };
  await expect(printingWith(451, { observations })).resolves.toMatchObject({ held });
  await expect(printingWith(451, { observations }, undefined, back, [])).resolves.toEqual(nothing);
});

test('what no register says of an earlier policy or SPF record is said, and holds up nobody: the data centre may be away', async () => {
  const observations = { [domain]: [seen('MX', atRelay)] };
  await expect(printingWith(250, { observations, unreachable: ['register'] })).resolves.toEqual({
    warnings: [
      expect.stringMatching(
        /^musterstadt\.example: what senders may still have of an earlier MTA-STS policy, and whom SPF named before, is not known: /,
      ),
    ],
    stuck: [],
    held: [],
  });
});

describe('an MX that moved too early', () => {
  const printed = (code: number, decided?: { on: string; reference: string }) =>
    printingWith(code, { observations: { [domain]: [seen('MX', atRelay)] } }, decided, back, [], {
      back: [],
      early: [domain],
    });

  test('may be put back only to a server that takes its mail; else the alarm is printed without that', async () => {
    await expect(printed(250)).resolves.toEqual(nothing);
    await expect(printed(451)).resolves.toEqual({
      warnings: [`gate-way-back: ${closed}`],
      stuck: [domain],
      held: [],
    });
  });

  test('goes back by decision all the same', async () => {
    await expect(printed(451, { on: '2026-03-01', reference: 'FS-1' })).resolves.toEqual({
      warnings: [`gate-way-back, by decision: ${closed}`],
      stuck: [],
      held: [],
    });
  });
});
