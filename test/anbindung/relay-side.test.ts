import { RelaySide } from '../../lib/anbindung/relay-side.js';

/** Answers one question after the other, as the relay's forced command does. */
const forcedCommand = 'echo hello probe 1 1; while read -r asked; do echo "| 1\t$asked\t-"; echo ok; done';

test('servers that are tested at the same time get each its own answer', async () => {
  const relay = new RelaySide('relay relay1', () =>
    Promise.resolve({ program: 'sh', args: ['-c', forcedCommand] }),
  );
  try {
    const answers = await Promise.all([
      relay.parallel('10.128.0.2', 25, 20),
      relay.parallel('10.128.0.3', 25, 20),
      relay.trace('muster'),
    ]);
    expect(answers).toEqual([
      [{ banner: 'parallel 10.128.0.2 25 20', hello: undefined }],
      [{ banner: 'parallel 10.128.0.3 25 20', hello: undefined }],
      ['1\ttrace muster\t-'],
    ]);
  } finally {
    await relay.close();
  }
});
