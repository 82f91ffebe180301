import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { load } from '../../../lib/rehearsal/journey.js';
import { recordPassedTest } from './passed-test.js';
import { withOutgoingTest } from '../../../lib/rehearsal/working-copy.js';
import { describeReal } from '../requirements.js';
import { Desk, rehearsalNeeds, type Ran } from './desk.js';

jest.setTimeout(900_000);

const id = 'musterstadt';
const domain = 'musterstadt.example';

/**
 * Each fault is one that the deploy itself does not put right, and against which one guard stands alone: with it the
 * deploy is refused, by this rule and no other; with a gate that was told of no move the same deploy goes through,
 * and a real mail from the Internet does not arrive.
 */
describeReal('only one guard stands between the plan and lost mail', rehearsalNeeds, () => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await Desk.open(id);
    for (const stage of [1, 2, 3, 4] as const) await desk.reach(id, stage);
    await desk.rehearsal.municipalityOutgoing(id, 'relay');
    const { municipality } = load(id, desk.rehearsal.municipalitiesDir, desk.rehearsal.platformFile);
    await recordPassedTest(desk.rehearsal, municipality, 'anbindungstest');
    await recordPassedTest(desk.rehearsal, municipality, 'ausgehend');
  });
  afterAll(() => desk.close());

  /** The MX stands where it was, everything is ready and aged, and the file asks for the move. */
  beforeEach(async () => {
    await desk.edit(id, (text) => text.replace(/^outgoingTestPassedOn: .*\n/m, ''));
    await desk.mustDeploy(id);
    const { exitCode, output } = await desk.mailversand('beobachten', id, '--wait', '60s');
    if (exitCode !== 0) throw new Error(output);
    await desk.edit(id, (text) => withOutgoingTest(text, '2026-01-31'));
    await desk.synth(id);
  });

  const apply = (...more: string[]): Promise<Ran> =>
    desk.engine(id, 'apply', '-auto-approve', '-input=false', ...more);

  /** The same plan under a gate that is told of no move. */
  async function applyUnguarded(...more: string[]): Promise<void> {
    const file = join(desk.folder(id), 'cdk.tf.json');
    const text = await readFile(file, 'utf8');
    const stack = JSON.parse(text) as { resource: { landesnetz_migration_gate: Record<string, object> } };
    const gates = stack.resource.landesnetz_migration_gate;
    for (const [name, gate] of Object.entries(gates)) gates[name] = { ...gate, moves: [] };
    await writeFile(file, JSON.stringify(stack));
    const { exitCode, output } = await apply(...more);
    if (exitCode !== 0) throw new Error(output);
  }

  const rulesIn = ({ output }: Ran): string[] => [
    ...new Set([...output.matchAll(/\[(gate-[a-z-]+)\]/g)].map(([, rule]) => rule ?? '')),
  ];

  const mx = async (): Promise<string> =>
    (await desk.rehearsal.must('dns', ['knotc', 'zone-read', `${domain}.`, `${domain}.`, 'MX'])).trim();

  /** How a mail from the Internet ended, as its sender's log says; `delivered` where it arrived. */
  async function mailEnds(): Promise<string> {
    const { delivered, why = '' } = await desk.rehearsal.send({ from: 'internet', to: id, timeoutMs: 8000 });
    return delivered ? 'delivered' : (/status=(\w+)/.exec(why)?.[1] ?? why);
  }

  test('a relay that is closed to the Internet: gate-relay-accepts', async () => {
    const nft = (command: string): Promise<string> =>
      desk.rehearsal.must('relay', ['nft', ...command.split(' ')]);
    await nft('add table ip shut');
    await nft('add chain ip shut input { type filter hook input priority 0 ; }');
    await nft('add rule ip shut input ip daddr 203.0.113.10 tcp dport 25 reject with tcp reset');
    const refused = await apply();
    expect(rulesIn(refused)).toEqual(['gate-relay-accepts']);
    expect(await mx()).toContain('mail.musterstadt.example.');
    expect(await mailEnds()).toBe('delivered');

    await applyUnguarded();
    expect(await mx()).toContain('mx1.landesnetz.example.');
    expect(await mailEnds()).toBe('deferred');
    await nft('delete table ip shut');
  });

  test('a route that somebody removed by hand, and a plan that does not look: gate-relay-routes', async () => {
    const transport = 'lmdb:/var/lib/mailversand-relay/transport';
    const route = (await desk.rehearsal.must('relay', ['postmap', '-q', domain, transport])).trim();
    await desk.rehearsal.must('relay', ['postmap', '-d', domain, transport]);
    const refused = await apply('-refresh=false');
    expect(rulesIn(refused)).toEqual(['gate-relay-routes']);
    expect(await mailEnds()).toBe('delivered');

    await applyUnguarded('-refresh=false');
    // The relay takes it, looks the MX up, sends it to itself until there are too many hops, and bounces it.
    const { delivered, why } = await desk.rehearsal.send({ from: 'internet', to: id, timeoutMs: 8000 });
    expect(delivered).toBe(false);
    expect(why).toMatch(/relay: .*dsn=5\.4\.\d.*status=bounced/);
    await desk.rehearsal.must('relay', ['postmap', '-i', transport], `${domain} ${route}\n`);
  });

  test('a TTL that was raised again, and a sender with the old MX in its cache: gate-ttl-aged', async () => {
    const zone = `${domain}.`;
    for (const command of [
      ['zone-begin', zone],
      ['zone-unset', zone, zone, 'MX'],
      ['zone-set', zone, zone, '3600', 'MX', '10 mail.musterstadt.example.'],
      ['zone-commit', zone],
    ])
      await desk.rehearsal.must('dns', ['knotc', ...command]);
    await cacheOnTheInternet();
    expect(await mailEnds()).toBe('delivered');
    const refused = await apply();
    expect(rulesIn(refused)).toEqual(['gate-ttl-aged']);

    await applyUnguarded();
    expect(await mx()).toContain('mx1.landesnetz.example.');
    // Longer than the lowered TTL later the municipality closes its old way in: nobody should need it any more.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await desk.rehearsal.must(id, ['ip', 'link', 'set', 'world', 'down']);
    expect(await mailEnds()).toBe('deferred');
  });

  /** The Internet sender asks a cache that honours TTLs, as every sender does. */
  async function cacheOnTheInternet(): Promise<void> {
    const config = [
      'options { directory "/tmp"; pid-file "/tmp/named.pid"; session-keyfile "/tmp/named.key";',
      'managed-keys-directory "/tmp"; listen-on { 127.0.0.1; }; listen-on-v6 { none; };',
      'dnssec-validation no; forward only; forwarders { 203.0.113.53; }; }; controls { };',
    ].join(' ');
    const script =
      'cat >/tmp/named.conf; named -c /tmp/named.conf; echo nameserver 127.0.0.1 >/etc/resolv.conf; postfix reload';
    await desk.rehearsal.must('internet', ['sh', '-euc', script], config);
  }
});
