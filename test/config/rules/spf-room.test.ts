import { spfRoom } from '../../../lib/config/rules/spf-room.js';
import { saysOf } from '../support.js';

const spf = (length: number, first = '') => ({
  domains: [
    {
      name: 'a.example',
      writer: 'dns1',
      mx: { ttl: 1, records: ['10 mail.a.example'] },
      spf: { value: `v=spf1 ${first}include:${'a'.repeat(length - 20 - first.length)} -all` },
    },
  ],
});

test('an SPF string that leaves no room for the relay is refused', () => {
  expect(saysOf(spfRoom, spf(239))).toMatchInlineSnapshot(`
   "musterstadt.yaml:23:14  an SPF string of 239 characters
     at most 238, so that the relay fits in; have the municipality shorten it, for instance by an include of its own   [spf-room]
   "
  `);
});

test('one that does is right, and so is none', () => {
  expect(saysOf(spfRoom, spf(238))).toBe('');
  expect(saysOf(spfRoom, {})).toBe('');
  expect(saysOf(spfRoom, spf(300))).toBe('');
});

test('the hosts that mx stands for want room, too', () => {
  const [domain] = spf(222, 'mx ').domains;
  expect(saysOf(spfRoom, { domains: [{ ...domain, name: undefined }] })).toBe('');
  expect(saysOf(spfRoom, spf(222, 'mx '))).toMatch(
    /at most 221, so that the relay, and a:mail\.a\.example for its mx, fits in/,
  );
  expect(saysOf(spfRoom, spf(221, 'mx '))).toBe('');
  expect(saysOf(spfRoom, spf(238, 'mx:elsewhere.example '))).toBe('');
});
