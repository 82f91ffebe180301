import { check } from '../../lib/config/check.js';
import { platformSchema, toPlatform, type PlatformFile } from '../../lib/config/platform-file.js';
import { formatProblems } from '../../lib/config/problem.js';
import { parseYaml } from '../../lib/config/yaml.js';
import { platformText, type Change } from './support.js';

const checked = (change: Change) => check(parseYaml('p.yaml', platformText(change)), platformSchema);

test('a short file is a whole platform: seconds, next hops as Postfix writes them, users', () => {
  expect(toPlatform(checked({}).value as PlatformFile)).toMatchSnapshot();
});

test('authoritative servers may be others than the primary', () => {
  const { value } = checked({ dnsServers: { dns1: { authoritative: ['ns1.a.example'] } } });
  expect(toPlatform(value as PlatformFile).dnsServers[0]?.authoritative).toEqual(['ns1.a.example']);
});

test('offices may be absent, and DNS servers where hosters have all zones', () => {
  const { value } = checked({ tenants: undefined, ndbPartners: undefined, dnsServers: undefined });
  expect(toPlatform(value as PlatformFile)).toMatchObject({ tenants: [], ndbPartners: [], dnsServers: [] });
});

test('an outage is declared where it happens, at a gateway or at a relay', () => {
  const outage = { reference: 'CHG-1', on: '2025-06-01' };
  const { value } = checked({ gateways: { gw1: { outage } }, relays: { relay1: { outage } } });
  const { gateways, relays } = toPlatform(value as PlatformFile);
  expect([gateways[0]?.outage, relays[0]?.outage]).toEqual([outage, outage]);
});

test('every problem of a platform file is reported, each at its place', () => {
  const wrong = {
    land: 15,
    senderQueueLifetime: 5,
    transferPool: [],
    gateways: {
      'Gw 1': {},
      gw1: { links: { c0: 253, 'c 1': 2 }, ssh: { host: '-oProxyCommand=x', user: 'root x' } },
    },
    relays: null,
    dnsServers: { dns1: { keyAlgorithm: 'hmac-md5', port: 0 } },
  };
  expect(formatProblems(checked(wrong).problems)).toMatchSnapshot();
});

test('a platform has at least one gateway with a link', () => {
  const { problems } = check(
    parseYaml('p.yaml', platformText().replace(/^gateways:[^]*?^relays:/m, 'gateways: {}\nrelays:')),
    platformSchema,
  );
  expect(formatProblems(problems)).toMatchInlineSnapshot(`
   "p.yaml:7:11  gateways: a mapping
     a mapping from the name of each gateway to what it is; write the name, a colon, and the rest behind or indented below it   [mapping]
   "
  `);
});
