import { jest } from '@jest/globals';
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { ConflictError, RefusedError, type Element, type Target } from '../../../lib/provider/element.js';
import type { OpenTargets } from '../../../lib/provider/targets/index.js';
import { describeReal } from '../requirements.js';
import { base, installFarEnd, localTargets, Namespace, put, raw, removeFarEnd, type FarEnd } from './lab.js';

// Other work may share the machine.
jest.setTimeout(120_000);

const owned = { owner: '15001001', instance: 'abcdef0123456789', order: 'MP-2026-1' };
const dnat = (address: string, inside = '192.168.10.5'): Element => ({
  map: 'dnat',
  key: ['ln0', address, 'tcp', '25'],
  value: [inside, '25'],
  ...owned,
});
const pair = (address: string): Element[] => [
  dnat(address),
  { ...dnat(address), map: 'dnat_link', value: ['c1'] },
];
const snat: Element = {
  map: 'snat',
  key: ['ln0', 'c1', '10.64.0.10', '192.168.10.5'],
  value: ['192.168.10.250'],
  ...owned,
};
const opening: Element = {
  map: 'allow',
  key: ['ln0', '10.64.0.10', '10.128.0.1', 'tcp', '25'],
  value: [],
  ...owned,
};
const sorted = (elements: Element[]): Element[] =>
  [...elements].sort((a, b) => (`${a.map} ${a.key.join()}` < `${b.map} ${b.key.join()}` ? -1 : 1));

