import fc from 'fast-check';
import { presentation, txtData, type RecordData } from '../../../lib/provider/targets/dns/rdata.js';
import {
  sendUpdate,
  updateError,
  updateScript,
  type Replacement,
  type UpdateServer,
} from '../../../lib/provider/targets/dns/update.js';

const server: UpdateServer = {
  host: '192.0.2.53',
  port: 53,
  transport: 'tcp',
  timeoutMs: 1000,
  retries: 0,
  key: { name: 'k.', algorithm: 'hmac-sha256', secret: 'QUJDREVG' },
};
const mx = (preference: number, exchange: string): RecordData => ({ type: 'MX', preference, exchange });
const change: Replacement = {
  zone: 'a.example.',
  name: 'a.example.',
  type: 'MX',
  expected: { ttl: 3600, data: [mx(10, 'old.example.'), mx(20, 'older.example.')] },
  wanted: { ttl: 60, data: [mx(10, 'new.example.')] },
};

test('a replacement is one message: what must be there, all of it away, all of the new', () => {
  expect(updateScript(server, change)).toBe(`server 192.0.2.53 53
zone a.example.
key hmac-sha256:k. QUJDREVG
prereq yxrrset a.example. IN MX 10 old.example.
prereq yxrrset a.example. IN MX 20 older.example.
update delete a.example. IN MX
update add a.example. 60 IN MX 10 new.example.
send
`);
});

test('a creation takes nothing away, and a server without key gets no key', () => {
  expect(
    updateScript(
      { ...server, key: undefined },
      {
        ...change,
        expected: undefined,
      },
    ),
  ).toBe(`server 192.0.2.53 53
zone a.example.
prereq nxrrset a.example. IN MX
update add a.example. 60 IN MX 10 new.example.
send
`);
});

test('no text leaves its quotes, and every one can be read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
      const written = presentation(txtData(text));
      expect(written).toMatch(
        /^"(?:[A-Za-z0-9 =:._~+/-]|\\\d{3})*"(?: "(?:[A-Za-z0-9 =:._~+/-]|\\\d{3})*")*$/,
      );
      const bytes = written
        .slice(1, -1)
        .replaceAll('" "', '')
        .replaceAll(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(Number(code)));
      expect(Buffer.from(bytes, 'latin1')).toEqual(Buffer.from(text, 'utf8'));
    }),
  );
});

test.each([
  ['update failed: REFUSED', 'refused'],
  ['update failed: NOTAUTH', 'zone'],
  ['update failed: NOTZONE', 'zone'],
  ['; TSIG error with server: tsig indicates error\nupdate failed: NOTAUTH(BADKEY)', 'key'],
  ['update failed: NOTAUTH(BADSIG)', 'key'],
  ['update failed: NOTAUTH(BADTIME)', 'key'],
  ['could not create key from QUJDREVG: bad base64 encoding\nsyntax error', 'key'],
  ['invalid rdata format: QUJDREVG\nsyntax error', 'program'],
  ['update failed: SERVFAIL', 'server-failure'],
  ['; Communication with 192.0.2.53#53 failed: timed out', 'unreachable'],
  ['', 'unreachable'],
])('what nsupdate says is told apart: %s', (errors, fault) => {
  const error = updateError(server, change, errors);
  expect(error).toMatchObject({ fault });
  expect(JSON.stringify(error) + error.message).not.toContain('QUJDREVG');
});

test.each(['NXRRSET', 'YXRRSET', 'NXDOMAIN', 'YXDOMAIN'])('%s means that something else is live', (rcode) => {
  expect(updateError(server, change, `update failed: ${rcode}`).name).toBe('PrerequisiteError');
});

test('where nsupdate is missing, the package to install is named', async () => {
  const path = process.env['PATH'];
  process.env['PATH'] = '/nonexistent';
  try {
    await expect(sendUpdate(server, change)).rejects.toMatchObject({
      fault: 'program',
      remedy: expect.stringContaining('bind9-dnsutils') as string,
    });
  } finally {
    process.env['PATH'] = path;
  }
});
