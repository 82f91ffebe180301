import { observeHoster } from '../../lib/cli/hoster-observe.js';
import type { Municipality } from '../../lib/config/municipality.js';
import { desiredState } from '../../lib/migration/desired-state.js';
import { hosterRecords } from '../../lib/migration/hoster-sheet.js';
import type { Observation } from '../../lib/provider/targets/dns/evidence.js';
import { at, musterstadt, platform } from '../migration/examples.js';
import { emptyMemory, memoryFarEnds, storeOf } from '../provider/memory-far-ends.js';
import { domain, seen, silent } from '../provider/resources/cutover/examples.js';

const atHoster: Municipality = {
  ...musterstadt,
  domains: musterstadt.domains.map((one) => ({ ...one, writer: 'hoster' })),
};

function observed(m: Municipality, observations: Observation[], addresses: Record<string, string[]> = {}) {
  const memory = { ...emptyMemory(), observations: { [domain]: observations }, addresses };
  const records = hosterRecords(desiredState(m, platform), m, platform).filter(({ type }) => type === 'MX');
  return observeHoster(records, m, platform, memoryFarEnds(storeOf(memory)).vantage);
}

const alias = seen('MX', '10 alt.hoster.example.');
const relay = { 'mx1.relay.example': ['203.0.113.10'] };

test('the relay is known by its address, as the gate knows it', async () => {
  const same = { ...relay, 'alt.hoster.example': ['203.0.113.10'] };
  await expect(observed(at(4, atHoster), [alias], same)).resolves.toMatchObject([
    { state: 'change', foreign: [], otherNames: ['alt.hoster.example'] },
  ]);
  await expect(observed(at(3, atHoster), [alias], same)).resolves.toMatchObject([{ state: 'early' }]);
});

test('who has another address is not known', async () => {
  const other = { ...relay, 'alt.hoster.example': ['192.0.2.1'] };
  await expect(observed(at(4, atHoster), [alias], other)).resolves.toMatchObject([
    { state: 'foreign', foreign: ['alt.hoster.example.'], otherNames: [] },
  ]);
});

test.each<[string, Observation]>([
  ['silent', { ...silent('MX'), fault: 'unreachable' }],
  ['failure', { ...silent('MX'), fault: 'server-failure' }],
  ['zone', { ...silent('MX'), fault: 'zone' }],
  ['zone', seen('MX', '10 mail.musterstadt.example.', { authoritative: false })],
  ['no-address', silent('MX', 'ns1.hoster.example')],
  ['no-server', silent('MX', `name servers of ${domain}`)],
])('a server of which nothing is known: %s', async (fault, observation) => {
  const [row] = await observed(at(3, atHoster), [observation]);
  expect(row).toMatchObject({
    state: 'unknown',
    answers: [{ fault, problem: expect.any(String) as string }],
  });
});
