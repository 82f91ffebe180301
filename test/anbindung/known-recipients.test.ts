import { Duplex } from 'node:stream';
import type { Place } from '../../lib/anbindung/context.js';
import { Protocol } from '../../lib/anbindung/finding.js';
import { knownRecipients } from '../../lib/anbindung/steps/known-recipients.js';
import { musterstadt } from '../migration/examples.js';
import { relaySideOnly } from './relay-side-only.js';

const ok = '250 2.1.5 Ok';
/** All that the relay says, whatever the reason is. */
const notYet = '450 4.1.1 unverified address: Recipient address is not confirmed by its mail server';
const unknown = '550 5.1.1 unknown';
const greylisted = '450 4.2.0 Greylisted';
const place: Place = {
  where: 'Mailserver 192.168.10.5',
  address: '10.128.0.1',
  port: 25,
  inside: '192.168.10.5',
  encrypted: false,
};

type Connects = Pick<SmtpServer, 'connect'>;

/** With Exchange's limit: the fifth error ends the connection. */
class SmtpServer {
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
    const closed = (): void => void (this.#open -= 1);
    return talking('220 mail.example ESMTP', closed, (line) => {
      const recipient = /^RCPT TO:<(.*)>$/.exec(line)?.[1];
      if (recipient === undefined) return '250 2.1.0 Ok';
      const reply = this.answer(recipient, this.asked.filter((one) => one === recipient).length);
      this.asked.push(recipient);
      if (!reply.startsWith('2')) errors += 1;
      return errors >= 5 ? '421 4.7.0 Too many errors' : reply;
    });
  }
}

function talking(banner: string, closed: () => void, answer: (line: string) => string): Duplex {
  const pipe: Duplex = new Duplex({
    read: () => undefined,
    write: (bytes: Buffer, _, done) => {
      pipe.push(`${answer(bytes.toString().trimEnd())}\r\n`);
      done();
    },
    destroy: (error, done) => {
      closed();
      done(error);
    },
  });
  pipe.push(`${banner}\r\n`);
  return pipe;
}

const hangingUp: Connects = {
  connect: () => {
    const pipe = talking(
      '220 mx1',
      () => undefined,
      () => ok,
    );
    pipe.push(null);
    return pipe;
  },
};
const busy: Connects = {
  connect: () =>
    talking(
      '421 4.3.2 busy',
      () => undefined,
      () => '421 4.3.2 busy',
    ),
};
const nobody: Connects = {
  connect: () => {
    throw new Error('it connects');
  },
};

interface Sides {
  /** undefined: nothing listens there. */
  listener?: Connects;
  /** The municipality's. */
  server?: Connects;
  place?: Place | undefined;
  before?: (seen: Protocol) => void;
}

async function heard(recipients: readonly string[], sides: Sides) {
  let waited = 0;
  const now = (): Date => new Date(Date.UTC(2026, 1, 3) + waited);
  const said: string[] = [];
  const protocol = new Protocol((detail) => said.push(detail), now);
  sides.before?.(protocol);
  const context = relaySideOnly(
    { municipality: musterstadt, protocol },
    {
      connect: (address) => {
        const to = address === place.address ? sides.server : sides.listener;
        return Promise.resolve(
          to ? { pipe: to.connect(), milliseconds: 1 } : { failure: 'refused', words: 'refused' },
        );
      },
      now,
      pause: (milliseconds) => Promise.resolve(void (waited += milliseconds)),
    },
  );
  await knownRecipients(context, recipients, 'place' in sides ? sides.place : place);
  return { protocol, said, waited };
}

const list = (count: number, word = 'amt'): string[] =>
  Array.from({ length: count }, (_, i) => `${word}${i}@musterstadt.example`);
/** Answers so for recipients that begin with the word, and takes all others. */
const but = (word: string, answer: string) => (recipient: string) =>
  recipient.startsWith(word) ? answer : ok;

test('each recipient is asked for once, in eight sessions, and none of them is too long for any server', async () => {
  const recipients = list(5000);
  const listener = new SmtpServer(() => ok);
  const { protocol, said, waited } = await heard(recipients, { listener, server: nobody });
  expect(protocol.recipients).toEqual({ accepted: 5000, refused: [], undecided: 0 });
  expect([...listener.asked].sort()).toEqual([...recipients].sort());
  expect([listener.most, waited]).toEqual([8, 0]);
  expect(listener.connections).toBeGreaterThanOrEqual(50);
  expect(said).toContain('Relay, Eingang Internet (203.0.113.10): 2500 von 5000 Empfängern entschieden');
  expect(protocol.steps.map(({ passed, seen }) => [passed, seen])).toEqual([
    [true, '5000 bestätigt, 0 abgewiesen, 0 nicht entschieden'],
  ]);
});

