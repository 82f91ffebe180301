import { serversDistinct } from '../../../lib/config/rules/servers-distinct.js';
import { saysOf } from '../support.js';

const at = (...insides: string[]) => ({
  servers: insides.map((inside, index) => ({ inside, transfer: `10.128.0.${index + 1}` })),
});

test('a host twice among the servers is refused', () => {
  expect(saysOf(serversDistinct, at('192.168.10.5', '192.168.10.6', '192.168.10.5'))).toMatchInlineSnapshot(`
   "musterstadt.yaml:17:13  inside address 192.168.10.5 a second time
     a host once among servers, and not the relayAlias; list its ports in one entry, or correct the address   [servers-distinct]
   "
  `);
});

test('a server at the alias of the relay would talk to itself', () => {
  expect(saysOf(serversDistinct, at('192.168.10.250'))).toContain('inside address 192.168.10.250');
});

test('a host that changes its transfer address is there twice, the new entry joining', () => {
  const servers = [
    { inside: '192.168.10.5', transfer: '10.128.0.1' },
    { inside: '192.168.10.5', transfer: '10.128.0.2', joinedOn: '2026-01-31' },
  ];
  expect(saysOf(serversDistinct, { servers })).toBe('');
  const alias = [{ inside: '192.168.10.250', transfer: '10.128.0.1', joinedOn: '2026-01-31' }];
  expect(saysOf(serversDistinct, { servers: alias })).toContain('inside address 192.168.10.250');
});

test('a port twice is refused', () => {
  const servers = [{ inside: '192.168.10.5', transfer: '10.128.0.1', ports: [25, 2525, 25] }];
  expect(saysOf(serversDistinct, { servers })).toMatchInlineSnapshot(`
   "musterstadt.yaml:18:9  port 25 a second time
     each port once; remove it   [servers-distinct]
   "
  `);
});

test('different hosts and ports are right; what is wrong by itself is not compared', () => {
  expect(saysOf(serversDistinct, at('192.168.10.5', '192.168.10.6'))).toBe('');
  expect(saysOf(serversDistinct, at('x', 'x'))).toBe('');
  const servers = [{ inside: '192.168.10.5', transfer: '10.128.0.1', ports: [0, 0, 25] }];
  expect(saysOf(serversDistinct, { servers })).toBe('');
});
