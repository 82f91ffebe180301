import { platformPool } from '../../../lib/config/rules/platform-pool.js';
import { saysOf } from '../support.js';

test('ranges that overlap are refused, whichever is the smaller', () => {
  const transferPool = ['10.128.0.0/16', '10.128.4.0/24'];
  expect(saysOf(platformPool, {}, { transferPool })).toMatchInlineSnapshot(`
   "platform.yaml:7:5  range 10.128.4.0/24
     ranges that do not overlap: 10.128.0.0/16 has some of its addresses; remove the smaller one   [platform-pool]
   "
  `);
  expect(saysOf(platformPool, {}, { transferPool: transferPool.reverse() })).toContain('range 10.128.0.0/16');
});

test('hosts of the platform inside the pool are refused, wherever they stand', () => {
  expect(saysOf(platformPool, {}, { transferPool: ['10.64.0.0/24', '203.0.113.0/24'] }))
    .toMatchInlineSnapshot(`
   "platform.yaml:16:13  address 10.64.0.1
     an address outside transferPool; correct it, or take its range out of the pool   [platform-pool]
   platform.yaml:26:17  address 10.64.0.10
     an address outside transferPool; correct it, or take its range out of the pool   [platform-pool]
   platform.yaml:27:18  address 10.64.0.12
     an address outside transferPool; correct it, or take its range out of the pool   [platform-pool]
   platform.yaml:28:17  address 10.64.0.10
     an address outside transferPool; correct it, or take its range out of the pool   [platform-pool]
   platform.yaml:29:12  address 10.64.0.11
     an address outside transferPool; correct it, or take its range out of the pool   [platform-pool]
   platform.yaml:30:17  address 203.0.113.10
     an address outside transferPool; correct it, or take its range out of the pool   [platform-pool]
   platform.yaml:32:13  address 10.64.0.10
     an address outside transferPool; correct it, or take its range out of the pool   [platform-pool]
   platform.yaml:41:14  address 10.64.0.20
     an address outside transferPool; correct it, or take its range out of the pool   [platform-pool]
   platform.yaml:47:14  address 10.64.0.30
     an address outside transferPool; correct it, or take its range out of the pool   [platform-pool]
   platform.yaml:50:11  address 10.64.0.40
     an address outside transferPool; correct it, or take its range out of the pool   [platform-pool]
   "
  `);
});

test('hosts by name are not looked up', () => {
  expect(saysOf(platformPool, {}, { register: { ssh: { host: 'register' } } })).toBe('');
});
