import { layOut } from '../../lib/rehearsal/layout.js';
import { expectedWay, namedHops, pathNames, wayOf, type Hop } from '../../lib/rehearsal/paths.js';
import type { StageNumber } from '../../lib/config/municipality.js';
import { example, platform } from './examples.js';

const musterstadt = example('musterstadt');

test('the table of the ways that must hold after each stage', () => {
  const table = ([0, 1, 2, 3, 4] as StageNumber[]).map((stage) =>
    [stage, ...pathNames.map((path) => expectedWay(path, stage, 'vollstaendig'))].join(' | '),
  );
  expect(['stage | ' + pathNames.join(' | '), ...table]).toMatchInlineSnapshot(`
   [
     "stage | internet → municipality | tenant → municipality | ndb → municipality | municipality → internet | municipality → tenant | municipality → ndb",
     "0 | direct | over the Internet | over the Internet | direct | over the Internet | over the Internet",
     "1 | direct | over the Internet | over the Internet | direct | over the Internet | over the Internet",
     "2 | direct | relay → NAT | over the Internet | direct | over the Internet | over the Internet",
     "3 | direct | relay → NAT | relay → NAT | direct | over the Internet | over the Internet",
     "4 | relay → NAT | relay → NAT | relay → NAT | NAT → relay → Internet | NAT → relay → tenant | NAT → relay → NdB",
   ]
  `);
});

test('partial routing has the same ways up to stage 3 and no stage 4', () => {
  for (const stage of [0, 1, 2, 3] as StageNumber[]) {
    for (const path of pathNames) {
      expect(expectedWay(path, stage, 'teilweise')).toBe(expectedWay(path, stage, 'vollstaendig'));
    }
  }
  expect(() => expectedWay('tenant → municipality', 4, 'teilweise')).toThrow('ends at stage 3');
});

describe('the way of a mail by its hops', () => {
  const hop = (host: string, from: string, nat = false): Hop => ({ host, from, nat, tls: true });
  const inward = (from: string) => ({ from, to: 'musterstadt' });
  const outward = (to: string) => ({ from: 'musterstadt', to });
  const atRelay = (from: string) => hop('relay', from);
  const throughNat = hop('musterstadt', '192.168.10.250', true);

  test.each([
    ['direct', [hop('musterstadt', '203.0.113.80')], inward('internet')],
    ['over the Internet', [hop('musterstadt', '203.0.113.20')], inward('tenant')],
    ['direct', [hop('internet', '198.51.100.25')], outward('internet')],
    ['over the Internet', [hop('ndb', '198.51.100.25')], outward('ndb')],
    ['relay → NAT', [atRelay('203.0.113.80'), throughNat], inward('internet')],
    ['relay → NAT', [atRelay('10.64.0.20'), throughNat], inward('tenant')],
    [
      'NAT → relay → Internet',
      [hop('relay', '10.128.0.1', true), hop('internet', '203.0.113.10')],
      outward('internet'),
    ],
    [
      'NAT → relay → tenant',
      [hop('relay', '10.128.0.1', true), hop('tenant', '10.64.0.10')],
      outward('tenant'),
    ],
    ['NAT → relay → NdB', [hop('relay', '10.128.0.1', true), hop('ndb', '10.64.0.10')], outward('ndb')],
  ])('%s', (way, hops, between) => {
    expect(wayOf(hops, between)).toBe(way);
  });

  test.each([
    [
      'a tenant that reached the relay over the Internet',
      [atRelay('203.0.113.20'), throughNat],
      inward('tenant'),
    ],
    [
      'a relay that reached the municipality over the Internet',
      [atRelay('10.64.0.20'), hop('musterstadt', '203.0.113.10')],
      inward('tenant'),
    ],
    [
      'a municipality that reached the relay over the Internet',
      [hop('relay', '198.51.100.25'), hop('internet', '203.0.113.10')],
      outward('internet'),
    ],
    ['another recipient', [hop('beispielhausen', '203.0.113.80')], inward('internet')],
    ['an unknown address', [hop('musterstadt', 'unknown')], inward('internet')],
    ['a hop too many', [atRelay('10.64.0.20'), atRelay('10.64.0.20'), throughNat], inward('tenant')],
    ['no hop', [], inward('internet')],
  ])('%s is spelt out, so that it is not taken for an expected way', (_, hops, between) => {
    expect(wayOf(hops, between)).toMatch(/→ \S+$|^no hop$/);
    expect(pathNames.map((path) => expectedWay(path, 4, 'vollstaendig'))).not.toContain(wayOf(hops, between));
  });
});

test('hops bear the names of hosts, and addresses that only NAT makes are marked', () => {
  const { parties } = layOut(platform, [musterstadt]);
  const received = [
    { by: 'mx1.landesnetz.example', from: '10.128.0.1', tls: true },
    { by: 'mail.musterstadt.example', from: '192.168.10.250', tls: true },
    { by: 'stranger.example', from: '192.0.2.1', tls: false },
  ];
  expect(namedHops(received, { parties, platform, municipalities: [musterstadt] })).toEqual([
    { host: 'relay', from: '10.128.0.1', nat: true, tls: true },
    { host: 'musterstadt', from: '192.168.10.250', nat: true, tls: true },
    { host: 'stranger.example', from: '192.0.2.1', nat: false, tls: false },
  ]);
});
