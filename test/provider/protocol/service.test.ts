import { jest } from '@jest/globals';
import { encode as msgpack } from '@msgpack/msgpack';
import { providerService } from '../../../lib/provider/protocol/service.js';
import { decodeValue } from '../../../lib/provider/protocol/value.js';
import type { Diagnostic } from '../../../lib/provider/definition.js';
import type { ServedProvider, ValueType } from '../../../lib/provider/served.js';
import { decode, encode } from './tfplugin6.js';

const thingType: ValueType = ['object', { name: 'string' }];
const schema = { attributes: { name: { type: 'string', required: true } } } as const;

const complaint: Diagnostic = {
  severity: 'error',
  summary: 'not so',
  detail: 'because',
  attribute: ['hops', 0, 'name'],
  rule: 'a-rule',
};

const provider = (changes: Partial<ServedProvider['resources'][string]> = {}): ServedProvider => ({
  schema: { attributes: { where: { type: 'string', optional: true } } },
  configure: ({ where }) => (where === 'nowhere' ? [{ ...complaint, attribute: 'where' }] : []),
  resources: {
    thing: {
      schema,
      validate: ({ name }) => (name === 'bad' ? [complaint] : []),
      read: (state) => Promise.resolve({ state: state['name'] === 'gone' ? null : state, diagnostics: [] }),
      plan: ({ proposed }) =>
        Promise.resolve({ planned: proposed, replace: ['name'], diagnostics: [complaint] }),
      apply: ({ prior, planned }) =>
        planned === null
          ? Promise.resolve({ state: prior, diagnostics: [complaint] })
          : Promise.resolve({ state: planned, diagnostics: [] }),
      import: (id) => Promise.resolve({ state: id === 'none' ? null : { name: id }, diagnostics: [] }),
      ...changes,
    },
  },
  dataSources: {
    look: {
      schema,
      validate: () => [],
      read: (config) => Promise.resolve({ state: config, diagnostics: [] }),
    },
  },
});

const dynamic = (value: unknown) => ({ msgpack: Buffer.from(msgpack(value)) });

async function call(
  rpc: string,
  request: Record<string, unknown>,
  served = provider(),
): Promise<Record<string, unknown>> {
  const method = providerService(served)[rpc];
  if (!method) throw new Error(`no ${rpc}`);
  return decode(`${rpc}Response`, await method(encode(`${rpc}Request`, request)));
}

const value = (message: unknown): unknown => decodeValue(thingType, (message as { msgpack: Buffer }).msgpack);

const wireComplaint = {
  severity: 'ERROR',
  summary: 'not so [a-rule]',
  detail: 'because',
  attribute: { steps: [{ attribute_name: 'hops' }, { element_key_int: 0 }, { attribute_name: 'name' }] },
};

describe('the provider service', () => {
  test('tells its schema, and that it is asked about destroys', async () => {
    const answer = decode(
      'GetProviderSchemaResponse',
      await Promise.resolve(
        providerService(provider())['GetProviderSchema']?.(Buffer.alloc(0)) ?? Buffer.alloc(0),
      ),
    );
    expect(Object.keys(answer['resource_schemas'] as object)).toEqual(['thing']);
    expect(Object.keys(answer['data_source_schemas'] as object)).toEqual(['look']);
    expect(answer['server_capabilities']).toEqual({ plan_destroy: true, get_provider_schema_optional: true });
  });

  test('tells its types without their schema', async () => {
    const answer = decode(
      'GetMetadataResponse',
      await Promise.resolve(providerService(provider())['GetMetadata']?.(Buffer.alloc(0)) ?? Buffer.alloc(0)),
    );
    expect(answer['resources']).toEqual([{ type_name: 'thing' }]);
    expect(answer['data_sources']).toEqual([{ type_name: 'look' }]);
  });

  test('a complaint names its rule and the way to the attribute', async () => {
    expect(
      await call('ValidateResourceConfig', { type_name: 'thing', config: dynamic({ name: 'bad' }) }),
    ).toEqual({
      diagnostics: [wireComplaint],
    });
  });

  test('a plan tells what replaces and keeps private data', async () => {
    const answer = await call('PlanResourceChange', {
      type_name: 'thing',
      prior_state: dynamic(null),
      proposed_new_state: dynamic({ name: 'a' }),
      config: dynamic({ name: 'a' }),
      prior_private: Buffer.from('private'),
    });
    expect(value(answer['planned_state'])).toEqual({ name: 'a' });
    expect(answer['requires_replace']).toEqual([{ steps: [{ attribute_name: 'name' }] }]);
    expect(answer['planned_private']).toEqual(Buffer.from('private'));
    expect(answer['diagnostics']).toEqual([wireComplaint]);
  });

  test('a failed apply gives the state back beside the complaint', async () => {
    const answer = await call('ApplyResourceChange', {
      type_name: 'thing',
      prior_state: dynamic({ name: 'a' }),
      planned_state: dynamic(null),
      config: dynamic(null),
    });
    expect(value(answer['new_state'])).toEqual({ name: 'a' });
    expect(answer['diagnostics']).toEqual([wireComplaint]);
  });

  test('what is gone is null', async () => {
    const answer = await call('ReadResource', {
      type_name: 'thing',
      current_state: dynamic({ name: 'gone' }),
    });
    expect(value(answer['new_state'])).toBeNull();
  });

  test('state comes in JSON and is upgraded', async () => {
    const upgrade = (state: Record<string, unknown>, version: number) => ({
      name: `${String(state['old'])}${version}`,
    });
    const answer = await call(
      'UpgradeResourceState',
      { type_name: 'thing', version: 3, raw_state: { json: Buffer.from('{"old":"x"}') } },
      provider({ upgrade }),
    );
    expect(value(answer['upgraded_state'])).toEqual({ name: 'x3' });
  });

  test('a configuration in JSON is read too', async () => {
    const answer = await call('ValidateResourceConfig', {
      type_name: 'thing',
      config: { json: Buffer.from('{"name":"bad"}') },
    });
    expect(answer['diagnostics']).toHaveLength(1);
  });

  test('configures, imports, and reads data', async () => {
    expect(await call('ConfigureProvider', { config: dynamic({ where: 'nowhere' }) })).toHaveProperty(
      'diagnostics',
    );
    const imported = await call('ImportResourceState', { type_name: 'thing', id: 'a' });
    const [first] = imported['imported_resources'] as { type_name: string; state: unknown }[];
    expect([first?.type_name, value(first?.state)]).toEqual(['thing', { name: 'a' }]);
    expect(await call('ImportResourceState', { type_name: 'thing', id: 'none' })).toEqual({});
    expect(
      value((await call('ReadDataSource', { type_name: 'look', config: dynamic({ name: 'x' }) }))['state']),
    ).toEqual({ name: 'x' });
  });

  test.each([
    ['a fault of a resource', 'thing', () => Promise.reject(new Error('boom')), /boom/],
    [
      'a type it has not',
      'other',
      () => Promise.resolve({ state: null, diagnostics: [] }),
      /other is not served/,
    ],
  ])('%s becomes a diagnostic, and the connection lives', async (_, type, read, detail) => {
    const written = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const answer = await call(
      'ReadResource',
      { type_name: type, current_state: dynamic({ name: 'a' }) },
      provider({ read }),
    );
    written.mockRestore();
    expect(answer['diagnostics']).toMatchObject([
      {
        severity: 'ERROR',
        summary: 'The provider failed [provider-fault]',
        detail: expect.stringMatching(detail) as string,
      },
    ]);
  });
});
