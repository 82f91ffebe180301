import { jest } from '@jest/globals';
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { ConflictError, RefusedError, type Element, type Target } from '../../../lib/provider/element.js';
import type { OpenTargets } from '../../../lib/provider/targets/index.js';
import { describeReal } from '../requirements.js';
import { installFarEnd, localTargets, put, raw, removeFarEnd, type FarEnd } from './lab.js';

// Other work may share the machine.
jest.setTimeout(120_000);

const owned = { owner: '15001001', instance: 'abcdef0123456789', order: 'MP-2026-1' };
const route = (domain: string, ...hops: string[]): Element => ({
  map: 'transport',
  key: [domain],
  value: hops,
  ...owned,
});
const accepted = (of: string, domain: string, value = 'OK'): Element => ({
  map: `accept_${of}`,
  key: [domain],
  value: [value],
  ...owned,
});
const client: Element = {
  map: 'clients',
  key: ['10.128.0.1'],
  value: ['defer', 'a.example', 'b.example'],
  ...owned,
};
const platform: Element[] = [
  { map: 'base', key: ['relay1'], value: [], owner: 'platform', instance: 'p' },
  {
    map: 'transport',
    key: ['tenant.example'],
    value: ['[10.64.0.20]:25=may'],
    owner: 'platform',
    instance: 'p',
  },
];
const muster = route('muster.example', '[10.128.0.1]:25=encrypt', '[10.128.0.2]:25=may');

