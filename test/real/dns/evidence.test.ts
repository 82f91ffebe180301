import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { addressesOfHost, serversOf } from '../../../lib/provider/targets/dns/authority.js';
import { observeDomain } from '../../../lib/provider/targets/dns/evidence.js';
import { ask, type DnsServerAddress } from '../../../lib/provider/targets/dns/query.js';
import { describeReal, findProgram } from '../requirements.js';
import { freePort } from './servers.js';

/** One Knot each, all on one port: the parent, which also stands for the resolver, and two servers of the zone. */
const parent = '127.0.0.2';
const first = '127.0.0.3';
const second = '127.0.0.4';

const soa = '3600 IN SOA ns.example. hostmaster.example. 1 3600 600 86400 60';
const zones: Record<string, Record<string, readonly string[]>> = {
  [parent]: {
    'example.': [
      `example. ${soa}`,
      'example. 3600 NS ns.example.',
      `ns.example. 3600 A ${parent}`,
      'musterstadt.example. 3600 NS ns1.example.',
      'musterstadt.example. 3600 NS gone.example.',
      `ns1.example. 3600 A ${first}`,
      `ns2.example. 3600 A ${second}`,
    ],
  },
  // Its own set names a server that the parent does not.
  [first]: {
    'musterstadt.example.': [
      `musterstadt.example. ${soa}`,
      'musterstadt.example. 3600 NS ns1.example.',
      'musterstadt.example. 3600 NS ns2.example.',
      'musterstadt.example. 300 MX 20 b.musterstadt.example.',
      'musterstadt.example. 300 MX 10 A.musterstadt.example.',
      'musterstadt.example. 600 TXT "v=spf1 " "ip4:203.0.113.10 -all"',
      'musterstadt.example. 600 TXT "verification=1"',
      '_dmarc.musterstadt.example. 900 TXT "v=DMARC1; p=none"',
      'alias.musterstadt.example. 60 CNAME musterstadt.example.',
      'none.musterstadt.example. 60 MX 0 .',
    ],
  },
  [second]: {
    'musterstadt.example.': [
      `musterstadt.example. ${soa}`,
      'musterstadt.example. 3600 NS ns1.example.',
      'musterstadt.example. 3600 MX 10 a.musterstadt.example.',
    ],
  },
};

describeReal('what the servers of a zone show', { programs: ['knotd'] }, () => {
  let folder: string;
  let port: number;
  let resolver: DnsServerAddress;
  const running: ChildProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailversand-zones-'));
    port = await freePort();
    resolver = { host: parent, port, transport: 'tcp', timeoutMs: 2000, retries: 0 };
    await Promise.all(Object.keys(zones).map((address) => start(address)));
  });
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  async function start(address: string): Promise<void> {
    const own = (name: string): string => join(folder, `${address}-${name}`);
    const held = Object.entries(zones[address] ?? {});
    for (const [zone, lines] of held) await writeFile(own(zone), `${lines.join('\n')}\n`);
    const configuration = [
      `server:\n  rundir: "${folder}"\n  pidfile: "${own('pid')}"\n  listen: ${address}@${port}`,
      `control:\n  listen: "${own('sock')}"`,
      `database:\n  storage: "${own('db')}"`,
      `zone:\n${held.map(([zone]) => `  - domain: ${zone}\n    file: "${own(zone)}"`).join('\n')}`,
      '',
    ].join('\n');
    await writeFile(own('conf'), configuration);
    running.push(spawn(findProgram('knotd') ?? 'knotd', ['-c', own('conf')], { stdio: 'ignore' }));
    const [zone = ''] = Object.keys(zones[address] ?? {});
    for (const end = Date.now() + 10_000; ; await pause(20)) {
      const up = await ask({ ...resolver, host: address }, zone, 'SOA').catch(() => undefined);
      if (up?.flag_aa) return;
      if (Date.now() > end) throw new Error(`knotd on ${address} does not start`);
    }
  }

  test('the servers are those of the parent’s delegation and of the zone’s own set', async () => {
    const all = [
      { name: 'gone.example.', address: undefined },
      { name: 'ns1.example.', address: first },
      { name: 'ns2.example.', address: second },
    ];
    expect(await serversOf('musterstadt.example', resolver, port)).toEqual(all);
    // A domain within the zone is held by the same servers.
    expect(await serversOf('amt.musterstadt.example', resolver, port)).toEqual(all);
    expect(await serversOf('other.test', resolver, port)).toEqual([]);
  });

  test('each shows its own records, its TTL and its authority; one without address shows nothing', async () => {
    const seen = await observeDomain('musterstadt.example', resolver, port);
    const of = (type: string) =>
      seen
        .filter((one) => one.type === type)
        .map(({ server, authoritative, data, ttl }) => [server, authoritative, data, ttl]);
    expect(of('MX')).toEqual([
      ['gone.example', false, '', 0],
      [first, true, '10 a.musterstadt.example.\n20 b.musterstadt.example.', 300],
      [second, true, '10 a.musterstadt.example.', 3600],
    ]);
    expect(of('SPF')).toEqual([
      ['gone.example', false, '', 0],
      [first, true, 'v=spf1 ip4:203.0.113.10 -all', 600],
      [second, true, '', 0],
    ]);
    expect(of('DMARC')[1]).toEqual([first, true, 'v=DMARC1; p=none', 900]);
    expect(of('MTA-STS')[1]).toEqual([first, true, '', 0]);
    expect(seen[0]).toMatchObject({ domain: 'musterstadt.example', problem: 'no IPv4 address is known' });
  });

  test('an alias and a null MX are seen as what they are', async () => {
    const mx = async (name: string) =>
      (await observeDomain(`${name}.musterstadt.example`, resolver, port)).find(
        ({ type, server }) => type === 'MX' && server === first,
      )?.data;
    expect(await mx('alias')).toMatch(/^(?:.*\n)?CNAME musterstadt\.example\.$/);
    expect(await mx('none')).toBe('0 .');
  });

  test('a zone whose servers nobody knows is an observation too', async () => {
    expect(await observeDomain('other.test', resolver, port)).toMatchObject([
      {
        type: 'MX',
        server: 'name servers of other.test',
        authoritative: false,
        problem: 'no IPv4 address is known',
      },
      { type: 'SPF' },
      { type: 'DMARC' },
      { type: 'MTA-STS' },
    ]);
  });

  test('addresses of a host are looked up at the vantage point’s resolver', async () => {
    expect(await addressesOfHost('ns1.example', resolver)).toEqual([first]);
    expect(await addressesOfHost('nobody.example', resolver)).toEqual([]);
    expect(await addressesOfHost('ns1.example', { ...resolver, port: await freePort() })).toEqual([]);
  });
});
