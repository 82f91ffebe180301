import { dnsFiles } from '../../lib/rehearsal/dns.js';
import { layOut } from '../../lib/rehearsal/layout.js';
import { example, platform } from './examples.js';

const musterstadt = example('musterstadt');
const atHoster = example('fabelburg');
const files = dnsFiles(platform, [musterstadt, atHoster], layOut(platform, [musterstadt, atHoster]));
const text = (end: string): string => files.files.find(({ path }) => path.endsWith(end))?.content ?? '';

test('a zone begins with the record sets of the file, and knows its mail server', () => {
  expect(text('/musterstadt.example.zone')).toMatchInlineSnapshot(`
   "$ORIGIN musterstadt.example.
   @ 3600 SOA ns.rehearsal.example. hostmaster.rehearsal.example. 1 3600 600 86400 5
   @ 3600 NS ns.rehearsal.example.
   mail.musterstadt.example. 60 A 198.51.100.25
   musterstadt.example. 5 MX 10 mail.musterstadt.example.
   musterstadt.example. 5 TXT "v=spf1 ip4:198.51.100.25 -all"
   "
  `);
});

test('a key may write MX and TXT of its own domains, one key a zone', () => {
  expect(files.keys.map(({ name }) => name)).toEqual(['musterstadt.example.']);
  expect(text('knot.conf')).toContain(
    'update-owner-name: ["musterstadt.example.", "_mta-sts.musterstadt.example."]',
  );
  expect(text('knot.conf')).toContain('update-type: ["MX", "TXT"]');
});

test('nobody but the hoster writes a zone at a hoster', () => {
  const [, ours = '', theirs = ''] =
    /domain: "musterstadt.example."([^]*?)domain: "fabelburg.example."([^]*)/.exec(
      text('knot.conf').replace(/(domain: "fabelburg[^]*?)(  - domain: "musterstadt[^]*)/, '$2$1'),
    ) ?? [];
  expect(ours).toContain('acl:');
  expect(theirs).not.toContain('acl:');
});

test('names outside the municipalities’ zones are in the root zone, with the names of addresses', () => {
  expect(text('root.zone')).toContain('mx1.landesnetz.example. 60 A 203.0.113.10');
  expect(text('root.zone')).toContain('80.113.0.203.in-addr.arpa. 60 PTR mail.absender.example.');
  expect(text('root.zone')).toContain('landesamt.example. 60 MX 10 mail.landesamt.example.');
});
