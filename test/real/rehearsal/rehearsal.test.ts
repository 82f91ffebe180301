import { existsSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expectedWay, pathNames, wayOf } from '../../../lib/rehearsal/paths.js';
import { startRehearsal } from '../../../lib/rehearsal/rehearsal.js';
import { programs } from '../../../lib/rehearsal/requirements.js';
import { Rehearsal } from '../../../lib/rehearsal/running.js';
import { example, files, platform } from '../../rehearsal/examples.js';
import { describeReal } from '../requirements.js';
import { startInChild } from './child.js';
import { namespacesOf, processesIn } from './processes.js';

const musterstadt = example('musterstadt');
/** Has the inside address that Musterstadt has too. */
const twin = example('neu-testau');
const needs = { root: true as const, programs: Object.keys(programs) };
const minutes = 60_000;

const start = (...municipalities: (typeof musterstadt)[]): Promise<Rehearsal> =>
  startRehearsal({ municipalities, platform, ...files });

/** Nothing in this machine's own view of processes and mounts is left of a rehearsal. */
async function expectNothingLeft(runDir: string, namespaces: string[]): Promise<void> {
  expect(existsSync(runDir)).toBe(false);
  expect(await processesIn(namespaces)).toEqual([]);
  expect(await readFile('/proc/self/mountinfo', 'utf8')).not.toContain(runDir);
}

describeReal('a rehearsed Landesnetz', needs, () => {
  let rehearsal: Rehearsal;
  beforeAll(async () => {
    rehearsal = await start(musterstadt, twin);
  }, minutes);
  afterAll(() => rehearsal.stop());

  const send = async (path: (typeof pathNames)[number], id: string) => {
    const [from = '', to = ''] = path.split(' → ').map((name) => (name === 'municipality' ? id : name));
    const { hops, ...mail } = await rehearsal.send({ from, to });
    return { way: wayOf(hops, { from, to }), tls: hops.every(({ tls }) => tls), ...mail };
  };

  test(
    'before the migration a real mail takes the expected way on every path, with TLS',
    async () => {
      await Promise.all(
        pathNames.map(async (path) => {
          expect(await send(path, 'musterstadt')).toMatchObject({
            delivered: true,
            tls: true,
            way: expectedWay(path, 0, 'vollstaendig'),
          });
        }),
      );
    },
    minutes,
  );

  test(
    'two municipalities with the same inside address mail each other',
    async () => {
      expect(musterstadt.servers[0]?.inside).toBe(twin.servers[0]?.inside);
      const there = await rehearsal.send({ from: 'musterstadt', to: twin.id });
      const back = await rehearsal.send({ from: twin.id, to: 'musterstadt' });
      expect([there.hops.at(-1)?.host, back.hops.at(-1)?.host]).toEqual([twin.id, 'musterstadt']);
    },
    minutes,
  );

  test(
    'a mail of 90 MB arrives: a sender has no limit below that of the relay',
    async () => {
      const mail = await rehearsal.send({ from: 'tenant', to: 'musterstadt', sizeBytes: 90_000_000 });
      expect(mail.delivered).toBe(true);
    },
    minutes,
  );

  test(
    'a mail that does not arrive is reported with what queues and logs know of it',
    async () => {
      await rehearsal.exec(twin.id, ['postfix', 'stop']);
      const mail = await rehearsal.send({ from: 'internet', to: twin.id, timeoutMs: 3000 });
      expect(mail.delivered).toBe(false);
      expect(mail.why).toMatch(/internet: .*"delay_reason".*Connection refused/);
      expect(mail.why).toContain(`${twin.id}: nothing known of it`);
    },
    minutes,
  );

  test(
    'a mail server that has more to log than it can before its logger runs starts the logger all the same',
    async () => {
      const script = `
        ours() { pkill --ns $$ --nslist mnt "$@"; }
        ours -STOP -x master
        ours -x postlogd || :
        for line in $(seq 14); do timeout 10 postlog -p info "line $line" & done
        sleep 1
        # Of processes that end so it writes a line each.
        ours -x 'qmgr|pickup'
        ours -CONT -x master
        timeout 10 postsuper -d ALL`;
      const { exitCode } = await rehearsal.exec('ndb', ['sh', '-euc', script]);
      expect(exitCode).toBe(0);
    },
    minutes,
  );

  test('every far end answers its users over SSH with the forced command, and nothing else', async () => {
    const hosts = {
      gateway: platform.gateways[0]?.ssh,
      relay: platform.relays[0]?.ssh,
      register: platform.register.ssh,
    };
    for (const [host, ssh] of Object.entries(hosts)) {
      const log = await readFile(rehearsal.path(host, 'etc/ssh/sshd_config'), 'utf8');
      expect(log).toContain(`AllowUsers ${ssh?.user ?? ''}`);
    }
    const { exitCode, stdout } = await sshFromOps('mv-gateway', '10.64.0.1', ['id']);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^hello gateway 1 /)]);
    expect((await sshFromOps('mv-platform', '10.64.0.40', ['id'])).exitCode).toBe(255);
  });

  test(
    'the variables name files that are there, and an engine that runs in the network of ops',
    async () => {
      const engine = { engine: '/usr/bin/readlink' };
      const own = await startRehearsal({ municipalities: [twin], platform, ...files, ...engine });
      const { MAILVERSAND_STATE_DIR: states, TERRAFORM_BINARY_NAME: program = '', ...paths } = own.env;
      const run = () => execa(program, ['/proc/self/ns/net'], { env: own.env, reject: false });
      expect(states).toBe(join(own.runDir, 'state'));
      for (const path of Object.values(paths)) expect(existsSync(path)).toBe(true);
      expect((await run()).stdout).toBe(await readlink(`${own.namespaces('ops')}/net`));
      await own.stop();
      expect((await run()).stderr).toContain('does not run any more');
    },
    minutes,
  );

  test('another program finds a rehearsal by its id', async () => {
    const again = await Rehearsal.open(rehearsal.id);
    expect((await again.exec('relay', ['hostname'])).stdout).toBe('relay');
    await expect(Rehearsal.open('nowhere')).rejects.toThrow('There is no rehearsal nowhere');
  });

  test('this machine keeps its own network, names and users', async () => {
    expect(await readdir('/sys/class/net')).not.toContain('bridge');
    expect(await readFile('/etc/passwd', 'utf8')).not.toContain('mv-gateway');
    expect(await readlink('/proc/self/ns/net')).not.toBe((await namespacesOf(rehearsal))[0]);
  });

  async function sshFromOps(user: string, host: string, command: string[]) {
    const [nsenter = '', net = ''] = rehearsal.enterNetwork('ops');
    const options = ['-T', '-F', join(rehearsal.runDir, 'ssh_config'), '-o', 'BatchMode=yes'];
    const unknownKey = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null'];
    return execa(nsenter, [net, '--', 'ssh', ...options, ...unknownKey, `${user}@${host}`, ...command], {
      reject: false,
      stdin: 'ignore',
    });
  }
});

