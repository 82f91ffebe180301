import { spawn } from 'node:child_process';
import { DnsError } from './fault.js';
import { serverTitle, type DnsServerAddress } from './query.js';
import { presentation, type RecordSet, type RecordType } from './rdata.js';

/** A TSIG key (RFC 8945). The secret goes to nsupdate's standard input and nowhere else. */
export interface TsigKey {
  /** Fully qualified. */
  name: string;
  algorithm: string;
  secret: string;
}

export interface UpdateServer extends DnsServerAddress {
  key?: TsigKey;
}

/** One RFC 2136 message: all of it happens, or nothing. */
export interface Replacement {
  zone: string;
  name: string;
  type: RecordType;
  /** What must be there when the server looks, exactly; undefined: nothing of this type. */
  expected: RecordSet | undefined;
  wanted: RecordSet;
}

/** The server looked and found something else than expected: nothing was written. */
export class PrerequisiteError extends Error {
  override name = 'PrerequisiteError';
}

/**
 * Commands for nsupdate. Names, hosts and keys were checked before (names.ts, configuration); data is escaped
 * by {@link presentation}. Prerequisites compare data, not TTLs (RFC 2136 2.4.2).
 */
export function updateScript(server: UpdateServer, change: Replacement): string {
  const at = `${change.name} IN ${change.type}`;
  return [
    `server ${server.host} ${server.port}`,
    `zone ${change.zone}`,
    ...(server.key ? [`key ${server.key.algorithm}:${server.key.name} ${server.key.secret}`] : []),
    ...(change.expected === undefined
      ? [`prereq nxrrset ${at}`]
      : change.expected.data.map((data) => `prereq yxrrset ${at} ${presentation(data)}`)),
    ...(change.expected === undefined ? [] : [`update delete ${at}`]),
    ...change.wanted.data.map(
      (data) => `update add ${change.name} ${change.wanted.ttl} IN ${change.type} ${presentation(data)}`,
    ),
    'send',
    '',
  ].join('\n');
}

/**
 * Sends one change.
 * @throws PrerequisiteError when the live set is not the expected one
 * @throws DnsError `unreachable` also when the answer was lost: the change may have happened then
 */
export async function sendUpdate(server: UpdateServer, change: Replacement): Promise<void> {
  const { code, errors } = await nsupdate(server, updateScript(server, change));
  if (code !== 0) throw updateError(server, change, errors);
}

function nsupdate(server: UpdateServer, script: string): Promise<{ code: number | null; errors: string }> {
  const seconds = Math.max(1, Math.ceil(server.timeoutMs / 1000));
  const argv =
    server.transport === 'tcp'
      ? ['-v', '-t', String(seconds)]
      : ['-u', String(seconds), '-r', String(server.retries), '-t', String(seconds * (server.retries + 1))];
  return new Promise((resolve, reject) => {
    const child = spawn('nsupdate', argv, {
      stdio: ['pipe', 'ignore', 'pipe'],
      // No secret in its environment, its messages in English.
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
      timeout: (seconds * (server.retries + 1) + 5) * 1000,
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.once('error', (error: NodeJS.ErrnoException) => {
      reject(programError(error));
    });
    child.once('close', (code) => resolve({ code, errors }));
    // It may end before it has read everything; its exit code then says why.
    child.stdin.once('error', () => undefined);
    child.stdin.end(script);
  });
}

const programError = (error: NodeJS.ErrnoException): DnsError =>
  new DnsError(
    'program',
    error.code === 'ENOENT'
      ? 'the program nsupdate is not installed'
      : `nsupdate cannot be started: ${error.message}`,
    'Install it (Debian: apt-get install bind9-dnsutils; macOS: brew install bind). Nothing was written.',
  );

/** What nsupdate said, as what happened and what to do. */
export function updateError(server: UpdateServer, change: Replacement, errors: string): Error {
  const answer = /update failed: ([A-Z]+(?:\([A-Z]+\))?)/.exec(errors)?.[1];
  const where = `${serverTitle(server)} refuses to change the ${change.type} of ${change.name}`;
  const key = server.key ? `key ${server.key.name}` : 'an unsigned update';
  switch (answer) {
    case 'NXRRSET':
    case 'YXRRSET':
    case 'NXDOMAIN':
    case 'YXDOMAIN':
      return new PrerequisiteError(`${change.type} of ${change.name} is not what was expected (${answer})`);
    case 'NOTAUTH(BADKEY)':
      return new DnsError(
        'key',
        `${where}: it does not know ${key}, or does not let it write this name (${answer})`,
        "Compare the key's name and algorithm with the server's, and the access list's names and types with templates/dns/. Nothing was written.",
      );
    case 'NOTAUTH(BADSIG)':
      return new DnsError(
        'key',
        `${where}: the secret of ${key} is not the server's (${answer})`,
        'Put the right secret into DNS_UPDATE_KEYSECRET or the file in MAILVERSAND_TSIG_DIR. Nothing was written.',
      );
    case 'NOTAUTH(BADTIME)':
      return new DnsError(
        'key',
        `${where}: the clocks differ by more than five minutes (${answer})`,
        'Set the clocks of this machine and of the server (NTP). Nothing was written.',
      );
    case 'NOTAUTH':
    case 'NOTZONE':
      return new DnsError(
        'zone',
        `${where}: it is not the primary of zone ${change.zone}, or does not take ${key} for it (${answer})`,
        'Check the zone, the server and whether a key is configured. Nothing was written.',
      );
    case 'REFUSED':
      return new DnsError(
        'refused',
        `${where}: its access list does not let ${key} do that, or it checks what is written (${answer})`,
        'Let the key write MX and TXT of exactly this name (templates/dns/). BIND also refuses a mail exchanger inside the zone that has no address record. Nothing was written.',
      );
    case undefined:
      return silence(server, change, errors);
    default:
      return new DnsError(
        'server-failure',
        `${serverTitle(server)} could not change the ${change.type} of ${change.name} (${answer})`,
        "Look into the server's log. Nothing was written.",
      );
  }
}

/** nsupdate ended without an answer of the server. */
function silence(server: UpdateServer, change: Replacement, errors: string): DnsError {
  if (errors.includes('could not create key'))
    return new DnsError(
      'key',
      `nsupdate does not accept the secret or the algorithm of key ${server.key?.name ?? '(none)'}`,
      `The secret must be Base64 on one line, the algorithm one that nsupdate knows. Nothing was written.`,
    );
  if (errors.includes('syntax error')) {
    // Its own words can quote any line it was given.
    const words = errors.replaceAll(server.key?.secret ?? '\n', '…').split('\n')[0] ?? '';
    return new DnsError(
      'program',
      `nsupdate does not accept the change of the ${change.type} of ${change.name}: ${words}`,
      'Correct the name or the value. Nothing was written.',
    );
  }
  return new DnsError(
    'unreachable',
    `${serverTitle(server)} did not answer the update of the ${change.type} of ${change.name}`,
    'Check that the server runs and that its port is open for TCP, then run the command again: it looks first what is there.',
  );
}
