import { datesInOrder } from '../../../lib/config/rules/dates-in-order.js';
import { saysOf } from '../support.js';

const order = { approvedOn: '2025-02-01' };

test('a connection test before the approval is refused', () => {
  expect(saysOf(datesInOrder, { order, connectionTestPassedOn: '2025-01-31' })).toMatchInlineSnapshot(`
   "musterstadt.yaml:23:25  connectionTestPassedOn 2025-01-31
     a day not before approvedOn 2025-02-01; correct the one that is wrong   [dates-in-order]
   "
  `);
});

test('so is an approval that ends before it begins', () => {
  expect(saysOf(datesInOrder, { order: { ...order, validUntil: '2025-01-31' } })).toContain(
    'validUntil 2025-01-31',
  );
});

test('so is an outgoing test before the connection test', () => {
  const tests = { connectionTestPassedOn: '2025-02-03', outgoingTestPassedOn: '2025-02-02' };
  expect(saysOf(datesInOrder, tests)).toContain('not before connectionTestPassedOn 2025-02-03');
});

test('so is an answer of the NdB before the report', () => {
  const mx = { ttl: 1, records: ['10 mail.a.example'] };
  const ndb = { reference: 'N', reportedOn: '2025-02-02', confirmedOn: '2025-02-01' };
  expect(saysOf(datesInOrder, { domains: [{ name: 'a.example', writer: 'dns1', mx, ndb }] })).toContain(
    'confirmedOn 2025-02-01',
  );
});

test('so is a withdrawal before the report', () => {
  const mx = { ttl: 1, records: ['10 mail.a.example'] };
  const ndb = { reference: 'N', reportedOn: '2025-02-02', withdrawnOn: '2025-02-01' };
  expect(saysOf(datesInOrder, { domains: [{ name: 'a.example', writer: 'dns1', mx, ndb }] })).toContain(
    'withdrawnOn 2025-02-01',
  );
});

test('the same day is right', () => {
  expect(saysOf(datesInOrder, { order, connectionTestPassedOn: '2025-02-01' })).toBe('');
});
