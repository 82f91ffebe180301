import { ExitCode } from '../../lib/cli/exit.js';
import { waitForGate, waitLine } from '../../lib/cli/gate-wait.js';
import type { Diagnostic, Wait } from '../../lib/provider/definition.js';
import { UnreachableError } from '../../lib/provider/element.js';
import { testIo } from './harness.js';

const start = Date.parse('2026-03-01T12:00:00Z');
const refused = (waits?: Wait[]): Diagnostic => ({
  severity: 'error',
  summary: 's',
  detail: 'd',
  rule: 'gate-kept',
  ...(waits && { waits }),
});
const until = (seconds: number): Wait => ({
  what: 'relay_route:relay1/stadt.example',
  until: new Date(start + seconds * 1000).toISOString().replace('.000Z', 'Z'),
});

/** Waits through these looks, the last of them again and again, by a clock that only pauses move. */
async function waited(patience: number, ...looks: (Diagnostic[] | Error)[]) {
  let clock = start;
  const pauses: number[] = [];
  const io = testIo({ cwd: '/' });
  const look = (): Promise<Diagnostic[]> => {
    const now = looks.length > 1 ? looks.shift() : looks[0];
    return now instanceof Error ? Promise.reject(now) : Promise.resolve(now ?? []);
  };
  const pause = (milliseconds: number): Promise<void> => {
    clock += milliseconds;
    pauses.push(milliseconds / 1000);
    return Promise.resolve();
  };
  const error = await waitForGate(io, { patience, look, command: 'again', now: () => clock, pause }).catch(
    (thrown: unknown) => thrown,
  );
  return { error, pauses, note: io.printed.note };
}

test('what is not refused, or not healed by time, is not waited for: the plan says it', async () => {
  for (const look of [[], [refused([until(5)]), refused()], new UnreachableError('relay1')])
    expect(await waited(60, look)).toMatchObject({ error: undefined, pauses: [] });
});

test('it waits to the first end that is known, and says what for and until when', async () => {
  const { error, pauses, note } = await waited(600, [refused([until(40), until(5)])], []);
  expect({ error, pauses }).toEqual({ error: undefined, pauses: [5] });
  expect(note).toContain('Waiting at most until 2026-03-01T12:10:00Z');
  expect(note).toContain('- relay_route:relay1/stadt.example: until 2026-03-01T12:00:40Z (in 0:00:40)');
});

test('without a known end it looks every few seconds, and never seldom', async () => {
  const unknown = [refused([{ what: 'mail waits' }])];
  expect((await waited(600, unknown, [refused([until(400)])], [])).pauses).toEqual([5, 60]);
});

test('a far end that is away for a while, or a clock that is a second late, ends no wait', async () => {
  const { error, pauses } = await waited(60, [refused([until(0)])], new UnreachableError('relay1'), []);
  expect({ error, pauses }).toEqual({ error: undefined, pauses: [1, 5] });
});

test('the time runs out: exit code 3, and what is still missing', async () => {
  const { error, pauses } = await waited(7, [refused([until(60)])]);
  expect(pauses).toEqual([7]);
  expect(error).toMatchObject({
    exit: ExitCode.refused,
    rule: 'gate-wait-over',
    details: ['relay_route:relay1/stadt.example: until 2026-03-01T12:01:00Z (in 0:00:53)'],
  });
});

test('any other error is no wait', async () => {
  expect((await waited(60, new TypeError('a fault'))).error).toBeInstanceOf(TypeError);
});

test('hours are told', () => {
  expect(waitLine(until(3 * 3600 + 65), start)).toContain('(in 3:01:05)');
});
