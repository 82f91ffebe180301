import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectionOf, type Environment } from '../../../lib/provider/dns/configuration.js';
import { unknown, type ValueObject } from '../../../lib/provider/served.js';
import type { UpdateServer } from '../../../lib/provider/targets/dns/update.js';

const given = (update: ValueObject, env: Environment = {}): ReturnType<typeof connectionOf> =>
  connectionOf({ update: [update] }, env);
const rules = (update: ValueObject): string[] => given(update).diagnostics.map(({ rule }) => rule);
const writer = (update: ValueObject, env: Environment): UpdateServer | undefined =>
  given({ server: '192.0.2.53', key_name: 'k.', ...update }, env).connection?.writer();

test('an address alone is enough: TCP, port 53, three seconds, three further attempts, no key', () => {
  const { connection, diagnostics } = given({ server: '192.0.2.53' });
  const address = { host: '192.0.2.53', port: 53, transport: 'tcp', timeoutMs: 3000, retries: 3 };
  expect(diagnostics).toEqual([]);
  expect(connection?.address).toEqual(address);
  expect(connection?.writer()).toEqual(address);
});

test('everything can come from the environment, and the block goes first', () => {
  const env = {
    DNS_UPDATE_SERVER: 'ns.example',
    DNS_UPDATE_PORT: '5353',
    DNS_UPDATE_TRANSPORT: 'udp',
    DNS_UPDATE_TIMEOUT: '1.5',
    DNS_UPDATE_RETRIES: '0',
    DNS_UPDATE_KEYNAME: 'k.',
    DNS_UPDATE_KEYALGORITHM: 'hmac-sha512.',
    DNS_UPDATE_KEYSECRET: 'QUJD\n',
  };
  const key = { name: 'k.', algorithm: 'hmac-sha512', secret: 'QUJD' };
  const expected = { host: 'ns.example', port: 5353, transport: 'udp', timeoutMs: 1500, retries: 0, key };
  expect(connectionOf({ update: [] }, env).connection?.writer()).toEqual(expected);
  expect(given({ port: 53, timeout: '2s' }, env).connection?.writer()).toEqual({
    ...expected,
    port: 53,
    timeoutMs: 2000,
  });
});

test.each([
  ['500ms', 500],
  ['1m', 60_000],
  ['5', 5000],
  ['0', 3000],
])('the time limit %s is %d ms', (timeout, timeoutMs) => {
  expect(given({ server: '::1', timeout }).connection?.address.timeoutMs).toBe(timeoutMs);
});

test.each<[string, ValueObject]>([
  ['server', { server: 'a b' }],
  ['server', { server: '192.0.2.1\nserver evil' }],
  ['port', { server: '192.0.2.1', port: 0 }],
  ['transport', { server: '192.0.2.1', transport: 'tls' }],
  ['retries', { server: '192.0.2.1', retries: 11 }],
  ['timeout', { server: '192.0.2.1', timeout: 'soon' }],
  ['timeout', { server: '192.0.2.1', timeout: '1000m' }],
  ['key_name', { server: '192.0.2.1', key_name: 'without.dot' }],
  ['key_name', { server: '192.0.2.1', key_name: '../etc.' }],
  ['key_algorithm', { server: '192.0.2.1', key_algorithm: 'hmac-md5' }],
])('an unusable %s is named', (name, update) => {
  const { connection, diagnostics } = given(update);
  expect(connection).toBeUndefined();
  expect(diagnostics).toMatchObject([{ severity: 'error', rule: 'dns-configuration', attribute: 'update' }]);
  expect(diagnostics[0]?.summary).toContain(`update.${name} `);
});

test('a secret in the configuration works, and is warned of without being shown', () => {
  const { connection, diagnostics } = given({ server: '::1', key_name: 'k.', key_secret: 'QUJDREVG' });
  expect(connection?.writer().key?.secret).toBe('QUJDREVG');
  expect(diagnostics).toMatchObject([{ severity: 'warning', rule: 'dns-secret-in-configuration' }]);
  expect(JSON.stringify(diagnostics)).not.toContain('QUJDREVG');
});

test('what the drop-in does not do is said: GSS-TSIG, recursion, several servers', () => {
  expect(rules({ server: '::1', gssapi: [{ realm: 'EXAMPLE' }] })).toEqual(['dns-not-served']);
  expect(given({ server: '::1', recursive: true }).diagnostics).toMatchObject([{ severity: 'warning' }]);
  expect(connectionOf({ update: [{}, {}] }, {}).diagnostics).toMatchObject([{ rule: 'dns-configuration' }]);
});

test('a configuration that is not known yet is no error', () => {
  expect(given({ server: unknown })).toEqual({ connection: undefined, diagnostics: [] });
});

describe('the secret of a key', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'mailversand-tsig-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const file = (content: string, mode = 0o600): void => {
    writeFileSync(join(folder, 'k.key'), content);
    chmodSync(join(folder, 'k.key'), mode);
  };

  test("comes from the key's own file before the variable that holds for all", () => {
    const env = { MAILVERSAND_TSIG_DIR: folder, DNS_UPDATE_KEYSECRET: 'QUFB' };
    expect(writer({}, env)?.key?.secret).toBe('QUFB');
    file('QkJC\n');
    expect(writer({}, env)?.key?.secret).toBe('QkJC');
    expect(writer({ key_name: 'other.' }, env)?.key?.secret).toBe('QUFB');
    expect(writer({}, { ...env, MAILVERSAND_TSIG_DIR: '' })?.key?.secret).toBe('QUFB');
  });

  test.each([
    ['is missing', '', 0o600, 'there is no secret for key k.'],
    ['is no Base64', 'a secret!', 0o600, 'is not Base64'],
    ['would end its line', 'QUJD\nserver evil', 0o600, 'is not Base64'],
    ['can be read by others', 'QUJD', 0o644, 'can be read by others'],
  ])('that %s is refused when it is needed, and not shown', (_what, content, mode, says) => {
    file(content, mode);
    const { connection } = given({ server: '::1', key_name: 'k.' }, { MAILVERSAND_TSIG_DIR: folder });
    expect(() => connection?.writer()).toThrow(says);
    if (content !== '') expect(() => connection?.writer()).not.toThrow(content);
  });

  test('a file that cannot be read is named', () => {
    mkdirSync(join(folder, 'k.key'), { mode: 0o700 });
    expect(() => writer({}, { MAILVERSAND_TSIG_DIR: folder })).toThrow('cannot be read');
  });
});
