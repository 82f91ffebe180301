import type { Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { testDigest } from '../migration/test-digest.js';
import { UnreachableError } from '../provider/element.js';
import { liveElements } from '../provider/live.js';
import { passedTest } from '../provider/passed-tests.js';
import { ExitCode } from './exit.js';
import { Failure } from './failure.js';
import { openPlatform } from './far-ends.js';
import { unreachable } from './unreachable.js';

/**
 * A server that joined is tested when the register says so: by a connection test that was passed with the file as it
 * is now, with this server in it, and not too long ago.
 */
export async function mustBeTested(m: Municipality, p: Platform, now: Date): Promise<void> {
  const targets = openPlatform(p);
  try {
    const test = passedTest(await liveElements(targets({ kind: 'register' })), m.id, 'anbindungstest');
    if (test === undefined) throw notTested(m, 'no connection test of it is recorded');
    if (test.digest !== testDigest(m, p))
      throw notTested(m, `the connection test of ${test.passedAt} was passed with other servers or settings`);
    if (Date.parse(test.passedAt) + p.testValidity * 1000 < now.getTime())
      throw notTested(m, `the connection test of ${test.passedAt} is too old to count`);
  } catch (error) {
    throw error instanceof UnreachableError
      ? unreachable(error, 'nothing was written: put the connection to the register right, then call again')
      : error;
  } finally {
    await targets.close();
  }
}

const notTested = ({ id }: Municipality, what: string): Failure =>
  new Failure({
    what,
    remedy: `npx mailversand deploy ${id}, npx mailversand anbindungstest ${id}, which records that it was passed; then this again`,
    rule: 'server-not-tested',
    exit: ExitCode.refused,
  });
