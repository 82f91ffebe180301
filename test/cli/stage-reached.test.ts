import { ExitCode } from '../../lib/cli/exit.js';
import { registerMustAgree } from '../../lib/cli/stage-reached.js';
import type { Municipality } from '../../lib/config/municipality.js';
import type { Target } from '../../lib/provider/element.js';
import { at } from '../migration/examples.js';
import { registerOf, withNew } from './hoster-examples.js';

/** A register that has recorded this file of Musterstadt; undefined: none yet. */
const registerWith = (m?: Municipality): Target => ({
  title: 'register',
  list: () => Promise.resolve(m ? registerOf(m) : []),
  apply: () => Promise.reject(new Error('nothing is written')),
});

test.each([
  [4, 4],
  [1, 1],
  [0, 0],
  [0, undefined],
] as const)('the file’s stage %s is tested where the register says %s', async (stage, reached) => {
  await expect(
    registerMustAgree(at(stage), registerWith(reached === undefined ? undefined : at(reached))),
  ).resolves.toMatchObject({ stage });
});

test.each([
  [4, 3],
  [3, 4],
  [1, undefined],
] as const)('the file’s stage %s is not tested where the register says %s', async (stage, reached) => {
  await expect(
    registerMustAgree(at(stage), registerWith(reached === undefined ? undefined : at(reached))),
  ).rejects.toMatchObject({
    message: `the register says stage ${reached ?? 0} of musterstadt, its file says ${stage}: only what is deployed can be tested`,
    remedy: expect.stringContaining('npx mailversand deploy musterstadt first') as string,
    exit: ExitCode.refused,
  });
});

describe('a domain that goes by itself', () => {
  test.each([0, 1, 2, 3, 4] as const)(
    'is tested at stage %s where the register says so of it',
    async (stage) => {
      const m = at(4, withNew(stage));
      await expect(registerMustAgree(m, registerWith(m))).resolves.toMatchObject({ stage: 4 });
    },
  );

  test.each([
    [4, 2],
    [3, 4],
    [1, 0],
  ] as const)('is not tested at stage %s where it says %s', async (stage, reached) => {
    await expect(
      registerMustAgree(at(4, withNew(stage)), registerWith(at(4, withNew(reached)))),
    ).rejects.toMatchObject({
      message: `the register says stage ${reached} of neu.example, the file says ${stage}: only what is deployed can be tested`,
      rule: 'stage-not-deployed',
      exit: ExitCode.refused,
    });
  });
});
