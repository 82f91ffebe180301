import { atTheBeginning, withEvidence, withOutgoingTest } from '../../lib/rehearsal/working-copy.js';
import { withHostKeys } from '../../lib/rehearsal/rehearsal.js';
import { exported } from '../../lib/rehearsal/tools.js';
import { platform } from './examples.js';

const text = `# A comment.
name: Übermuster
stage: 3
order: { reference: FS-1, validUntil: 2025-12-31 }
domains:
  - name: a.example
    mx: { ttl: 3600, records: [10 mail.a.example] }
    spf: { value: v=spf1 -all, ttl: 3600 }
    ndb: { reference: NDB-1, reportedOn: 2025-01-01 }
  - name: b.example
    mx: { ttl: 2, records: [10 mail.b.example] }
    stage: 2
    connectionTestPassedOn: 2025-01-01
    outgoingTestPassedOn: 2025-01-01
connectionTestPassedOn: 2025-01-01
outgoingTestPassedOn: 2025-01-01
kept:
  - { stage: 4, since: 2025-01-13T09:00:00Z, until: 2025-01-18T09:00:02Z }
`;

test('a rehearsal begins before the migration, with times that a person can wait for', () => {
  expect(atTheBeginning(text)).toMatchInlineSnapshot(`
   "# A comment.
   name: Übermuster
   stage: 0
   order: { reference: FS-1 }
   domains:
     - name: a.example
       mx: { ttl: 5, records: [ 10 mail.a.example ] }
       spf: { value: v=spf1 -all, ttl: 5 }
       ndb: { reference: NDB-1, reportedOn: 2025-01-01 }
     - name: b.example
       mx: { ttl: 2, records: [ 10 mail.b.example ] }
   "
  `);
});

test('evidence is stated before the edge that needs it; what stands in the file stays', () => {
  const beginning = atTheBeginning(text);
  expect(withEvidence(beginning, 1, '2025-11-24')).toContain('approvedOn: 2025-11-24');
  expect(withEvidence(beginning, 2, '2025-11-24')).toContain('connectionTestPassedOn: 2025-11-24');
  const reported = withEvidence(beginning, 3, '2025-11-24');
  expect(reported).toContain('reference: NDB-1, reportedOn: 2025-01-01');
  expect(reported).toContain('reference: NDB-REHEARSAL-2');
  expect(reported).not.toContain('confirmedOn');
  expect(withEvidence(reported, 4, '2025-11-24').match(/confirmedOn: 2025-11-24/g)).toHaveLength(2);
  expect(withOutgoingTest(reported, '2025-11-24')).toContain('outgoingTestPassedOn: 2025-11-24');
});

test('the platform file gets the host keys of the rehearsal and keeps everything else', () => {
  const source = `# Kept.\ngateways:\n  gw1:\n    ssh: { host: 10.64.0.1 }\nrelays:\n  relay1:\n    ssh: { host: 10.64.0.10 }\nregister:\n  ssh: { host: 10.64.0.40 }\n`;
  const keys = new Map([
    ['gateway', 'ssh-ed25519 GATEWAY'],
    ['relay', 'ssh-ed25519 RELAY'],
    ['register', 'ssh-ed25519 REGISTER'],
  ]);
  expect(withHostKeys(source, platform, keys)).toMatchInlineSnapshot(`
   "# Kept.
   gateways:
     gw1:
       ssh: { host: 10.64.0.1, hostKey: ssh-ed25519 GATEWAY }
   relays:
     relay1:
       ssh: { host: 10.64.0.10, hostKey: ssh-ed25519 RELAY }
   register:
     ssh: { host: 10.64.0.40, hostKey: ssh-ed25519 REGISTER }
   "
  `);
});

test('variables printed for a shell are read back', () => {
  expect(exported("export A='1'\nexport B='it'\\''s'\nnoise\n")).toEqual({ A: '1', B: "it's" });
});
