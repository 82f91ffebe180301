import { check } from '../../lib/config/check.js';
import {
  municipalitySchema,
  toMunicipality,
  type MunicipalityFile,
} from '../../lib/config/municipality-file.js';
import type { Municipality } from '../../lib/config/municipality.js';
import { platformSchema, toPlatform, type PlatformFile } from '../../lib/config/platform-file.js';
import { parseYaml } from '../../lib/config/yaml.js';
import { municipalityText, platformText, type Change } from './support.js';

const platform = toPlatform(check(parseYaml('p.yaml', platformText()), platformSchema).value as PlatformFile);

function municipality(change: Change): Municipality {
  const { value } = check(parseYaml('a.yaml', municipalityText(change)), municipalitySchema);
  return toMunicipality('musterstadt', value as MunicipalityFile, platform);
}

test('a short file is a whole municipality', () => {
  expect(municipality({})).toMatchSnapshot();
});

test('what is written stands before what is usual', () => {
  const domains = [
    {
      name: 'post.a.example',
      zone: 'a.example',
      writer: 'hoster',
      mx: { ttl: 60, records: ['20 mx2.a.example', '10 mx3.a.example', '10 mx1.a.example'] },
      spf: { value: 'v=spf1 -all', ttl: 30 },
      ndb: { reference: 'N1', reportedOn: '2025-01-01' },
    },
  ];
  const server = { inside: '10.0.0.1', transfer: '10.128.0.9' };
  const [since, until] = ['2025-01-01T00:00:00Z', '2025-01-02T00:00:00Z'];
  const kept = [
    { stage: 4, since, until },
    { server, since, until },
  ];
  const servers = [{ inside: '10.0.0.2', transfer: '10.128.0.8', ports: [2525, 25] }];
  const network = { gateway: 'gw2', link: 'c9' };
  expect(
    municipality({ network, relay: 'relay2', servers, domains, kept, tls: 'may', routing: 'teilweise' }),
  ).toMatchSnapshot();
});

test('what is kept is of a stage, of one for a domain alone, or a server', () => {
  const times = { since: '2025-01-01T00:00:00Z', until: '2025-01-02T00:00:00Z' };
  const domain = 'musterstadt.example';
  expect(municipality({ kept: [{ stage: 4, domain, ...times }] }).kept).toEqual([
    { stage: 4, domain, ...times },
  ]);
  const problems = (entry: object) =>
    check(parseYaml('a.yaml', municipalityText({ kept: [{ ...entry, ...times }] })), municipalitySchema)
      .problems;
  const server = { inside: '10.0.0.1', transfer: '10.128.0.9' };
  for (const wrong of [
    {},
    { domain },
    { domain, server },
    { stage: 4, server },
    { stage: 4, domain, server },
  ]) {
    expect(problems(wrong)).toMatchObject([{ rule: 'kept' }]);
  }
});

test('what users forward: nothing, or domains, each once', () => {
  expect(municipality({}).forwarding).toBeUndefined();
  expect(municipality({ forwarding: 'none' }).forwarding).toEqual([]);
  const twice = ['b.example', 'a.example', 'b.example'];
  expect(municipality({ forwarding: twice }).forwarding).toEqual(['a.example', 'b.example']);
});

test('a time of settling that ends before it begins is refused', () => {
  const settling = (until: string) => ({ settling: { since: '2025-01-02T00:00:00Z', until } });
  const problems = (change: Change) =>
    check(parseYaml('a.yaml', municipalityText(change)), municipalitySchema).problems;
  expect(problems(settling('2025-01-02T00:00:00Z'))).toEqual([]);
  expect(problems(settling('2025-01-01T00:00:00Z'))).toMatchObject([
    { rule: 'settling', expected: 'an end not before its beginning' },
  ]);
  expect(problems({ forwarding: 'all' })).toMatchObject([{ rule: 'forwarding', found: 'forwarding: all' }]);
  expect(problems({ forwarding: ['Ä'] })).toHaveLength(1);
});

test("the SPF string has the MX records' TTL unless it has its own", () => {
  const mx = { ttl: 60, records: ['10 mx.a.example'] };
  const domains = [{ name: 'a.example', writer: 'hoster', mx, spf: { value: 'v=spf1 -all' } }];
  expect(municipality({ domains }).domains[0]?.spf).toEqual({ ttl: 60, value: 'v=spf1 -all' });
});
