import { Duplex } from 'node:stream';
import type { Context } from '../../lib/anbindung/context.js';
import { Protocol } from '../../lib/anbindung/finding.js';
import { usualTimes } from '../../lib/anbindung/run.js';
import { knownRecipients } from '../../lib/anbindung/steps/known-recipients.js';
import { musterstadt, platform } from '../migration/examples.js';

const notYet = '450 4.1.1 unverified address: Address verification in progress';
const unknown = '550 5.1.1 Recipient address is not confirmed by its mail server';

/** An Internet listener with Postfix's limits, which knows what it is told. */
class Listener {
  connections = 0;
  most = 0;
  readonly asked: string[] = [];
  #open = 0;

  constructor(private readonly answer: (recipient: string, time: number) => string) {}

  connect(): Duplex {
    this.connections += 1;
    this.#open += 1;
    this.most = Math.max(this.most, this.#open);
    let errors = 0;
    const pipe: Duplex = new Duplex({
      read: () => undefined,
      write: (bytes: Buffer, _, done) => {
        const recipient = /^RCPT TO:<(.*)>\r\n$/.exec(bytes.toString())?.[1];
        let reply = '250 2.1.0 Ok';
        if (recipient !== undefined) {
          reply = this.answer(recipient, this.asked.filter((one) => one === recipient).length);
          this.asked.push(recipient);
          if (!reply.startsWith('2')) errors += 1;
          if (errors >= 10) reply = '421 4.7.0 Error: too many errors';
        }
        pipe.push(`${reply}\r\n`);
        done();
      },
      destroy: (error, done) => {
        this.#open -= 1;
        done(error);
      },
    });
    pipe.push('220 mx1.relay.example ESMTP\r\n');
    return pipe;
  }
}

async function heard(
  recipients: readonly string[],
  listener: Pick<Listener, 'connect'> | undefined,
  {
    delivers = true,
    before = () => undefined,
  }: { delivers?: boolean; before?: (seen: Protocol) => unknown } = {},
): Promise<{ protocol: Protocol; said: string[]; waited: number }> {
  const [relay] = platform.relays;
  if (!relay) throw new Error('no relay');
  let waited = 0;
  const now = (): Date => new Date(Date.UTC(2026, 1, 3) + waited);
  const said: string[] = [];
  const protocol = new Protocol((detail) => said.push(detail), now);
  before(protocol);
  const context: Context = {
    municipality: musterstadt,
    platform,
    relay,
    host: 'mx1.relay.example',
    times: usualTimes,
    protocol,
    sides: {
      relay: {
        connect: () =>
          Promise.resolve(
            listener
              ? { pipe: listener.connect(), milliseconds: 1 }
              : { failure: 'refused', words: 'refused' },
          ),
        parallel: () => Promise.reject(new Error('not asked for')),
        trace: () => Promise.reject(new Error('not asked for')),
      },
      flow: () => Promise.reject(new Error('not asked for')),
      resolve: () => Promise.reject(new Error('not asked for')),
      now,
      newId: () => 'anb-0',
      pause: (milliseconds) => Promise.resolve(void (waited += milliseconds)),
    },
  };
  await knownRecipients(context, recipients, delivers);
  return { protocol, said, waited };
}

const list = (count: number, word = 'amt'): string[] =>
  Array.from({ length: count }, (_, i) => `${word}${i}@musterstadt.example`);

test('each recipient is asked for once, in eight sessions, and none of them is long', async () => {
  const recipients = list(5000);
  const listener = new Listener(() => '250 2.1.5 Ok');
  const { protocol, said, waited } = await heard(recipients, listener);
  expect(protocol.recipients).toEqual({ accepted: 5000, refused: [], undecided: 0 });
  expect([...listener.asked].sort()).toEqual([...recipients].sort());
  expect([listener.most, waited]).toEqual([8, 0]);
  expect(listener.connections).toBeGreaterThanOrEqual(10);
  expect(said).toContain('Relay, Eingang Internet (203.0.113.10): 2500 von 5000 Empfängern entschieden');
  expect(protocol.steps.map(({ passed, seen }) => [passed, seen])).toEqual([
    [true, '5000 bestätigt, 0 abgewiesen, 0 nicht entschieden'],
  ]);
});

test('whom the server refuses is named in the order of the list; it is no fault, and Postfix does not hang up', async () => {
  const [good, bad] = [list(3), list(200, 'weg')];
  const listener = new Listener((recipient) => (recipient.startsWith('weg') ? unknown : '250 2.1.5 Ok'));
  const { protocol } = await heard([...bad, ...good], listener);
  expect(protocol.recipients).toEqual({ accepted: 3, refused: bad, undecided: 0 });
  expect(listener.asked).toHaveLength(203);
  expect(protocol.findings).toEqual([]);
});

test('while an edge settles the relay defers what the server refuses; the server’s word counts', async () => {
  const listener = new Listener((recipient) =>
    recipient.startsWith('weg')
      ? '450 4.1.1 <weg0@musterstadt.example>: Recipient address rejected: unverified address: host 10.128.0.1[10.128.0.1] said: 550 5.1.1 unknown'
      : '250 2.1.5 Ok',
  );
  const { protocol, waited } = await heard([...list(1), ...list(1, 'weg')], listener);
  expect(protocol.recipients).toEqual({ accepted: 1, refused: list(1, 'weg'), undecided: 0 });
  expect(waited).toBe(0);
});

test('while the relay still asks, those that wait are asked for again, and only those', async () => {
  const listener = new Listener((recipient, time) =>
    recipient.startsWith('langsam') && time < 3 ? notYet : '250 2.1.5 Ok',
  );
  const { protocol, waited } = await heard([...list(50), ...list(50, 'langsam')], listener);
  expect(protocol.recipients).toEqual({ accepted: 100, refused: [], undecided: 0 });
  expect(listener.asked).toHaveLength(50 + 4 * 50);
  expect(waited).toBe(15_000);
});

test('who is never decided is waited for as long as the relay keeps to a 4xx, and is no fault', async () => {
  const listener = new Listener((recipient) => (recipient.startsWith('nie') ? notYet : '250 2.1.5 Ok'));
  const { protocol, waited } = await heard([...list(2), ...list(1, 'nie')], listener);
  expect(protocol.recipients).toEqual({ accepted: 2, refused: [], undecided: 1 });
  expect(waited).toBeGreaterThan(120_000);
  expect(protocol.findings).toEqual([]);
  expect(protocol.steps[0]?.seen).toContain(`1 nicht entschieden; zuletzt gesehen: ${notYet}`);
});

test.each<[string, Pick<Listener, 'connect'> | undefined, string]>([
  ['all are refused', new Listener(() => unknown), '0 bestätigt, 2 abgewiesen, 0 nicht entschieden'],
  [
    'none is decided',
    new Listener(() => notYet),
    `0 bestätigt, 0 abgewiesen, 2 nicht entschieden; zuletzt gesehen: ${notYet}`,
  ],
  [
    'there is no connection',
    undefined,
    '0 bestätigt, 0 abgewiesen, 2 nicht entschieden; zuletzt gesehen: abgewiesen',
  ],
  [
    'the listener hangs up',
    { connect: () => hangingUp() },
    '0 bestätigt, 0 abgewiesen, 2 nicht entschieden; zuletzt gesehen: die Verbindung wurde beendet',
  ],
  [
    'the listener is busy',
    { connect: () => busy() },
    '0 bestätigt, 0 abgewiesen, 2 nicht entschieden; zuletzt gesehen: 421 4.3.2 busy',
  ],
])('it is a fault if %s', async (_, listener, seen) => {
  const { protocol } = await heard(list(2), listener);
  expect(protocol.findings.map((finding) => [finding.fault, finding.seen])).toEqual([
    ['recipients-unconfirmed', seen],
  ]);
});

const hangingUp = (): Duplex => {
  const pipe: Duplex = new Duplex({ read: () => undefined, write: (_bytes, _encoding, done) => done() });
  pipe.push(null);
  return pipe;
};
function busy(): Duplex {
  const pipe: Duplex = new Duplex({
    read: () => undefined,
    write: (_bytes, _encoding, done) => done(void pipe.push('421 4.3.2 busy\r\n')),
  });
  pipe.push('421 4.3.2 busy\r\n');
  return pipe;
}

test('nobody is asked without a list, for a server that takes nothing, or at a listener that is not in order', async () => {
  const nobody = {
    connect: () => {
      throw new Error('it connects');
    },
  };
  expect((await heard([], nobody)).protocol.steps).toEqual([]);
  const where = 'Relay, Eingang Internet (203.0.113.10)';
  const closed = (seen: Protocol): void => seen.failed('Annahme', where, 'relay-not-accepting', '450 4.3.2');
  for (const options of [{ delivers: false }, { before: closed }]) {
    const { protocol } = await heard(list(1), nobody, options);
    expect([protocol.steps.at(-1)?.passed, protocol.recipients]).toEqual([undefined, undefined]);
  }
});
