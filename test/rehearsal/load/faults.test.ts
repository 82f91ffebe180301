import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { RehearsalError } from '../../../lib/rehearsal/error.js';
import { FaultyTools } from '../../../lib/rehearsal/load/faults.js';
import { killTree } from '../../../lib/rehearsal/load/process-tree.js';
import type { Tools } from '../../../lib/rehearsal/tools.js';
import { platform } from '../examples.js';

describe('tools on a bad day', () => {
  const hosts = (done: string[]) => {
    let running = true;
    return {
      platform,
      path: () => '/nowhere',
      must: (host: string, argv: string[]) => {
        if (argv.includes('stop') || argv.includes('-d')) running = argv.includes('-d');
        done.push(`${host}: ${argv.join(' ')}`);
        return Promise.resolve('/postfix\n');
      },
      exec: (_: string, argv: string[]) =>
        Promise.resolve({ exitCode: argv.includes('-t') || running ? 0 : 1, stdout: '', stderr: '' }),
    };
  };
  const tools = (done: string[], fail: () => boolean): Tools => ({
    planned: () => Promise.resolve(undefined),
    connectionTest: () => Promise.resolve(),
    stage: () => Promise.resolve(),
    deploy: (stack) => {
      const failed = fail();
      done.push(failed ? `${stack} fails` : `${stack} is deployed`);
      return failed ? Promise.reject(new RehearsalError('broken')) : Promise.resolve();
    },
  });

  test('a deploy meets every outage, each is mended, and it is repeated until it succeeds', async () => {
    const done: string[] = [];
    let left = 4;
    const faulty = new FaultyTools(
      tools(done, () => left-- > 0),
      hosts(done),
      'musterstadt',
      2,
    );
    await faulty.deploy('musterstadt');
    expect(done).toMatchInlineSnapshot(`
     [
       "musterstadt fails",
       "gateway: ip link set ln0 down",
       "musterstadt fails",
       "relay: postconf -h daemon_directory",
       "relay: postfix abort",
       "relay: /postfix/master -w",
       "gateway: ip link set ln0 up",
       "dns: knotc stop",
       "musterstadt fails",
       "musterstadt: postconf -h daemon_directory",
       "musterstadt: postfix abort",
       "musterstadt: /postfix/master -w",
       "dns: knotd -d",
       "musterstadt fails",
       "musterstadt is deployed",
     ]
    `);
    expect(faulty.counts).toEqual({ killed: 0, failed: 3, outages: 2, restarts: 2 });
  });

  test('one that fails although nothing is broken any more fails the rehearsal', async () => {
    const faulty = new FaultyTools(
      tools([], () => true),
      hosts([]),
      'musterstadt',
      2,
    );
    await expect(faulty.deploy('musterstadt')).rejects.toThrow('broken');
  });

  test('only the municipality has it', async () => {
    const done: string[] = [];
    await new FaultyTools(
      tools(done, () => false),
      hosts(done),
      'musterstadt',
      2,
    ).deploy('platform');
    expect(done).toEqual(['platform is deployed']);
  });

  test('killing a process kills all that it started', async () => {
    const parent = spawn('sh', ['-c', 'sleep 600 & echo $!; wait'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const ended = once(parent.stdout, 'close');
    await killTree(parent.pid ?? 0);
    // The pipe is closed only when both are gone.
    await ended;
    expect(Number(line)).toBeGreaterThan(0);
  });
});
