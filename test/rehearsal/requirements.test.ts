import { whatIsMissing } from '../../lib/rehearsal/requirements.js';

test('one message says everything that is to be done', () => {
  expect(whatIsMissing({ platform: 'linux', root: true, packages: [] })).toBeUndefined();
  expect(
    whatIsMissing({ platform: 'linux', root: false, packages: ['knot', 'postfix-lmdb'] }),
  ).toMatchInlineSnapshot(
    `"The rehearsal cannot start here: install what is missing: apt-get install knot postfix-lmdb (on Debian: npx mailversand setup); and start it as root, or in the container (Containerfile): it makes network namespaces."`,
  );
  expect(whatIsMissing({ platform: 'darwin', root: true, packages: [] })).toMatchInlineSnapshot(
    `"The rehearsal needs Linux (network namespaces, nftables). Run it in the container: see Containerfile."`,
  );
});