for (const shell of [['dash'], ['busybox', 'sh']]) {
  describeReal(
    `gateway's forced command, under ${shell.join(' ')}`,
    { root: true, programs: ['nft', 'ip', ...shell.slice(0, 1)] },
    () => {
      let farEnd: FarEnd;
      let host: Namespace;
      let targets: OpenTargets;
      let gateway: Target;
      const nft = (command: string): string => host.run('nft', ...command.split(' '));

      const open = (): void => {
        targets = localTargets(farEnd, host.enter, shell);
        gateway = targets({ kind: 'gateway', name: 'gw1' });
      };
      /** With sessions of its own, as another program. */
      const reopen = async (): Promise<void> => {
        await targets.close();
        open();
      };

      beforeEach(async () => {
        farEnd = installFarEnd();
        host = new Namespace();
        open();
        await put(targets({ kind: 'gateway-base', name: 'gw1' }), ...base({ c1: '101', c2: '102' }));
      });
      afterEach(async () => {
        await targets.close();
        host.remove();
        removeFarEnd(farEnd);
      });

      test('what is put is listed again, with owner, instance and order', async () => {
        const all = [...pair('10.128.0.1'), snat, opening];
        await put(gateway, ...all);
        expect(await gateway.list()).toEqual(sorted(all));
        expect(await targets({ kind: 'gateway-base', name: 'gw1' }).list()).toEqual(
          base({ c1: '101', c2: '102' }),
        );
      });

      test('a value, an owner and a comment can be changed, and a remove removes', async () => {
        await put(gateway, dnat('10.128.0.1'));
        const changed = { ...dnat('10.128.0.1', '192.168.10.6'), instance: 'other', order: 'MP~2027-01-31' };
        await put(gateway, changed);
        expect(await gateway.list()).toEqual([changed]);
        await gateway.apply({ expect: [{ at: changed, found: changed }], put: [], remove: [changed] });
        expect(await gateway.list()).toEqual([]);
      });

      test.each([
        [
          'its value',
          'delete element ip mailversand dnat_to { "ln0" . 10.128.0.1 . tcp . 25 }; add element ip mailversand dnat_to { "ln0" . 10.128.0.1 . tcp . 25 comment "15001001 abcdef0123456789 MP-2026-1" : 192.168.10.9 . 25 }',
        ],
        [
          'its comment',
          'delete element ip mailversand dnat_to { "ln0" . 10.128.0.1 . tcp . 25 }; add element ip mailversand dnat_to { "ln0" . 10.128.0.1 . tcp . 25 comment "Müller, \'; } was here" : 192.168.10.5 . 25 }',
        ],
        [
          'nothing but that it is gone',
          'delete element ip mailversand dnat_to { "ln0" . 10.128.0.1 . tcp . 25 }',
        ],
      ])(
        'an element of which a hand changed %s is a conflict, and nothing is written',
        async (_what, edit) => {
          const element = dnat('10.128.0.1');
          await put(gateway, element);
          nft(edit);
          const before = nft('-s list table ip mailversand');
          const update = gateway.apply({
            expect: [{ at: element, found: element }],
            put: [{ ...element, value: ['192.168.10.7', '25'] }, opening],
            remove: [],
          });
          await expect(update).rejects.toThrow(ConflictError);
          await expect(update).rejects.toThrow(
            /dnat ln0\/10\.128\.0\.1\/tcp\/25 is .*expected was `dnat ln0,10\.128/,
          );
          expect(nft('-s list table ip mailversand')).toBe(before);
        },
      );

      test('an element that somebody else was first to put is a conflict', async () => {
        await put(gateway, { ...dnat('10.128.0.1'), owner: '15001002' });
        const create = gateway.apply({
          expect: [{ at: dnat('10.128.0.1'), found: undefined }],
          put: [dnat('10.128.0.1')],
          remove: [],
        });
        await expect(create).rejects.toMatchObject({ found: { owner: '15001002' } });
      });

      test('a hand-made element is listed without an owner', async () => {
        nft('add element ip mailversand allow { "c1" . 192.168.10.5 . 192.168.10.250 . tcp . 25 }');
        expect(await gateway.list()).toEqual([
          { map: 'allow', key: ['c1', '192.168.10.5', '192.168.10.250', 'tcp', '25'], value: [] },
        ]);
      });

      test('40 who write at the same time lose nothing', async () => {
        const all = Array.from({ length: 40 }, () => localTargets(farEnd, host.enter, shell));
        await Promise.all(
          all.map((own, i) =>
            own({ kind: 'gateway', name: 'gw1' }).apply({
              expect: [{ at: dnat(`10.128.1.${i}`), found: undefined }],
              put: pair(`10.128.1.${i}`),
              remove: [],
            }),
          ),
        );
        expect(await gateway.list()).toHaveLength(80);
        expect(readFileSync(`${farEnd.state}/elements`, 'utf8').trim().split('\n')).toHaveLength(83);
        await Promise.all(all.map((own) => own.close()));
      });

      test('one of several transactions in one batch that conflicts or is refused does not harm the others', async () => {
        await gateway.list();
        const write = (address: string, found: Element | undefined, order = 'MP-1'): Promise<void> =>
          gateway.apply({
            expect: [{ at: dnat(address), found }],
            put: [{ ...dnat(address), order }],
            remove: [],
          });
        const results = await Promise.allSettled([
          write('10.128.2.1', undefined),
          write('10.128.2.2', dnat('10.128.2.2')),
          write('10.128.2.3', undefined, 'x'.repeat(127)),
          write('10.128.2.4', undefined),
          gateway.apply({
            expect: [],
            put: [{ ...dnat('10.128.2.5'), map: 'dnat_link', value: ['c9'] }],
            remove: [],
          }),
        ]);
        expect(results.map(({ status }) => status)).toEqual([
          'fulfilled',
          'rejected',
          'rejected',
          'fulfilled',
          'rejected',
        ]);
        expect((results[1] as PromiseRejectedResult).reason).toBeInstanceOf(ConflictError);
        expect(String((results[2] as PromiseRejectedResult).reason)).toContain('longer than 126');
        expect(String((results[4] as PromiseRejectedResult).reason)).toContain(
          "the link c9 is not in this gateway's base",
        );
        expect(await gateway.list()).toHaveLength(2);
      });

      test('a session killed in the middle of a transaction leaves all of it or nothing', async () => {
        for (let round = 0; round < 12; round++) {
          const elements = Array.from({ length: 50 }, (_, i) => pair(`10.129.${round}.${i}`)).flat();
          const lines = elements.map((e) => `put ${e.map} ${e.key.join()} ${e.value.join()} 15001001 i -`);
          const child = spawn(
            'setsid',
            [
              ...host.enter,
              ...shell,
              `${farEnd.programs}/mailversand-gateway`,
              'elements',
              farEnd.state,
              '/usr/sbin',
            ],
            { stdio: ['pipe', 'ignore', 'ignore'] },
          );
          child.stdin.on('error', () => undefined).write(`apply ${lines.length}\n${lines.join('\n')}\n`);
          await new Promise((resolve) => setTimeout(resolve, 20 + round * 8));
          try {
            execFileSync('kill', ['-9', '--', `-${child.pid}`]);
          } catch {
            /* it had ended */
          }
          const live = await gateway.list();
          const present = live.filter(({ key }) => key[1]?.startsWith(`10.129.${round}.`)).length;
          expect([0, 100]).toContain(present);
          expect(readFileSync(`${farEnd.state}/elements`, 'utf8').match(/^dnat/gm)?.length ?? 0).toBe(
            live.length,
          );
        }
      });

      test('a restart of the host brings everything back', async () => {
        await put(gateway, ...pair('10.128.0.1'), snat, opening);
        await reopen();
        nft('delete table ip mailversand; delete table ip6 mailversand');
        host.run(...shell, `${farEnd.programs}/mailversand-gateway`, 'restore', farEnd.state, '/usr/sbin');
        expect(await gateway.list()).toEqual(sorted([...pair('10.128.0.1'), snat, opening]));
      });

      test('a base of another version is no base, and loading the new one keeps every element', async () => {
        await put(gateway, ...pair('10.128.0.1'));
        execFileSync('sed', ['-i', 's/base 1:/base 2:/', `${farEnd.programs}/base.nft`]);
        const later = localTargets(farEnd, host.enter, shell);
        await expect(later({ kind: 'gateway', name: 'gw1' }).list()).rejects.toThrow(
          /the platform's deploy is missing/,
        );
        const platform = later({ kind: 'gateway-base', name: 'gw1' });
        expect(await platform.list()).toEqual(base({ c1: '101', c2: '102' }).slice(1));
        await put(platform, ...base({ c1: '101', c2: '102' }).slice(0, 1));
        expect(
          await later({ kind: 'gateway', name: 'gw1' })
            .list()
            .catch((error: unknown) => error),
        ).toBeInstanceOf(RefusedError);
        await later.close();
        expect(await gateway.list()).toHaveLength(2);
        expect(nft('list chain ip mailversand forward')).toContain('base 2');
      });

      test.each([
        ['a policy that lets everything pass', 'chain ip mailversand forward { policy accept; }'],
        ['chains that are empty', 'flush chain ip mailversand dnat_in'],
        ['IPv6 that nobody closes', 'delete table ip6 mailversand'],
        ['a rule more', 'insert rule ip mailversand forward accept'],
        ['a chain more', 'add chain ip mailversand z { type filter hook input priority 0; }'],
      ])('%s, by hand: no base any more, and loading it again puts it right', async (_, edit) => {
        await put(gateway, ...pair('10.128.0.1'), opening);
        const before = nft('-s list ruleset');
        nft(edit);
        const later = localTargets(farEnd, host.enter, shell);
        await expect(later({ kind: 'gateway', name: 'gw1' }).list()).rejects.toThrow(
          /changed its chains by hand/,
        );
        const platform = later({ kind: 'gateway-base', name: 'gw1' });
        expect(await platform.list()).toEqual(base({ c1: '101', c2: '102' }).slice(1));
        await put(platform, ...base({ c1: '101', c2: '102' }).slice(0, 1));
        await later.close();
        expect(await gateway.list()).toHaveLength(3);
        expect(nft('-s list ruleset').split('\n').sort()).toEqual(before.split('\n').sort());
      });

      test('without the base, elements are refused with what to do', async () => {
        await reopen();
        nft('delete table ip mailversand');
        await expect(gateway.list()).rejects.toThrow(RefusedError);
        await expect(gateway.list()).rejects.toThrow(/platform's deploy is missing/);
      });

      test('the base does not go while elements are there, a link not while one names it', async () => {
        await put(gateway, ...pair('10.128.0.1'));
        const platform = targets({ kind: 'gateway-base', name: 'gw1' });
        const gone = (map: string, key: string) =>
          platform.apply({ expect: [], put: [], remove: [{ map, key: [key] }] });
        await expect(gone('base', 'gw1')).rejects.toThrow('elements are still there');
        await expect(gone('links', 'c1')).rejects.toThrow('the link c1 cannot go');
        await gone('links', 'c2');
        await gateway.apply({ expect: [], put: [], remove: pair('10.128.0.1') });
        await gone('links', 'c1');
        await gone('base', 'gw1');
        expect(nft('list ruleset')).toBe('');
      });

      test('a lock that another holds is waited for, then named', async () => {
        execFileSync('sed', ['-i', 's/^patience=.*/patience=2/', `${farEnd.programs}/mailversand-session`]);
        await reopen();
        const holder = spawn('flock', [`${farEnd.state}/lock`, 'sleep', '60'], {
          stdio: 'ignore',
          detached: true,
        });
        await new Promise((resolve) => setTimeout(resolve, 200));
        await expect(gateway.list()).rejects.toThrow(/have held the lock for 2 seconds/);
        execFileSync('kill', ['--', `-${holder.pid}`]);
        expect(await gateway.list()).toEqual([]);
      });

      test('a full disk leaves the old state', async () => {
        const rules = readFileSync(`${farEnd.state}/base.rules`);
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12k', 'tmpfs', farEnd.state]);
        try {
          writeFileSync(`${farEnd.state}/base.rules`, rules);
          const small = localTargets(farEnd, host.enter, shell);
          const tight = small({ kind: 'gateway', name: 'gw1' });
          await put(tight, opening);
          const many = Array.from({ length: 150 }, (_, i) => dnat(`10.130.0.${i}`));
          await expect(tight.apply({ expect: [], put: many, remove: [] })).rejects.toThrow(
            /is the disk full\?/,
          );
          expect(await tight.list()).toEqual([opening]);
          await put(tight, dnat('10.130.0.1'));
          await small.close();
        } finally {
          execFileSync('umount', [farEnd.state]);
        }
      });

      const evil = [
        '; flush ruleset',
        '$(touch /tmp/x)',
        '`id`',
        '"}',
        "'",
        '\\',
        '*',
        '../x',
        'a b',
        '\t',
        '#',
        '{',
        '|',
        '&',
        '<',
        'ü',
        '%',
        '-e',
        '\r',
      ];
      const line = ['put', 'dnat', 'ln0,10.128.0.1,tcp,25', '192.168.10.5,25', '15001001', 'i', '-'];
      test('no token of a line carries anything into nft', async () => {
        const before = nft('list ruleset');
        const lines = line.flatMap((token, i) =>
          evil.flatMap((bad) =>
            [bad, token + bad].map((word) => line.map((other, j) => (i === j ? word : other)).join(' ')),
          ),
        );
        const answers = await raw(
          farEnd,
          [...host.enter, ...shell],
          'gateway',
          lines.map((text) => `apply 1\n${text}\n`).join('') + 'flush ruleset\nid\napply 1x\napply\n\n',
        );
        const said = answers.slice(1).map((answer) => answer.split(' ')[0]);
        expect(said).toHaveLength(lines.length + 5);
        // What remains are words that are tokens, in the places where any token may stand.
        const accepted = lines.filter((_, i) => said[i] === 'ok');
        expect(
          accepted.every((text) =>
            /^put dnat ln0,10\.128\.0\.1,tcp,25 192\.168\.10\.5,25 [A-Za-z0-9.\/%-]+ [A-Za-z0-9.\/%-]+ [A-Za-z0-9.\/%-]+$/.test(
              text,
            ),
          ),
        ).toBe(true);
        expect(said.filter((word) => word !== 'ok' && word !== 'refused')).toEqual([]);
        await gateway.apply({ expect: [], put: [], remove: [dnat('10.128.0.1')] });
        expect(nft('list ruleset')).toBe(before);
      });
      test('a municipality writes neither links, nor as the platform, nor over what is the platform’s', async () => {
        const answers = await raw(
          farEnd,
          [...host.enter, ...shell],
          'gateway',
          'apply 1\nput links c3 103 15001001 i -\napply 1\nput allow ln0,1.2.3.4,1.2.3.5,tcp,25 - platform i -\napply 1\nremove base gw1\n',
        );
        expect(answers.slice(1).map((answer) => answer.slice(0, 9))).toEqual([
          'refused 1',
          'refused 1',
          'refused 1',
        ]);
      });
    },
  );
}
