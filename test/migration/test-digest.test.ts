import type { MailServer } from '../../lib/config/municipality.js';
import { testDigest } from '../../lib/migration/test-digest.js';
import { musterstadt as municipality, platform } from './examples.js';

const digest = testDigest(municipality, platform);

test('a test says something about what was tested only', () => {
  const [server] = municipality.servers as [MailServer];
  const others = [
    { ...municipality, servers: [{ ...server, inside: '192.168.10.6' }] },
    { ...municipality, servers: [{ ...server, ports: [25, 2525] }] },
    { ...municipality, network: { ...municipality.network, relayAlias: '192.168.10.251' } },
    { ...municipality, tls: 'may' as const },
    { ...municipality, domains: [] },
    { ...municipality, domains: municipality.domains.map((domain) => ({ ...domain, stage: 2 as const })) },
  ].map((other) => testDigest(other, platform));
  const stages = ([0, 1, 2, 3, 4] as const).map((stage) => testDigest(municipality, platform, stage));
  expect(new Set([...others, ...stages]).size).toBe(others.length + stages.length);
  expect(stages).toContain(digest);
});

test('and goes on saying it when something else changes', () => {
  const same = { ...municipality, contacts: { technical: 'EDV', organisational: 'Bauamt' }, name: 'Anders' };
  expect(testDigest(same, platform)).toBe(digest);
  expect(digest).toMatch(/^[0-9a-f]{32}$/);
});
