import { jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { ConflictError, type Element, type Target } from '../../../lib/provider/element.js';
import type { OpenTargets } from '../../../lib/provider/targets/index.js';
import { describeReal } from '../requirements.js';
import { installFarEnd, localTargets, put, raw, removeFarEnd, type FarEnd } from './lab.js';

// Other work may share the machine.
jest.setTimeout(120_000);

const owned = { owner: '15001001', instance: 'abcdef0123456789', order: 'MP-2026-1' };
const row: Element = {
  map: 'matrix',
  key: ['15001001', '10.64.0.10-10.128.0.1-tcp-25'],
  value: ['Dataport „Relay“', 'Größe, 100 %', '', 'a|b;$(c)'],
  ...owned,
};
const stage: Element = {
  map: 'stages',
  key: ['musterstadt'],
  value: ['2', '2026-01-31T12:00:00Z'],
  owner: '15001001',
};

for (const shell of [['dash'], ['busybox', 'sh']]) {
  describeReal(`register's forced command, under ${shell.join(' ')}`, { programs: shell.slice(0, 1) }, () => {
    let farEnd: FarEnd;
    let targets: OpenTargets;
    let register: Target;

    beforeEach(() => {
      farEnd = installFarEnd();
      targets = localTargets(farEnd, [], shell);
      register = targets({ kind: 'register' });
    });
    afterEach(async () => {
      await targets.close();
      removeFarEnd(farEnd);
    });

    test('rows of any text come back as they were', async () => {
      expect(await register.list()).toEqual([]);
      await put(register, row, stage);
      expect(await register.list()).toEqual([row, stage]);
    });

    test('a row that a hand changed is a conflict', async () => {
      await put(register, row, stage);
      execFileSync('sed', [
        '-i',
        's/^stages musterstadt 2/stages musterstadt 3/',
        `${farEnd.state}/elements`,
      ]);
      const update = register.apply({ expect: [{ at: stage, found: stage }], put: [stage], remove: [row] });
      await expect(update).rejects.toThrow(ConflictError);
      expect(await register.list()).toHaveLength(2);
    });

    test('a long list of ids fits into one row', async () => {
      const ids = Array.from({ length: 400 }, (_, i) => `dnat_rule:gw1/ln0/10.128.${i}.1/tcp/25`);
      const declares: Element = { map: 'declares', key: ['musterstadt'], value: ids, ...owned };
      await put(register, declares);
      expect(await register.list()).toEqual([declares]);
    });

    test('40 who write at the same time lose nothing', async () => {
      const all = Array.from({ length: 40 }, () => localTargets(farEnd, [], shell));
      await Promise.all(
        all.map((own, i) =>
          own({ kind: 'register' }).apply({
            expect: [],
            put: [{ ...stage, key: [`stadt${i}`] }],
            remove: [],
          }),
        ),
      );
      expect(await register.list()).toHaveLength(40);
      await Promise.all(all.map((own) => own.close()));
    });

    test('a state folder that is not there is said', async () => {
      execFileSync('rm', ['-r', farEnd.state]);
      await expect(register.list()).rejects.toThrow(
        /the folder .*state is missing or not this user's to write/,
      );
    });

    test('what is no row is refused', async () => {
      const bad = [
        'put stages ../x 1 - - -',
        'put stages X 1 - - -',
        'put other a 1 - - -',
        'put matrix a 1 - - -',
        'put stages a 1 platform - -',
        'put stages a  1 - - -',
        'put stages a $(id) - - -',
        'drop stages a',
      ];
      const answers = await raw(farEnd, shell, 'register', bad.map((line) => `apply 1\n${line}\n`).join(''));
      expect(answers.slice(1).map((answer) => answer.slice(0, 9))).toEqual(bad.map(() => 'refused 1'));
    });

    test('a transaction that is cut off in the middle is not done', async () => {
      await raw(farEnd, shell, 'register', 'apply 2\nput stages a 1 - - -\n');
      expect(await register.list()).toEqual([]);
    });

    test('a file left by a killed session is not taken for the truth', async () => {
      await put(register, stage);
      writeFileSync(`${farEnd.state}/elements.new`, 'stages half');
      expect(await register.list()).toEqual([stage]);
    });
  });
}
