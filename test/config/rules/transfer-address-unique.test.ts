import { transferAddressUnique } from '../../../lib/config/rules/transfer-address-unique.js';
import { other, says } from '../support.js';

const servers = [{ inside: '10.0.0.1', transfer: '10.128.0.1' }];

test('a second mail server behind a transfer address is named with the first and a free address', () => {
  expect(
    says(transferAddressUnique, {
      municipalities: { musterstadt: {}, beispielhausen: { ...other, servers } },
    }),
  ).toMatchInlineSnapshot(`
   "beispielhausen.yaml:14:15  transfer address 10.128.0.1 belongs to musterstadt (musterstadt.yaml:14:15)
     each mail server needs its own; free ones begin at 10.128.0.2   [transfer-address-unique]
   "
  `);
});

test('so is one of the same municipality, and one that is only kept', () => {
  const kept = [{ server: servers[0], since: '2025-01-01T00:00:00Z', until: '2025-01-02T00:00:00Z' }];
  expect(says(transferAddressUnique, { municipalities: { musterstadt: { kept } } })).toMatchInlineSnapshot(`
   "musterstadt.yaml:25:17  transfer address 10.128.0.1 belongs to musterstadt (musterstadt.yaml:14:15)
     each mail server needs its own; free ones begin at 10.128.0.2   [transfer-address-unique]
   "
  `);
});

test('each its own is right', () => {
  expect(says(transferAddressUnique, { municipalities: { musterstadt: {}, beispielhausen: other } })).toBe(
    '',
  );
});

test('without a platform file nothing is offered', () => {
  const municipalities = { musterstadt: {}, beispielhausen: { ...other, servers } };
  expect(says(transferAddressUnique, { municipalities, platform: null })).toContain(
    'choose another of the pool',
  );
});

test('a pool without a free address says so', () => {
  const municipalities = { musterstadt: {}, beispielhausen: { ...other, servers } };
  const platform = { transferPool: ['10.128.0.0/30', '10.128.0.2/32'] };
  expect(says(transferAddressUnique, { municipalities, platform })).toContain(
    'free ones begin at 10.128.0.2',
  );
  expect(
    says(transferAddressUnique, { municipalities, platform: { transferPool: ['10.128.0.1/32'] } }),
  ).toContain('none is free');
});

test('an address that is wrong by itself is not compared', () => {
  const wrong = { servers: [{ inside: '10.0.0.1', transfer: '10.128.0.256' }] };
  expect(says(transferAddressUnique, { municipalities: { musterstadt: wrong, beispielhausen: wrong } })).toBe(
    '',
  );
});
