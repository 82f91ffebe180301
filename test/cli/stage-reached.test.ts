import { ExitCode } from '../../lib/cli/exit.js';
import { registerMustAgree } from '../../lib/cli/stage-reached.js';
import type { Element, Target } from '../../lib/provider/element.js';
import { at } from '../migration/examples.js';

/** A register that has recorded this stage of Musterstadt; undefined: none yet. */
function registerAt(stage?: number): Target {
  const row = { map: 'stages', key: ['musterstadt'], owner: '15083999', instance: 'a' };
  const rows: Element[] = stage === undefined ? [] : [{ ...row, value: [String(stage), '', 'digest'] }];
  return {
    title: 'register',
    list: () => Promise.resolve(rows),
    apply: () => Promise.reject(new Error('nothing is written')),
  };
}

test.each([
  [4, 4],
  [1, 1],
  [0, 0],
  [0, undefined],
] as const)('the file’s stage %s is tested where the register says %s', async (stage, reached) => {
  await expect(registerMustAgree(at(stage), registerAt(reached))).resolves.toBeUndefined();
});

test.each([
  [4, 3],
  [3, 4],
  [1, undefined],
] as const)('the file’s stage %s is not tested where the register says %s', async (stage, reached) => {
  await expect(registerMustAgree(at(stage), registerAt(reached))).rejects.toMatchObject({
    message: `the register says stage ${reached ?? 0} of musterstadt, its file says ${stage}: only what is deployed can be tested`,
    remedy: expect.stringContaining('npx mailversand deploy musterstadt first') as string,
    exit: ExitCode.refused,
  });
});
