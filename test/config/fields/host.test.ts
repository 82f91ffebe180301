import { hostKey, interfaceName, user } from '../../../lib/config/fields/host.js';
import { injections, verdict } from './support.js';

test('interfaces, users and host keys as their programs write them', () => {
  for (const value of ['c0', 'ens192', 'eth0.101', 'A-b_c']) expect(verdict(interfaceName, value)).toBe('');
  for (const value of ['mv-gateway', '_x', 'a1']) expect(verdict(user, value)).toBe('');
  expect(verdict(hostKey, `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${'A'.repeat(43)}`)).toBe('');
});

test.each([...injections, '', '1c', 'c 0', 'c0*', 'a'.repeat(16)])('%j is no interface', (value) => {
  expect(verdict(interfaceName, value)).toContain('[interface]');
});

test.each([...injections, '', 'Root', 'a b', 'a@b', '-l'])('%j is no user', (value) => {
  expect(verdict(user, value)).toContain('[user]');
});

test.each([
  ...injections,
  'ssh-ed25519',
  'ssh-dss AAAA',
  `ssh-ed25519 ${'A'.repeat(68)} root@gw1`,
  `gw1 ssh-ed25519 ${'A'.repeat(68)}`,
])('%j is no host key', (value) => {
  expect(verdict(hostKey, value)).toContain('[host-key]');
});