test('whom the server refuses is named in the order of the list; it is no fault, and nobody hangs up', async () => {
  const [good, bad] = [list(3), list(200, 'weg')];
  const listener = new SmtpServer(but('weg', unknown));
  const { protocol } = await heard([...bad, ...good], { listener, server: nobody });
  expect(protocol.recipients).toEqual({ accepted: 3, refused: bad, undecided: 0 });
  expect(listener.asked).toHaveLength(203);
  expect(protocol.findings).toEqual([]);
});

test('while an edge settles the relay defers whom the server refuses; then the server is asked, once', async () => {
  const [good, bad] = [list(3), list(20, 'weg')];
  const listener = new SmtpServer(but('weg', notYet));
  const server = new SmtpServer(but('weg', unknown));
  const { protocol, waited } = await heard([...good, ...bad], { listener, server });
  expect(protocol.recipients).toEqual({ accepted: 3, refused: bad, undecided: 0 });
  expect([...server.asked].sort()).toEqual([...bad].sort());
  expect(waited).toBe(0);
});

test('while the relay waits for the server, those are asked for again, and only those', async () => {
  const listener = new SmtpServer((recipient, time) =>
    recipient.startsWith('langsam') && time < 3 ? notYet : ok,
  );
  const server = new SmtpServer(() => ok);
  const { protocol, waited } = await heard([...list(50), ...list(50, 'langsam')], { listener, server });
  expect(protocol.recipients).toEqual({ accepted: 100, refused: [], undecided: 0 });
  expect([listener.asked.length, server.asked.length]).toEqual([50 + 4 * 50, 50]);
  expect(waited).toBe(15_000);
});

test('who is never decided is waited for longer than the relay keeps to a 4xx, and is no fault; the server says why', async () => {
  const listener = new SmtpServer(but('nie', notYet));
  const server = new SmtpServer(but('nie', greylisted));
  const { protocol, waited } = await heard([...list(2), ...list(1, 'nie')], { listener, server });
  expect(protocol.recipients).toEqual({ accepted: 2, refused: [], undecided: 1 });
  expect(waited).toBeGreaterThan(120_000);
  expect(protocol.findings).toEqual([]);
  expect(protocol.steps[0]?.seen).toBe(
    `2 bestätigt, 0 abgewiesen, 1 nicht entschieden; gesehen: ${greylisted}`,
  );
});

const undecided = (why: string): string => `0 bestätigt, 0 abgewiesen, 2 nicht entschieden; gesehen: ${why}`;
test.each<[string, Sides, string]>([
  [
    'all are refused',
    { listener: new SmtpServer(() => unknown) },
    '0 bestätigt, 2 abgewiesen, 0 nicht entschieden',
  ],
  [
    'none is decided',
    { listener: new SmtpServer(() => notYet), server: new SmtpServer(() => ok) },
    undecided(notYet),
  ],
  [
    'the server is not to be had any more',
    { listener: new SmtpServer(() => notYet) },
    undecided('keine Verbindung mehr (abgewiesen)'),
  ],
  ['there is no connection', { server: new SmtpServer(() => ok) }, undecided('abgewiesen')],
  [
    'the listener hangs up',
    { listener: hangingUp, server: new SmtpServer(() => ok) },
    undecided('die Verbindung wurde beendet'),
  ],
  ['the listener is busy', { listener: busy, server: new SmtpServer(() => ok) }, undecided('421 4.3.2 busy')],
])('it is a fault if %s', async (_, sides, seen) => {
  const { protocol } = await heard(list(2), sides);
  expect(protocol.findings.map((finding) => [finding.fault, finding.seen])).toEqual([
    ['recipients-unconfirmed', seen],
  ]);
});

test('a connection that ends in between costs no recipient', async () => {
  const listener = new SmtpServer((recipient, time) =>
    recipient.startsWith('amt7@') && time === 0 ? '421 4.3.0 restarting' : ok,
  );
  const { protocol } = await heard(list(20), { listener, server: new SmtpServer(() => ok) });
  expect(protocol.recipients).toEqual({ accepted: 20, refused: [], undecided: 0 });
});

test('nobody is asked without a list, without a server that takes mail, or at a listener that is not in order', async () => {
  const sides = { listener: nobody, server: nobody };
  expect((await heard([], sides)).protocol.steps).toEqual([]);
  const where = 'Relay, Eingang Internet (203.0.113.10)';
  const before = (seen: Protocol): void => seen.failed('Annahme', where, 'relay-not-accepting', '450 4.3.2');
  for (const other of [{ place: undefined }, { before }]) {
    const { protocol } = await heard(list(1), { ...sides, ...other });
    expect([protocol.steps.at(-1)?.passed, protocol.recipients]).toEqual([undefined, undefined]);
  }
});
