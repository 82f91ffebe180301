import { createSocket } from 'node:dgram';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { decode, encode, streamDecode, streamEncode, type Packet } from 'dns-packet';
import { query, type DnsServerAddress } from '../../../lib/provider/targets/dns/query.js';

const name = 'musterstadt.example.';
const address = (port: number, more: Partial<DnsServerAddress> = {}): DnsServerAddress => ({
  host: '127.0.0.1',
  port,
  transport: 'tcp',
  timeoutMs: 200,
  retries: 0,
  ...more,
});

/** A server on loopback that does with each question what it is told to. */
async function serving<T>(
  onQuestion: (socket: Socket, asked: Packet) => void,
  use: (port: number) => Promise<T>,
): Promise<T> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (data) => onQuestion(socket, streamDecode(data)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

const aa = 1 << 10;
const servfail = 2;
const answer = (asked: Packet, flags: number, answers: Packet['answers'] = []): Packet => ({
  type: 'response',
  id: asked.id,
  flags,
  questions: asked.questions ?? [],
  answers,
});
const mx: Packet['answers'] = [
  {
    type: 'MX',
    name: 'Musterstadt.example',
    ttl: 300,
    data: { preference: 10, exchange: 'mx1.relay.example' },
  },
];

test.each<[string, (socket: Socket, asked: Packet) => void, string]>([
  ['says nothing', () => undefined, 'no answer within 0.2 s'],
  ['closes the connection', (socket) => socket.end(), 'closed the connection'],
  ['sends rubbish', (socket) => socket.write(Buffer.from([0, 3, 1, 2, 3])), 'does not answer'],
  [
    'answers another question',
    (socket, asked) => socket.write(streamEncode(answer({ ...asked, id: 0xabcd ^ (asked.id ?? 0) }, aa))),
    'not asked',
  ],
])('a server that %s is unreachable: nothing is concluded', async (_what, onQuestion, says) => {
  const asking = serving(onQuestion, (port) => query(address(port), name, 'MX'));
  await expect(asking).rejects.toMatchObject({ fault: 'unreachable' });
  await expect(serving(onQuestion, (port) => query(address(port), name, 'MX'))).rejects.toThrow(says);
});

test('an answer in small pieces, and one only the second time, are answers', async () => {
  let questions = 0;
  const inPieces = (socket: Socket, asked: Packet): void => {
    questions++;
    if (questions === 1) return void socket.write(streamEncode(answer(asked, servfail)));
    const [first, ...rest] = streamEncode(answer(asked, aa, mx));
    socket.setNoDelay(true);
    socket.write(Buffer.from([first ?? 0]));
    setTimeout(() => socket.write(Buffer.from(rest)), 20);
  };
  const found = await serving(inPieces, (port) =>
    query(address(port, { retries: 1, timeoutMs: 5000 }), name, 'MX'),
  );
  expect(found).toEqual({
    authoritative: true,
    set: { ttl: 300, data: [{ type: 'MX', preference: 10, exchange: 'mx1.relay.example.' }] },
  });
});

test('a server that fails is told from one that is gone, and an answer without authority is marked', async () => {
  const failing = serving(
    (socket, asked) => socket.write(streamEncode(answer(asked, servfail))),
    (port) => query(address(port), name, 'MX'),
  );
  await expect(failing).rejects.toMatchObject({ fault: 'server-failure' });
  const cache = serving(
    (socket, asked) => socket.write(streamEncode(answer(asked, 0, mx))),
    (port) => query(address(port), name, 'MX'),
  );
  expect(await cache).toMatchObject({ authoritative: false });
});

test('over UDP rubbish and foreign answers are passed over', async () => {
  const server = createSocket('udp4');
  server.on('message', (message, from) => {
    const asked = decode(message);
    const say = (packet: Buffer): void => server.send(packet, from.port, from.address);
    say(Buffer.from('rubbish'));
    say(encode(answer({ ...asked, id: ((asked.id ?? 0) + 1) % 65536 }, aa)));
    say(encode(answer(asked, aa, mx)));
  });
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  try {
    const found = await query(address(server.address().port, { transport: 'udp' }), name, 'MX');
    expect(found.set?.ttl).toBe(300);
  } finally {
    server.close();
  }
});

test('a host name that does not exist is named as that', async () => {
  for (const transport of ['tcp', 'udp'] as const)
    await expect(
      query(address(53, { host: 'absent.invalid', transport, timeoutMs: 5000 }), name, 'MX'),
    ).rejects.toMatchObject({ fault: 'unreachable' });
});
