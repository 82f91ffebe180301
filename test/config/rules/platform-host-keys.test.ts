import { platformHostKeys } from '../../../lib/config/rules/platform-host-keys.js';
import { saysOf } from '../support.js';

const hostKey = `ssh-ed25519 ${'A'.repeat(68)}`;

test('a real platform needs the host key of every far end', () => {
  const platform = { name: 'rechenzentrum', gateways: { gw1: { ssh: { hostKey } } } };
  expect(saysOf(platformHostKeys, {}, platform)).toMatchInlineSnapshot(`
   "platform.yaml:33:7  no hostKey for 10.64.0.10
     one OpenSSH public host key for each SSH endpoint; copy the first two words of its /etc/ssh/ssh_host_ed25519_key.pub, over a way you trust   [platform-host-keys]
   platform.yaml:51:5  no hostKey for 10.64.0.40
     one OpenSSH public host key for each SSH endpoint; copy the first two words of its /etc/ssh/ssh_host_ed25519_key.pub, over a way you trust   [platform-host-keys]
   "
  `);
});

test('the rehearsal makes its own', () => {
  expect(saysOf(platformHostKeys, {})).toBe('');
});
