import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import {
  decode,
  encode,
  RECURSION_DESIRED,
  streamDecode,
  streamEncode,
  type DecodedPacket,
  type Packet,
} from 'dns-packet';
import { DnsError } from './fault.js';
import { sameName } from './names.js';
import type { RecordData, RecordSet, RecordType } from './rdata.js';

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

export interface DnsAnswer {
  /** The server holds the zone itself: nothing comes out of a cache. */
  authoritative: boolean;
  /** undefined: the name has no such record, or does not exist. */
  set: RecordSet | undefined;
}

/** dns-packet's types leave out the response code that it decodes. */
export type Reply = DecodedPacket & { rcode: string };

/** What a server may be asked for. */
export type AskedType = RecordType | 'SOA' | 'NS' | 'A' | 'TLSA';

export const serverTitle = (server: { host: string; port: number }): string =>
  `DNS server ${isIPv6(server.host) ? `[${server.host}]` : server.host}:${server.port}`;

/**
 * Asks for the records of one name and type, without recursion. Absent is an answer, everything that leaves
 * it open is a {@link DnsError}.
 */
export async function query(server: DnsServerAddress, name: string, type: RecordType): Promise<DnsAnswer> {
  const packet = await ask(server, name, type);
  const wanted = `${type} of ${name}`;
  if (packet.answers?.some((answer) => answer.type === 'CNAME' && sameName(fqdn(answer.name), name)))
    throw new DnsError(
      'alias',
      `${name} is an alias (CNAME) on ${serverTitle(server)}, so it cannot have an ${type}`,
      'Remove the CNAME at its source, or declare the records at the name it points to.',
    );
  const set = recordSet(packet, name, type);
  if (packet.rcode === 'NOERROR' || packet.rcode === 'NXDOMAIN')
    return { authoritative: packet.flag_aa, set };
  throw rcodeError(server, wanted, packet.rcode);
}

/** Names of zones that the server answers for, from the name upwards: the first one that holds it. */
export async function zoneOf(server: DnsServerAddress, name: string): Promise<string | undefined> {
  for (let at = name; at !== ''; at = at.slice(at.indexOf('.') + 1)) {
    const packet = await ask(server, at, 'SOA');
    if (
      packet.flag_aa &&
      packet.answers?.some((answer) => answer.type === 'SOA' && sameName(fqdn(answer.name), at))
    )
      return at;
  }
  return undefined;
}

/**
 * One question, and whatever the server answers. Repeats while there is no answer, or one that says "later"
 * (SERVFAIL, e.g. while a zone is being loaded).
 * @param recursive asks a resolver, not the server of a zone
 * @throws DnsError `unreachable`
 */
export async function ask(
  server: DnsServerAddress,
  name: string,
  type: AskedType,
  recursive = false,
): Promise<Reply> {
  for (let attempt = 0; ; attempt++) {
    try {
      const packet = await exchange(server, name, type, recursive);
      if (packet.rcode !== 'SERVFAIL' || attempt >= server.retries) return packet;
    } catch (error) {
      if (attempt >= server.retries)
        throw new DnsError(
          'unreachable',
          `${serverTitle(server)} does not answer a question for ${type} of ${name}: ${reason(error)}`,
          'Nothing is known about the records now, so nothing was concluded from it. Check the address, the port, the firewall and that the server runs, then run the command again.',
        );
    }
    await pause(100 * (attempt + 1));
  }
}

async function exchange(
  server: DnsServerAddress,
  name: string,
  type: AskedType,
  recursive: boolean,
): Promise<Reply> {
  const id = Math.floor(Math.random() * 65536);
  const question: Packet = {
    type: 'query',
    id,
    flags: recursive ? RECURSION_DESIRED : 0,
    questions: [{ type, name: name.slice(0, -1) || '.' }],
  };
  const fits = (packet: Reply): boolean =>
    packet.id === id && packet.type === 'response' && sameName(fqdn(packet.questions?.[0]?.name ?? ''), name);
  if (server.transport === 'udp') {
    const packet = await overUdp(server, question, fits);
    if (!packet.flag_tc) return packet;
  }
  const packet = await overTcp(server, question);
  if (!fits(packet)) throw new Error('it answered something that was not asked');
  return packet;
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

/** dns-packet gives names without the last dot. */
export const fqdn = (name: string): string => (name.endsWith('.') ? name : `${name}.`);

function recordSet(packet: Reply, name: string, type: RecordType): RecordSet | undefined {
  const data: RecordData[] = [];
  let ttl = 0;
  for (const answer of packet.answers ?? []) {
    if (answer.type !== type || !sameName(fqdn(answer.name), name)) continue;
    // A set has one TTL (RFC 2181 5.2); where a server breaks that, the longest is how long caches may keep it.
    ttl = Math.max(ttl, answer.ttl ?? 0);
    if (answer.type === 'MX')
      data.push({
        type: 'MX',
        preference: answer.data.preference ?? 0,
        exchange: fqdn(answer.data.exchange),
      });
    else data.push({ type: 'TXT', strings: [answer.data].flat().map((string) => Buffer.from(string)) });
  }
  return data.length === 0 ? undefined : { ttl, data };
}

export function rcodeError(server: DnsServerAddress, wanted: string, rcode: string): DnsError {
  if (rcode === 'REFUSED' || rcode === 'NOTAUTH')
    return new DnsError(
      'zone',
      `${serverTitle(server)} refuses a question for ${wanted} (${rcode}): it does not serve the zone, or not to this client`,
      "Check the zone's name and the server's address; the server must hold the zone and answer this machine.",
    );
  return new DnsError(
    'server-failure',
    `${serverTitle(server)} could not answer a question for ${wanted} (${rcode})`,
    "Nothing is known about the records now. Look into the server's log (zone not loaded, expired or broken?), then run the command again.",
  );
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ECONNREFUSED') return 'connection refused';
  if (code === 'ENOTFOUND') return 'its name is unknown';
  // A name with several addresses fails with an AggregateError without a message of its own.
  return error.message || (code ?? error.name);
}