for (const shell of [['dash'], ['busybox', 'sh']]) {
  /** What takes long and does not depend on the shell. */
  const once = shell.length === 1;
  describeReal(
    `relay's forced command, under ${shell.join(' ')}`,
    { root: true, programs: ['postmap', ...shell.slice(0, 1)] },
    () => {
      let farEnd: FarEnd;
      let targets: OpenTargets;
      let relay: Target;
      const map = (name: string): string => `lmdb:${farEnd.state}/${name}`;
      const rows = (name: string): string[] =>
        execFileSync('postmap', ['-s', map(name)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
          .split('\n')
          .filter((row) => row !== '')
          .map((row) => row.replace('\t', ' '));
      const byHand = (name: string, key: string, value?: string): void => {
        execFileSync('postmap', value === undefined ? ['-d', key, map(name)] : ['-r', '-i', map(name)], {
          input: `${key} ${value ?? ''}\n`,
        });
      };

      const open = (): void => {
        targets = localTargets(farEnd, [], shell);
        relay = targets({ kind: 'relay', name: 'relay1' });
      };
      /** With sessions of its own, as another program. */
      const reopen = async (): Promise<void> => {
        await targets.close();
        open();
      };

      beforeEach(async () => {
        farEnd = installFarEnd();
        const [program, ...before] = [...shell, `${farEnd.programs}/mailversand-relay`] as [string];
        execFileSync(program, [...before, 'prepare', farEnd.state]);
        open();
        await put(targets({ kind: 'relay-base', name: 'relay1' }), ...platform);
      });
      afterEach(async () => {
        await targets.close();
        removeFarEnd(farEnd);
      });

      test('routes, acceptances and clients are listed as put, and Postfix reads them', async () => {
        const all = [
          accepted('internal', 'muster.example'),
          accepted('internet', 'muster.example', 'permit'),
          client,
          muster,
        ];
        await put(relay, ...all);
        expect(await relay.list()).toEqual([...all, platform[1]]);
        expect(rows('transport')).toEqual([
          'muster.example customer:[10.128.0.1]:25, [10.128.0.2]:25',
          'tenant.example relay:[10.64.0.20]:25',
        ]);
        expect(rows('tls_policy')).toEqual(['[10.128.0.1]:25 encrypt']);
        expect(rows('accept_internet')).toEqual(['muster.example permit']);
        expect(rows('clients')).toEqual(['10.128.0.1 defer,a.example,b.example']);
      });

      test('a withdrawn route stays as `retry:`, is absent to us, and can be made again', async () => {
        await put(relay, muster);
        await relay.apply({ expect: [{ at: muster, found: muster }], put: [], remove: [muster] });
        expect(rows('transport')).toContain('muster.example retry:4.4.1 route withdrawn');
        expect(rows('tls_policy')).toEqual([]);
        expect(await relay.list()).toEqual([platform[1]]);
        await relay.apply({ expect: [{ at: muster, found: undefined }], put: [muster], remove: [] });
        expect(await relay.list()).toEqual([muster, platform[1]]);
      });

      test('`queue` says whether a lock stands: of this domain, and as long as nothing routes it', async () => {
        const of = (domain: string) => targets.behindLock('relay1', domain);
        const row = `{"queue_name": "deferred", "recipients": [{"address": "a@muster.example"}, {"address": "b@muster.example"}]}`;
        const program = `${farEnd.programs}/mailversand-relay`;
        // Without a Postfix that runs: a queue that this test writes.
        writeFileSync(`${farEnd.programs}/postqueue`, `#!/bin/sh\necho '${row}'\n`, { mode: 0o755 });
        writeFileSync(
          program,
          readFileSync(program, 'utf8').replace('\nPATH=', `\nPATH=${farEnd.programs}:`),
        );
        await reopen();
        expect(await of('muster.example')).toBeUndefined();
        await put(relay, muster);
        expect(await of('muster.example')).toBeUndefined();
        await relay.apply({ expect: [], put: [], remove: [muster] });
        expect(await of('muster.example')).toBe(2);
        expect(await of('uster.example')).toBeUndefined();
        expect(await of('tenant.example')).toBeUndefined();
        byHand('transport', 'muster.example');
        expect(await of('muster.example')).toBeUndefined();
        execFileSync('rm', [`${farEnd.state}/transport.lmdb`]);
        await expect(of('muster.example')).rejects.toThrow(
          /the map transport is missing: run mailversand-relay/,
        );
      });

      test('limits of size stand beside the route: they come, change and go with it', async () => {
        const limited = (...limits: string[]): Element =>
          route('klein.example', ...limits, '[10.128.0.3]:25=encrypt');
        const both = limited('settling', 'internal=52428800', 'internet=26214400');
        await put(relay, muster, both);
        expect(rows('sizes')).toEqual(['klein.example 52428800 26214400']);
        expect(rows('transport')).toContain('klein.example settling:[10.128.0.3]:25');
        expect(rows('tls_policy')).toEqual(['[10.128.0.1]:25 encrypt', '[10.128.0.3]:25 encrypt']);
        expect(await relay.list()).toEqual([both, muster, platform[1]]);
        await put(relay, limited('internet=20971520'));
        expect(rows('sizes')).toEqual(['klein.example - 20971520']);
        await put(relay, limited());
        expect(rows('sizes')).toEqual([]);
        await put(relay, limited('internal=52428800'));
        await relay.apply({ expect: [], put: [], remove: [both] });
        expect([rows('sizes'), rows('transport')]).toEqual([
          [],
          expect.arrayContaining(['klein.example retry:4.4.1 route withdrawn']),
        ]);
        byHand('sizes', 'klein.example', '52428800 -');
        await put(relay, limited());
        expect(rows('sizes')).toEqual([]);
      });

      test.each([
        'internal=13631487,',
        'internal=104857601,',
        'internet=26214400,internal=52428800,',
        'internal=,',
        'internal=052428800,',
        'internal=52428800,internal=52428800,',
        'sizes=52428800,',
      ])('what is no limit is refused: %s', async (limits) => {
        const line = `put transport x.example ${limits}[10.128.0.1]:25=may 15001001 i -`;
        const [, answer] = await raw(farEnd, shell, 'relay', `apply 1\n${line}\n`);
        expect(answer).toBe('refused 1 this is no value of the map transport');
      });

      test('a relay that was installed before says what its maps lack', async () => {
        execFileSync('rm', [`${farEnd.state}/sizes.lmdb`]);
        await expect(relay.list()).rejects.toThrow(/the map sizes is missing: run mailversand-relay prepare/);
      });

      test('two domains share a next hop: its TLS policy goes with the last of them', async () => {
        const second = route('second.example', '[10.128.0.1]:25=encrypt');
        await put(relay, muster, second);
        await relay.apply({ expect: [], put: [], remove: [muster] });
        expect(rows('tls_policy')).toEqual(['[10.128.0.1]:25 encrypt']);
        await put(relay, route('second.example', '[10.128.0.1]:25=may'));
        expect(rows('tls_policy')).toEqual([]);
      });

      test.each<[string, () => void, string[] | undefined]>([
        [
          'another route',
          () => byHand('transport', 'muster.example', 'smtp:[192.0.2.1]'),
          ['smtp:[192.0.2.1]=may'],
        ],
        [
          'a weaker TLS policy',
          () => byHand('tls_policy', '[10.128.0.1]:25', 'none'),
          ['[10.128.0.1]:25=none', '[10.128.0.2]:25=may'],
        ],
        [
          'a limit of size',
          () => byHand('sizes', 'muster.example', '52428800 -'),
          ['internal=52428800', '[10.128.0.1]:25=encrypt', '[10.128.0.2]:25=may'],
        ],
        [
          'no limit that Postfix could take',
          () => byHand('sizes', 'muster.example', 'viel'),
          ['sizes=viel', '[10.128.0.1]:25=encrypt', '[10.128.0.2]:25=may'],
        ],
        ['nothing: the row is gone', () => byHand('transport', 'muster.example'), undefined],
      ])('what a hand put there is seen, and is a conflict: %s', async (_what, edit, value) => {
        await put(relay, muster);
        edit();
        expect((await relay.list()).find(({ key }) => key[0] === 'muster.example')?.value).toEqual(value);
        const before = rows('transport');
        const update = relay.apply({
          expect: [{ at: muster, found: muster }],
          put: [{ ...muster, instance: 'next' }, client],
          remove: [],
        });
        await expect(update).rejects.toThrow(ConflictError);
        expect(rows('transport')).toEqual(before);
        expect(rows('clients')).toEqual([]);
      });

      test('a row made by hand has no owner', async () => {
        byHand('accept_ndb', 'hand.example', 'OK');
        expect((await relay.list())[0]).toEqual({ map: 'accept_ndb', key: ['hand.example'], value: ['OK'] });
      });

      test('a municipality cannot take a tenant’s route', async () => {
        const stolen = relay.apply({
          expect: [],
          put: [route('tenant.example', '[10.128.0.1]:25=may')],
          remove: [],
        });
        await expect(stolen).rejects.toThrow(/it has another owner/);
        await expect(stolen).rejects.toBeInstanceOf(RefusedError);
      });

      test('without the base, elements are refused with what to do', async () => {
        await reopen();
        await targets({ kind: 'relay-base', name: 'relay1' }).apply({
          expect: [],
          put: [],
          remove: [{ map: 'base', key: ['relay1'] }],
        });
        await expect(relay.list()).rejects.toThrow(/the platform's deploy is missing/);
      });

      test('40 who write at the same time lose nothing', async () => {
        const all = Array.from({ length: 40 }, () => localTargets(farEnd, [], shell));
        await Promise.all(
          all.map((own, i) =>
            own({ kind: 'relay', name: 'relay1' }).apply({
              expect: [],
              put: [
                route(`d${i}.example`, `[10.128.1.${i}]:25=encrypt`),
                accepted('internal', `d${i}.example`),
              ],
              remove: [],
            }),
          ),
        );
        expect(await relay.list()).toHaveLength(81);
        expect(rows('tls_policy')).toHaveLength(40);
        await Promise.all(all.map((own) => own.close()));
      });

      test('a session killed in the middle of a transaction leaves all of it or nothing', async () => {
        let whole = 0;
        for (let round = 0; round < 12; round++) {
          const domain = `round${round}.example`;
          const lines = [
            `put transport ${domain} internal=52428800,[10.128.2.${round}]:25=encrypt 15001001 i -`,
            ...['internal', 'ndb', 'internet'].map((of) => `put accept_${of} ${domain} OK 15001001 i -`),
            `put clients 10.128.2.${round} defer,${domain} 15001001 i -`,
          ];
          const child = spawn(
            'setsid',
            [...shell, `${farEnd.programs}/mailversand-relay`, 'elements', farEnd.state, farEnd.config],
            { stdio: ['pipe', 'ignore', 'ignore'] },
          );
          child.stdin.on('error', () => undefined);
          child.stdin.write(`apply ${lines.length}\n${lines.join('\n')}\n`);
          await new Promise((resolve) => setTimeout(resolve, 60 + round * 45));
          try {
            execFileSync('kill', ['-9', '--', `-${child.pid ?? 0}`], { stdio: 'ignore' });
          } catch {
            // It had ended.
          }
          const live = (await relay.list()).filter(
            ({ key, value }) => key[0] === domain || value[1] === domain,
          );
          expect([0, 5]).toContain(live.length);
          if (live.length === 5) whole++;
          expect(live.every(({ owner }) => owner === '15001001')).toBe(true);
          expect(rows('tls_policy')).toHaveLength(whole);
          expect(rows('sizes')).toHaveLength(whole);
        }
      });

      if (once) {
        test('a locked map is named, and nothing is half written', async () => {
          await put(relay, muster);
          const holder = spawn('flock', [`${farEnd.state}/accept_internal.lmdb`, 'sleep', '60'], {
            stdio: 'ignore',
            detached: true,
          });
          const fcntl = spawn('python3', [
            '-c',
            `import fcntl,time;f=open('${farEnd.state}/accept_internal.lmdb','r+');fcntl.lockf(f,fcntl.LOCK_EX);print('held',flush=True);time.sleep(60)`,
          ]);
          await new Promise((resolve) => fcntl.stdout.once('data', resolve));
          const write = relay.apply({
            expect: [],
            put: [route('next.example', '[10.128.0.9]:25=encrypt'), accepted('internal', 'next.example')],
            remove: [],
          });
          await expect(write).rejects.toThrow(/locked|accept_internal/);
          execFileSync('kill', ['--', `-${holder.pid ?? 0}`]);
          fcntl.kill('SIGKILL');
          expect(await relay.list()).toEqual([muster, platform[1]]);
          expect(rows('tls_policy')).toEqual(['[10.128.0.1]:25 encrypt']);
        });

        test('a full disk leaves the old state', async () => {
          await reopen();
          execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=108k', 'tmpfs', farEnd.state]);
          try {
            const [program, ...before] = [...shell, `${farEnd.programs}/mailversand-relay`] as [string];
            execFileSync(program, [...before, 'prepare', farEnd.state]);
            await put(targets({ kind: 'relay-base', name: 'relay1' }), ...platform);
            await put(relay, muster, client);
            const names = ['transport', 'tls_policy', 'accept_internal', 'accept_internet', 'clients'];
            const old = names.map(rows);
            for (const count of [20, 60, 100, 400]) {
              const domains = Array.from({ length: count }, (_, i) => `d${i}.example`);
              const write = relay.apply({
                expect: [],
                put: domains.flatMap((domain, i) => [
                  route(domain, `[10.128.1.${i % 250}]:25=encrypt`),
                  accepted('internet', domain),
                ]),
                remove: [],
              });
              await expect(write).rejects.toThrow(RefusedError);
              expect(names.map(rows)).toEqual(old);
              expect(await relay.list()).toEqual([client, muster, platform[1]]);
            }
          } finally {
            await targets.close();
            execFileSync('umount', [farEnd.state]);
          }
        });
      }

      const evil = [
        '; id',
        '$(touch x)',
        '`id`',
        '"',
        "'",
        '\\',
        '*',
        'a b',
        '\t',
        '#',
        '|',
        '&',
        '<',
        'ü',
        '\r',
        'A',
        '..',
        '-',
      ];
      test('no token of a line carries anything into a map', async () => {
        const good = [
          [
            'put',
            'transport',
            'x.example',
            'internal=52428800,[10.128.0.1]:25=encrypt',
            '15001001',
            'i',
            '-',
          ],
          ['put', 'accept_ndb', 'x.example', 'OK', '15001001', 'i', '-'],
          ['put', 'clients', '10.128.0.7', 'defer,x.example', '15001001', 'i', '-'],
        ];
        const lines = good.flatMap((line) =>
          [0, 1, 2, 3].flatMap((i) =>
            evil.map((bad) => line.map((word, j) => (i === j ? word + bad : word)).join(' ')),
          ),
        );
        const input =
          lines.map((line) => `apply 1\n${line}\n`).join('') +
          'queue *\nqueue x\nqueue a;b\nflush $(id)\nsettings x\npostmap\n';
        const answers = await raw(farEnd, shell, 'relay', input);
        const allowed = lines.filter((_, i) => answers[i + 1] === 'ok');
        expect(
          allowed.filter(
            (line) => !/ x\.example-?$|=encrypt |^put [a-z_]+ [a-z0-9.]+ [a-zA-Z.]+ 15001001 i -$/.test(line),
          ),
        ).toEqual([]);
        expect(
          answers.slice(1, lines.length + 1).filter((answer) => !/^(ok$|refused )/.test(answer)),
        ).toEqual([]);
        for (const name of ['transport', 'accept_ndb', 'clients']) {
          expect(rows(name).filter((row) => !/^[a-z0-9.]+ [a-zA-Z0-9.:[\]]+$/.test(row))).toEqual([]);
        }
        expect(answers.slice(lines.length + 1).map((answer) => answer.split(' ')[0])).toEqual([
          'refused',
          'error',
          'refused',
          'refused',
          'refused',
          'refused',
        ]);
      });

      test('what belongs to whom stands in a file that a person can read', async () => {
        await put(relay, client);
        expect(readFileSync(`${farEnd.state}/elements`, 'utf8')).toContain(
          'clients 10.128.0.1 defer,a.example,b.example 15001001 abcdef0123456789 MP-2026-1\n',
        );
      });
    },
  );
}
