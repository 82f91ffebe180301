import { spfRoom } from '../../../lib/config/rules/spf-room.js';
import { saysOf } from '../support.js';

const spf = (length: number) => ({
  domains: [
    {
      name: 'a.example',
      writer: 'dns1',
      mx: { ttl: 1, records: ['10 mail.a.example'] },
      spf: { value: `v=spf1 include:${'a'.repeat(length - 20)} -all` },
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
