import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import {
  decode,
  encode,
  RECURSION_DESIRED,
  streamDecode,
  streamEncode,
  type DecodedPacket,
  type Packet,
  type RecordType,
} from 'dns-packet';

/** Where and how a server is asked. */
export interface DnsServerAddress {
  host: string;
  port: number;
  /** `udp` asks again over TCP when the answer does not fit. */
  transport: 'tcp' | 'udp';
  /** For one attempt. */
  timeoutMs: number;
  /** Further attempts after one without an answer. */
  retries: number;
}

export interface DnsQuestion {
  /** Without trailing dot; empty for the root. */
  name: string;
  type: RecordType;
  /** Whether a resolver is asked, which asks others in turn. */
  recursive: boolean;
}

/** dns-packet's types leave out the response code that it decodes. */
export type Reply = DecodedPacket & { rcode: string };

/** One question, one answer, one attempt. Whatever is no answer to it is an error. */
export async function exchange(server: DnsServerAddress, question: DnsQuestion): Promise<Reply> {
  const id = Math.floor(Math.random() * 65536);
  const packet: Packet = {
    type: 'query',
    id,
    flags: question.recursive ? RECURSION_DESIRED : 0,
    questions: [{ type: question.type, name: question.name || '.' }],
  };
  const asked = (question.name || '.').toLowerCase();
  const fits = (reply: Reply): boolean =>
    reply.id === id &&
    reply.type === 'response' &&
    (reply.questions?.[0]?.name.replace(/(?<=.)\.$/, '') || '.').toLowerCase() === asked;
  if (server.transport === 'udp') {
    const reply = await overUdp(server, packet, fits);
    if (!reply.flag_tc) return reply;
  }
  const reply = await overTcp(server, packet);
  if (!fits(reply)) throw new Error('it answered something that was not asked');
  return reply;
}

function overTcp(server: DnsServerAddress, question: Packet): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, server.host);
    const end = (finish: () => void): void => {
      clearTimeout(timer);
      socket.destroy();
      finish();
    };
    const timer = setTimeout(() => end(() => reject(timedOut(server))), server.timeoutMs);
    let received = Buffer.alloc(0);
    socket.once('connect', () => socket.write(streamEncode(question)));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      end(() => settle(resolve, reject, () => streamDecode(received) as Reply));
    });
    socket.once('error', (error) => end(() => reject(error)));
    socket.once('close', () => end(() => reject(new Error('it closed the connection without an answer'))));
  });
}

function overUdp(
  server: DnsServerAddress,
  question: Packet,
  fits: (packet: Reply) => boolean,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(server.host) ? 'udp6' : 'udp4');
    const end = (finish: () => void): void => {
      clearTimeout(timer);
      socket.close();
      finish();
    };
    const timer = setTimeout(() => end(() => reject(timedOut(server))), server.timeoutMs);
    // Connected: the kernel drops what other addresses send.
    socket.connect(server.port, server.host);
    socket.once('connect', () => socket.send(encode(question)));
    socket.on('message', (message) => {
      const packet = tryDecode(message);
      if (packet !== undefined && fits(packet)) end(() => resolve(packet));
    });
    socket.once('error', (error) => end(() => reject(error)));
  });
}

const timedOut = (server: DnsServerAddress): Error =>
  new Error(`no answer within ${server.timeoutMs / 1000} s`);

function settle<T>(resolve: (value: T) => void, reject: (error: unknown) => void, make: () => T): void {
  try {
    resolve(make());
  } catch (error) {
    reject(error);
  }
}

function tryDecode(message: Buffer): Reply | undefined {
  try {
    return decode(message) as Reply;
  } catch {
    return undefined;
  }
}