describeReal('what a rehearsal leaves behind', needs, () => {
  test(
    'nothing after stop()',
    async () => {
      const rehearsal = await start(musterstadt);
      const namespaces = await namespacesOf(rehearsal);
      expect(await processesIn(namespaces)).not.toEqual([]);
      await rehearsal.stop();
      await expectNothingLeft(rehearsal.runDir, namespaces);
    },
    minutes,
  );

  test(
    'nothing after its program was killed, and another rehearsal on the machine goes on',
    async () => {
      const other = await start(twin);
      try {
        const child = await startInChild('musterstadt');
        const killed = await Rehearsal.open(child.id);
        const namespaces = await namespacesOf(killed);
        expect(killed.id).not.toBe(other.id);
        await child.kill();
        while (existsSync(killed.runDir)) await new Promise((resolve) => setTimeout(resolve, 20));
        while ((await processesIn(namespaces)).length > 0)
          await new Promise((resolve) => setTimeout(resolve, 20));
        await expectNothingLeft(killed.runDir, namespaces);
        expect((await other.send({ from: 'internet', to: twin.id })).delivered).toBe(true);
      } finally {
        await other.stop();
      }
    },
    minutes,
  );

  test(
    'one that is kept outlives its program, until somebody stops it',
    async () => {
      const child = await startInChild('musterstadt', { keep: true });
      await child.kill();
      const kept = await Rehearsal.open(child.id);
      const namespaces = await namespacesOf(kept);
      // The start of another one cleans up what is dead, and this is not.
      await (await start(twin)).stop();
      expect((await kept.send({ from: 'internet', to: 'musterstadt' })).delivered).toBe(true);
      await kept.stop();
      await expectNothingLeft(kept.runDir, namespaces);
    },
    minutes,
  );
});
