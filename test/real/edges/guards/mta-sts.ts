import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { domain, id, zone, type Ready } from './ready.js';

const hosts = { old: 'mail.musterstadt.example', relay: 'mx1.landesnetz.example' };
const day = 86_400;

/** Guards of a domain with an MTA-STS policy, before a sender that has fetched it and keeps to it. */
export function enforcedPolicy(ready: () => Ready): void {
  let authority: string;

  test('an enforced policy that lists only the old host: gate-mta-sts', async () => {
    await certificates('relay', id);
    await ready().firstSeen(`${domain},MTA-STS`, '2026-01-31');
    await policy(1, hosts.old);
    await ready().observe();
    await senderKeepsTo(hosts.old);
    expect(await ready().refusedBy()).toEqual(['gate-mta-sts']);
    expect(await ready().arrives('internet')).toBe(true);

    await ready().applyWithout('gate-mta-sts');
    expect(await ready().ends({ from: 'internet' })).toMatch(notVerified);
  });

  test('a sender that keeps the policy of yesterday, which listed only the old host: gate-mta-sts-aged', async () => {
    await certificates('relay', id);
    await policy(1, hosts.old);
    await ready().observe();
    await senderKeepsTo(hosts.old);
    await policy(2, hosts.old, hosts.relay);
    await ready().observe();
    expect(await ready().refusedBy()).toEqual(['gate-mta-sts-aged']);
    expect(await ready().arrives('internet')).toBe(true);

    await ready().applyWithout('gate-mta-sts-aged');
    expect(await ready().ends({ from: 'internet' })).toMatch(notVerified);
  });

  const notVerified =
    /^internet: .*relay=mx1\.landesnetz.* status=deferred .*Server certificate not verified/;

  /** What a sender makes of an enforced policy: one of these hosts, with a certificate that is valid for its name. */
  const senderKeepsTo = (...listed: string[]): Promise<void> => {
    const policies = `inline:{{${domain}=secure match=${listed.join(':')}}}`;
    return ready().fault(
      () =>
        ready().postconf(
          'internet',
          'smtp_tls_CAfile=/etc/ssl/authority.crt',
          `smtp_tls_policy_maps=${policies}`,
        ),
      () => ready().postconf('internet', 'smtp_tls_CAfile=', 'smtp_tls_policy_maps='),
    );
  };

  /** Publishes a policy: its record in the zone, and its text behind a certificate that counts. */
  async function policy(number: number, ...listed: string[]): Promise<void> {
    const text = [
      'HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nversion: STSv1',
      'mode: enforce',
      ...listed.map((host) => `mx: ${host}`),
      `max_age: ${day}\n`,
    ].join('\n');
    const folder = '/opt/mta-sts/.well-known';
    await ready().sh('internet', `mkdir -p ${folder}`);
    await writeFile(ready().rehearsal.path('internet', `${folder}/mta-sts.txt`), text);
    const record = (...data: string[]): Promise<void> =>
      ready().zone(zone, `_mta-sts.${zone}`, 'TXT', 60, ...data);
    if (number > 1) return record(`"v=STSv1; id=${number}"`);
    await ready().zone(zone, `mta-sts.${zone}`, 'A', 60, '203.0.113.80');
    await signed(`mta-sts.${domain}`, ready().rehearsal.path('internet', '/opt/mta-sts/policy'));
    const server =
      'openssl s_server -accept 443 -cert /opt/mta-sts/policy.crt -key /opt/mta-sts/policy.key -HTTP';
    return ready().fault(
      async () => {
        await ready().sh(
          'internet',
          `cd /opt/mta-sts; setsid ${server} </dev/null >/dev/null 2>&1 & echo $! >/tmp/policy.pid`,
        );
        await record(`"v=STSv1; id=${number}"`);
      },
      async () => {
        await ready().sh('internet', 'kill $(cat /tmp/policy.pid)');
        await record();
      },
    );
  }

  /** Mail servers get certificates of an authority that engine and sender trust, until the test is over. */
  async function certificates(...at: string[]): Promise<void> {
    for (const host of at) {
      const file = ready().rehearsal.path(host, '/etc/ssl/rehearsal');
      await ready().fault(
        async () => {
          for (const end of ['.crt', '.key']) await rename(file + end, `${file}.own${end}`);
          await signed(host === 'relay' ? hosts.relay : hosts.old, file);
          await ready().postconf(host);
        },
        async () => {
          for (const end of ['.crt', '.key']) await rename(`${file}.own${end}`, file + end);
          await ready().postconf(host);
        },
      );
    }
  }

  beforeAll(async () => {
    authority = await mkdtemp(join(tmpdir(), 'mailversand-authority-'));
    await request('Authority', join(authority, 'ca'));
    ready().desk.environment['NODE_EXTRA_CA_CERTS'] = join(authority, 'ca.crt');
    await mkdir(ready().rehearsal.path('internet', '/etc/ssl'), { recursive: true });
    await execa('cp', [
      join(authority, 'ca.crt'),
      ready().rehearsal.path('internet', '/etc/ssl/authority.crt'),
    ]);
  });

  afterAll(() => rm(authority, { recursive: true }));

  /** A key and a certificate for a name, as `FILE.key` and `FILE.crt`. */
  const request = async (name: string, file: string, ...more: string[]): Promise<void> => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30'];
    const subject = ['-subj', `/CN=${name}`, '-keyout', `${file}.key`, '-out', `${file}.crt`];
    await execa('openssl', ['req', '-x509', ...key, ...subject, ...more]);
  };

  const signed = (name: string, file: string): Promise<void> => {
    const by = ['-CA', join(authority, 'ca.crt'), '-CAkey', join(authority, 'ca.key')];
    return request(name, file, ...by, '-addext', `subjectAltName=DNS:${name}`);
  };
}
