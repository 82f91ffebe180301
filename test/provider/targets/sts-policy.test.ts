import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  allowsHost,
  fetchPolicy,
  parsePolicy,
  policyOfText,
  policyText,
} from '../../../lib/provider/targets/sts-policy.js';

const text =
  'version: STSv1\r\nmode: enforce\r\nmx: MX1.relay.example\r\nmx: *.musterstadt.example\r\nmax_age: 604800\r\n';
const policy = { mode: 'enforce', mx: ['mx1.relay.example', '*.musterstadt.example'], maxAge: 604_800 };

test('a policy is read, and becomes one line and back', () => {
  expect(parsePolicy(text)).toEqual(policy);
  expect(policyText(policy)).toBe('mode=enforce mx=*.musterstadt.example,mx1.relay.example max_age=604800');
  expect(policyOfText(policyText(policy))).toEqual({ ...policy, mx: [...policy.mx].sort() });
  expect(policyOfText('no policy: it answers 404')).toBeUndefined();
});

test.each([
  ['another version', text.replace('STSv1', 'STSv2')],
  ['no mode', text.replace(/mode.*\r\n/, '')],
  ['no time', text.replace('604800', 'long')],
  ['a web page', '<html>404</html>'],
])('with %s it is none', (_, broken) => expect(parsePolicy(broken)).toBeUndefined());

test.each([
  ['mx1.relay.example', true],
  ['mail.musterstadt.example', true],
  ['a.mail.musterstadt.example', false],
  ['musterstadt.example', false],
  ['mx2.relay.example', false],
])('%s is listed: %s', (host, listed) => expect(allowsHost(policy, host)).toBe(listed));

describe('fetched over https', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailversand-sts-'));
  const files = { key: join(folder, 'key'), cert: join(folder, 'crt') };
  const name = 'mta-sts.musterstadt.example';
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-days', '2'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...subject, ...key, '-keyout', files.key, '-out', files.cert], {
    stdio: 'ignore',
  });
  const [keyPem, ca] = [readFileSync(files.key, 'utf8'), readFileSync(files.cert, 'utf8')];
  afterAll(() => rmSync(folder, { recursive: true }));

  async function fetching(status: number, body: string, more: object): Promise<unknown> {
    const asked: (string | undefined)[] = [];
    const server = createServer({ key: keyPem, cert: ca }, (request, response) => {
      asked.push(request.headers.host, request.url);
      response.writeHead(status, { location: 'https://elsewhere.example/' });
      if (status === 200 && body === '') response.write('version: STSv1\n', () => request.socket.destroy());
      else response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const request = { domain: 'musterstadt.example', address: '127.0.0.1', port, ca, ...more };
    try {
      const found = await fetchPolicy(request);
      expect(asked).toEqual([name, '/.well-known/mta-sts.txt']);
      return found;
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  test('with a certificate that is valid for the policy host', async () => {
    expect(await fetching(200, text, {})).toEqual(policy);
  });

  test.each<[string, number, string, object, RegExp]>([
    ['a certificate that nobody trusts', 200, text, { ca: undefined }, /self.signed/],
    ['a certificate for another name', 200, text, { domain: 'other.example' }, /mta-sts\.other\.example/],
    ['a redirect', 301, text, {}, /it answers 301/],
    ['something else', 200, '<html>', {}, /it answers 200 and no policy/],
    ['an answer that breaks off', 200, '', {}, /aborted/],
    ['an endless page', 200, 'x'.repeat(70_000), {}, /longer than 64 kB/],
  ])('%s is no policy', async (_, status, body, more, says) => {
    await expect(fetching(status, body, more)).rejects.toThrow(says);
  });
});
