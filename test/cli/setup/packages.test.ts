import { missingFailure } from '../../../lib/cli/setup/packages.js';
import { folderWith, program, removeFolders } from '../harness.js';

afterEach(removeFolders);

test('who may not install packages is told what to type', () => {
  const bin = folderWith();
  program(bin, 'apt-get', 'exit 1');
  expect(missingFailure(['knot', 'nftables'], { PATH: bin })).toMatchObject({
    message: 'the rehearsal and the tests on real programs need: knot, nftables',
    remedy: 'run this as root, or: sudo apt-get install --no-install-recommends knot nftables',
  });
});
