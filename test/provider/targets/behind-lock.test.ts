import { openTargets } from '../../../lib/provider/targets/index.js';
import { providerConfig } from '../memory-far-ends.js';
import { relaySession } from './relay-answers.js';

/** What is known of a lock where the relay answers so to `queue musterstadt.example`. */
async function behindLock(answer: string): Promise<number | undefined> {
  const targets = openTargets(providerConfig, {
    connect: () => ({ program: 'sh', args: ['-c', relaySession(answer)] }),
  });
  try {
    return await targets.behindLock('relay1', 'musterstadt.example');
  } finally {
    await targets.close();
  }
}

test('how many wait behind a lock; without one nobody does, whatever waits', async () => {
  expect(await behindLock('ok 3 2 locked')).toBe(3);
  expect(await behindLock('ok 0 0 locked')).toBe(0);
  expect(await behindLock('ok 3 2 -')).toBeUndefined();
});

test('a relay that was installed before says nothing of locks, and that is no answer', async () => {
  await expect(behindLock('ok 3 2')).rejects.toThrow(
    'relay relay1 says of its queue only: ok 3 2. Install templates/relay/mailversand-relay of this version there, then again.',
  );
});
