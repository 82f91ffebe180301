import type { PassedTest } from '../../passed-tests.js';
import { timestamp } from '../../time.js';
import { ofOthersToo, type CutoverRule } from './cutover.js';

export const connectionTested: CutoverRule = {
  id: 'gate-connection-test',
  why: 'A path that was tested long ago may have changed since, and all mail will come by it.',
  towards: 'relay',
  summary: 'its connection test is missing or old',
  remedy: `Run npx mailversand anbindungstest, which records that it was passed; then deploy again. It tests what is deployed: of a stage that is not yet, take outgoingTestPassedOn out of the file first, deploy the way out, test, and write the day again. ${ofOthersToo}`,
  check: (cutover) => notRecent(cutover.tests.anbindungstest, cutover.move.tested, cutover),
};

export const outgoingTested: CutoverRule = {
  id: 'gate-outgoing-test',
  why: 'A municipality that receives by the relay and cannot send by it loses its answers.',
  towards: 'relay',
  summary: 'the test of its outgoing path is missing or old',
  remedy:
    'Once the way out is deployed, npx mailversand anbindungstest has a real mail sent through it to a mailbox outside; with --antwort it judges what arrived there (DKIM, SPF, DMARC) and records it.',
  check: (cutover) => notRecent(cutover.tests.ausgehend, cutover.move.tested, cutover),
};

/** Why a passed test does not count for what is planned, a line; empty where it does. */
export function notRecent(
  passed: PassedTest | undefined,
  tested: string | undefined,
  { testValidity, now }: { testValidity: number; now: Date },
): string[] {
  if (!passed) return [`the register has none; one counts for ${Math.round(testValidity / 3600)} hours`];
  if (passed.digest !== tested)
    return [
      `the last one, of ${passed.passedAt}, was of another stage, or of other servers, addresses or limits than the file has now`,
    ];
  const ends = new Date(Date.parse(passed.passedAt) + testValidity * 1000);
  return now < ends
    ? []
    : [`the last one was passed at ${passed.passedAt} and counted until ${timestamp(ends)}`];
}
