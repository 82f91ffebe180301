import { stillPointing } from '../../../lib/provider/targets/dns/still-pointing.js';
import { oldMx, seen, silent } from '../resources/cutover/examples.js';

const hosts = ['MX1.relay.example'];

test('a domain is let go of when every server of its zone shows other hosts, or none', () => {
  const spf = seen('SPF', '10 mx1.relay.example.');
  expect(stillPointing([seen('MX', oldMx), seen('MX', ''), spf], hosts)).toEqual([]);
});

test('a server that shows the relay, refuses, or answers from a cache counts as one that still answers', () => {
  const hidden = seen('MX', '10 mx1.relay.example.', { server: '192.0.2.99' });
  const cached = seen('MX', oldMx, { authoritative: false });
  expect(stillPointing([seen('MX', oldMx), hidden, cached, silent('MX')], hosts)).toEqual([
    '192.0.2.99 shows 10 mx1.relay.example.',
    '192.0.2.53 says nothing of its own (its answer has no authority), and counts as one that still answers',
    '192.0.2.54 says nothing of its own (no answer within 3 s), and counts as one that still answers',
  ]);
});

test('a zone of which no server is known is not let go of', () => {
  const none = silent('MX', 'name servers of musterstadt.example');
  expect(stillPointing([none], hosts)).toHaveLength(1);
});
