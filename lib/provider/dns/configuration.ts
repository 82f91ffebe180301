import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../definition.js';
import { unknown, type Value, type ValueObject } from '../served.js';
import { DnsError } from '../targets/dns/fault.js';
import { isDomainName, isServerHost } from '../targets/dns/names.js';
import type { DnsServerAddress } from '../targets/dns/query.js';
import type { UpdateServer } from '../targets/dns/update.js';
import { problem, shown, warning } from './diagnostics.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The server of one provider block. Reading needs no key. */
export interface Connection {
  address: DnsServerAddress;
  /** With the key, if one is named. @throws DnsError `key` when its secret cannot be had */
  writer(): UpdateServer;
}

const transports: Record<string, 'tcp' | 'udp'> = {
  tcp: 'tcp',
  tcp4: 'tcp',
  tcp6: 'tcp',
  udp: 'udp',
  udp4: 'udp',
  udp6: 'udp',
};
const algorithms = ['hmac-sha1', 'hmac-sha224', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512'];
const defaultTimeoutMs = 3000;

/**
 * The block `update` as the original knows it, each attribute also from its DNS_UPDATE_ variable. Different:
 * TCP is the default transport, and the secret may come from a file of its own for every key.
 */
export function connectionOf(
  config: ValueObject,
  env: Environment,
): { connection: Connection | undefined; diagnostics: Diagnostic[] } {
  const blocks = Array.isArray(config['update']) ? config['update'] : [];
  const block =
    blocks.find(
      (one): one is ValueObject => typeof one === 'object' && !Array.isArray(one) && one !== null,
    ) ?? {};
  const diagnostics: Diagnostic[] = [];
  const invalid = (name: string, found: Value | undefined, allowed: string): void => {
    diagnostics.push(
      problem(
        'dns-configuration',
        `update.${name} ${JSON.stringify(found)} is not usable`,
        allowed,
        'update',
      ),
    );
  };
  // null where neither the block nor the environment says anything.
  const setting = (name: string, variable: string): Value =>
    block[name] ?? env[`DNS_UPDATE_${variable}`] ?? null;

  if (blocks.length > 1)
    diagnostics.push(
      problem(
        'dns-configuration',
        'there are several update blocks',
        'Declare one; use an alias of the provider for another server.',
        'update',
      ),
    );
  if (Object.values(block).includes(unknown)) return { connection: undefined, diagnostics };
  if (Array.isArray(block['gssapi']) && block['gssapi'].length > 0)
    diagnostics.push(
      problem('dns-not-served', 'update.gssapi is not served by the drop-in', 'Use a TSIG key.', 'update'),
    );
  if (block['recursive'] === true)
    diagnostics.push(
      warning(
        'dns-not-served',
        'update.recursive has no meaning here',
        'The primary is always asked without recursion. Remove it.',
        'update',
      ),
    );
  if (typeof block['key_secret'] === 'string')
    diagnostics.push(
      warning(
        'dns-secret-in-configuration',
        'update.key_secret stands in the configuration',
        'So it also stands in the synthesised files and in saved plans. Put it into DNS_UPDATE_KEYSECRET or into MAILVERSAND_TSIG_DIR/<key name>.key, and give the key a new secret.',
        'update',
      ),
    );

  const host = setting('server', 'SERVER');
  if (host === null) return { connection: undefined, diagnostics };
  if (typeof host !== 'string' || !isServerHost(host))
    invalid('server', host, 'An IP address or a host name.');
  const port = Number(setting('port', 'PORT') ?? 53);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    invalid('port', setting('port', 'PORT'), 'A number from 1 to 65535.');
  const transport = transports[shown(setting('transport', 'TRANSPORT') ?? 'tcp')];
  if (transport === undefined)
    invalid('transport', setting('transport', 'TRANSPORT'), `One of ${Object.keys(transports).join(', ')}.`);
  const retries = Number(setting('retries', 'RETRIES') ?? 3);
  if (!Number.isInteger(retries) || retries < 0 || retries > 10)
    invalid('retries', setting('retries', 'RETRIES'), 'A number from 0 to 10.');
  const timeoutMs = milliseconds(setting('timeout', 'TIMEOUT'));
  if (timeoutMs === undefined)
    invalid(
      'timeout',
      setting('timeout', 'TIMEOUT'),
      'Seconds as a number, or a duration such as "500ms", "5s", "1m", of at most five minutes.',
    );
  const keyName = setting('key_name', 'KEYNAME');
  if (keyName !== null && (typeof keyName !== 'string' || !isDomainName(keyName)))
    invalid('key_name', keyName, 'The name of the TSIG key, with a dot at the end.');
  const algorithm = shown(setting('key_algorithm', 'KEYALGORITHM') ?? 'hmac-sha256').replace(/\.$/, '');
  if (!algorithms.includes(algorithm))
    invalid('key_algorithm', algorithm, `One of ${algorithms.join(', ')} (RFC 8945 6).`);

  if (
    diagnostics.some(({ severity }) => severity === 'error') ||
    transport === undefined ||
    timeoutMs === undefined
  )
    return { connection: undefined, diagnostics };
  const address = { host: shown(host), port, transport, retries, timeoutMs };
  const writer = (): UpdateServer =>
    typeof keyName === 'string'
      ? { ...address, key: { name: keyName, algorithm, secret: secretOf(keyName, block['key_secret'], env) } }
      : address;
  return { connection: { address, writer }, diagnostics };
}

/** Go's durations as far as they are used for time limits; bare numbers are seconds. 0 means the default. */
function milliseconds(value: Value): number | undefined {
  if (value === null) return defaultTimeoutMs;
  const parts = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s|m)?$/.exec(shown(value));
  if (parts === null) return undefined;
  const factor = { ms: 1, s: 1000, m: 60_000 }[parts[2] ?? 's'] ?? 1000;
  const found = Math.round(Number(parts[1]) * factor) || defaultTimeoutMs;
  return found <= 300_000 ? found : undefined;
}

/** Block, then file, then variable: the nearer to this one key, the earlier. */
function secretOf(keyName: string, configured: Value | undefined, env: Environment): string {
  const secret = (
    typeof configured === 'string'
      ? configured
      : (fromFile(keyName, env) ?? env['DNS_UPDATE_KEYSECRET'] ?? '')
  ).trim();
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(secret)) return secret;
  throw new DnsError(
    'key',
    secret === ''
      ? `there is no secret for key ${keyName}`
      : `the secret of key ${keyName} is not Base64 on one line`,
    `Put it into the file ${keyName.slice(0, -1)}.key in the folder MAILVERSAND_TSIG_DIR (mode 0600), or into DNS_UPDATE_KEYSECRET.`,
  );
}

function fromFile(keyName: string, env: Environment): string | undefined {
  const folder = env['MAILVERSAND_TSIG_DIR'];
  if (folder === undefined || folder === '') return undefined;
  // A checked domain name holds no slash, and no label of it is empty: it stays in the folder.
  const file = join(folder, `${keyName.slice(0, -1)}.key`);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if ((found.mode & 0o077) !== 0)
    throw new DnsError(
      'key',
      `${file} can be read by others`,
      `chmod 600 ${file}, and give the key a new secret if others could have read it.`,
    );
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new DnsError(
      'key',
      `${file} cannot be read: ${String(error)}`,
      'Let the user who deploys read it.',
    );
  }
}
