import { openTargets, type OpenTargets } from '../../../lib/provider/targets/index.js';
import { providerConfig } from '../memory-far-ends.js';

/** A far end that holds nothing, and answers each request after a moment. */
const farEnd = "echo 'hello register 1 v1'; while read -r request; do sleep 0.1; echo ok; done";

const open = (): { targets: OpenTargets; sessions: () => number } => {
  let sessions = 0;
  const connect = () => {
    sessions += 1;
    return { program: 'sh', args: ['-c', farEnd] };
  };
  return { targets: openTargets(providerConfig, { connect }), sessions: () => sessions };
};

const register = { kind: 'register' } as const;

/** Whether it was refused, without leaving a rejection that nobody handles. */
const refused = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'answered',
    (error: unknown) => (error as Error).message,
  );

test('what is asked after the end opens no session that nobody would end', async () => {
  const { targets, sessions } = open();
  expect(await targets(register).list()).toEqual([]);
  await targets.close();
  expect(await refused(targets(register).list())).toContain('is not asked any more');
  expect(sessions()).toBe(1);
});

test('nor does what still waits when it comes', async () => {
  const { targets, sessions } = open();
  const first = refused(targets(register).list());
  await new Promise((resolve) => setImmediate(resolve));
  // Asked for later than the listing that runs: it waits for one of its own.
  const second = refused(targets(register).list());
  await targets.close();
  await first;
  expect(await second).toContain('is not asked any more');
  expect(sessions()).toBe(1);
});
