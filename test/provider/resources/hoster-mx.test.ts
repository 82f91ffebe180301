import { hosterMx } from '../../../lib/provider/resources/hoster-mx.js';
import type { Diagnostic } from '../../../lib/provider/definition.js';
import type { Element, TargetRef } from '../../../lib/provider/element.js';
import type { Observation } from '../../../lib/provider/targets/dns/evidence.js';
import { emptyMemory, memoryFarEnds, storeOf } from '../memory-far-ends.js';

const domain = 'fabelburg.example';
const own = [{ preference: 10, host: 'mx01.hoster.example' }];
const relay = [{ preference: 10, host: 'mx1.example' }];

const says = (server: string, exchange: string): Observation => ({
  domain,
  type: 'MX',
  server,
  at: '2026-03-01T12:00:00Z',
  authoritative: true,
  data: `10 ${exchange}.`,
  ttl: 300,
  problem: undefined,
});

const silent = (server: string): Observation => ({
  ...says(server, ''),
  authoritative: false,
  data: '',
  ttl: 0,
  problem: 'no answer within 3 s',
});

const instructed = (records: typeof own) =>
  hosterMx.elements({ domain, ttl: 300, records, owner: '15085905' });

/** What is said while the relay holds some elements, or is away. */
async function saying(
  wanted: typeof own,
  last: typeof own,
  observed: Observation[],
  addresses: Record<string, string[]> = {},
  relayHas: Element[] | 'away' = [],
): Promise<Diagnostic[]> {
  const memory = { ...emptyMemory(), observations: { [domain]: observed }, addresses };
  memory.elements['register'] = instructed(last).map((element) => ({ ...element, instance: 'a' }));
  if (relayHas === 'away') memory.unreachable = ['relay relay1'];
  else memory.elements['relay relay1'] = relayHas;
  const farEnds = memoryFarEnds(storeOf(memory));
  const proposed = { domain, ttl: 300, records: wanted, owner: '15085905' };
  return (await hosterMx.check?.({ prior: undefined, proposed, farEnds })) ?? [];
}

/** Rules of what is said, errors in capitals. */
const said = async (...given: Parameters<typeof saying>): Promise<string[]> =>
  (await saying(...given)).map(({ severity, rule }) => (severity === 'error' ? rule.toUpperCase() : rule));

const [before, there] = ['mx01.hoster.example', 'mx1.example'];

describe('towards the relay', () => {
  test('one waits for every server that does not show it, and refuses nothing', async () => {
    expect(await said(relay, own, [says('a', there), says('b', before)])).toEqual(['hoster-mx-waiting']);
    expect(await said(relay, own, [says('a', there), silent('b')])).toEqual(['hoster-mx-waiting']);
    expect(await said(relay, own, [says('a', there), says('b', there)])).toEqual([]);
  });
});

test('a TTL that the hoster has not lowered is a warning, before the move and after it', async () => {
  const high = (server: string, host: string) => ({ ...says(server, host), ttl: 3600 });
  expect(await said(own, own, [high('a', before), says('b', before)])).toEqual(['hoster-mx-ttl']);
  expect(await said(relay, own, [high('a', there), says('b', there)])).toEqual(['hoster-mx-ttl']);
});

describe('an MX that moves early', () => {
  test('is an alarm and no refusal, however few servers show it', async () => {
    expect(await said(own, own, [says('a', before), says('b', there)])).toEqual(['hoster-mx-early']);
    expect(await said(own, [], [says('a', there)])).toEqual(['hoster-mx-early']);
    expect(await said(own, own, [says('a', before), silent('b')])).toEqual([]);
  });

  const accepted = { map: 'accept_internet', key: [domain], value: ['permit'] };
  const routed = { map: 'transport', key: [domain], value: ['[10.128.0.1]:25=encrypt'] };

  test.each<[string, Element[] | 'away']>([
    ['takes its mail from the Internet now and passes it on', [accepted, routed]],
    ['takes its mail from the Internet now and has no route for it', [accepted]],
    ['does not take its mail from the Internet now: senders are asked', [routed]],
    ['cannot be asked whether it takes its mail', 'away'],
  ])('says what becomes of the mail: relay1 %s', async (text, relayHas) => {
    const [alarm] = await saying(own, own, [says('a', there)], {}, relayHas);
    expect(alarm?.detail).toContain(`\nrelay1 ${text}`);
    if (relayHas !== 'away') expect(alarm?.detail.includes('4xx')).toBe(!relayHas.includes(accepted));
  });

  test('names the way forward of those who have one: partial routing ends at stage 3', async () => {
    const [alarm] = await saying(own, own, [says('a', there)]);
    expect(alarm?.detail).toContain('or, with full routing, go on to the deploy that moves it: stage 4');
  });

  test('a far end that fails in another way is no silent one', async () => {
    const memory = { ...emptyMemory(), observations: { [domain]: [says('a', there)] } };
    const farEnds = memoryFarEnds(storeOf(memory));
    const broken = {
      ...farEnds,
      targets: (ref: TargetRef) => {
        if (ref.kind === 'relay') throw new TypeError('broken');
        return farEnds.targets(ref);
      },
    };
    const proposed = { domain, ttl: 300, records: own, owner: '15085905' };
    const checked = hosterMx.check?.({ prior: undefined, proposed, farEnds: broken });
    await expect(checked).rejects.toThrow('broken');
  });
});

describe('on the way back', () => {
  test('the edge waits until no server shows the relay, by the register, whatever became of the state', async () => {
    expect(await said(own, relay, [says('a', before), says('b', there)])).toEqual(['GATE-HOSTER-MX-FIRST']);
    expect(await said(own, relay, [says('a', before), says('b', before)])).toEqual([]);
  });

  test('a server that is silent is said, and no way back hangs on it; where none speaks nothing is known', async () => {
    expect(await said(own, relay, [says('a', before), silent('b')])).toEqual(['hoster-mx-unknown']);
    expect(await said(own, relay, [silent('a'), silent('b')])).toEqual(['GATE-HOSTER-MX-FIRST']);
  });
});

test('what is no longer declared says nothing', async () => {
  const farEnds = memoryFarEnds(storeOf(emptyMemory()));
  expect(await hosterMx.check?.({ prior: undefined, proposed: undefined, farEnds })).toEqual([]);
});

test('the relay is known by its address, too, whatever the zone calls it', async () => {
  const address = ['203.0.113.10'];
  const alias = [says('a', 'mail-alt.example')];
  const same = { 'mx1.example': address, 'mail-alt.example': address };
  expect(await said(own, relay, alias, same)).toEqual(['GATE-HOSTER-MX-FIRST']);
  expect(await said(own, own, alias, same)).toEqual(['hoster-mx-early']);
  expect(await said(own, relay, alias, { ...same, 'mail-alt.example': ['192.0.2.1'] })).toEqual([]);
});
