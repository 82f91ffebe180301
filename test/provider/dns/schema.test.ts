import { readFileSync } from 'node:fs';
import { dnsProvider } from '../../../lib/provider/dns/index.js';
import type { ServedResource } from '../../../lib/provider/served.js';

/** What `providers schema -json` says of hashicorp/dns 3.6.1, without descriptions. */
const original: unknown = JSON.parse(
  readFileSync(new URL('hashicorp-dns-3.6.1.schema.json', import.meta.url), 'utf8'),
);
const provider = dnsProvider({});

test('the served schema is that of hashicorp/dns 3.6.1', () => {
  const schemas = (all: Record<string, { schema: unknown }>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(all).map(([type, { schema }]) => [type, schema]));
  expect({
    provider: provider.schema,
    resources: schemas(provider.resources),
    data_sources: schemas(provider.dataSources),
  }).toEqual(original);
});

test('what is in the schema but not served says so wherever it is used, and leaves the state alone', async () => {
  const served = ['dns_mx_record_set', 'dns_txt_record_set'];
  const others = Object.entries(provider.resources).filter(([type]) => !served.includes(type));
  expect(others).toHaveLength(6);
  for (const [type, resource] of others) {
    const state = { id: 'x' };
    const said = [
      { state, diagnostics: resource.validate?.({}) ?? [] },
      await resource.read(state),
      { state, ...(await resource.plan({ prior: state, proposed: state, config: state })) },
      await resource.apply({ prior: state, planned: state, config: state }),
      { ...(await resource.import('x')), state },
    ];
    for (const answer of said) {
      expect(answer.state).toBe(state);
      expect(answer.diagnostics).toMatchObject([{ severity: 'error', rule: 'dns-not-served' }]);
      expect(answer.diagnostics[0]?.summary).toContain(`resource ${type} `);
    }
  }
  for (const source of Object.values(provider.dataSources)) {
    expect(source.validate?.({})).toMatchObject([{ rule: 'dns-not-served' }]);
    expect((await source.read({})).diagnostics).toMatchObject([{ rule: 'dns-not-served' }]);
  }
});

test('without a server a record set says what to declare', async () => {
  const resource = provider.resources['dns_mx_record_set'] as ServedResource;
  expect(await provider.configure({ update: [] })).toEqual([]);
  const state = { id: 'a.example.', zone: 'a.example.', name: null, ttl: 60, mx: [] };
  expect(await resource.read(state)).toMatchObject({ state, diagnostics: [{ rule: 'dns-configuration' }] });
});
