import type { FarEnds, ResourceDefinition } from './definition.js';
import { servedResource } from './lifecycle.js';
import {
  type CutoverLimits,
  unnamedVantagePoint,
  usualLimits,
  type Endpoint,
  type NamedEndpoint,
  type ProviderConfig,
  type RelayEndpoint,
  type VantagePoint,
} from './provider-config.js';
import type { AttributeSchema, BlockSchema, ServedProvider, Value, ValueObject } from './served.js';
import { textOf } from './values.js';

/** The far ends of a configuration; the program opens real ones, tests their own. */
export type OpenFarEnds = (provider: ProviderConfig) => FarEnds & { close(): Promise<void> };

/** The provider `landesnetz`: every definition, served. */
export function landesnetzProvider(
  definitions: readonly ResourceDefinition[],
  open: OpenFarEnds,
): ServedProvider {
  let opened: ReturnType<OpenFarEnds> | undefined;
  const farEnds = (): FarEnds => {
    if (!opened) throw new Error('the provider is used before it is configured');
    return opened;
  };
  return {
    schema: providerSchema,
    configure: (config) => {
      opened = open(providerConfig(config));
      return [];
    },
    resources: Object.fromEntries(
      definitions.map((definition) => [`landesnetz_${definition.type}`, servedResource(definition, farEnds)]),
    ),
    dataSources: {},
    close: async () => opened?.close(),
  };
}

const text = (description: string): AttributeSchema => ({ type: 'string', required: true, description });

const endpoint: Record<string, AttributeSchema> = {
  host: text('Host name or address.'),
  port: { type: 'number', optional: true, description: 'Port of SSH. Default 22.' },
  user: text('User for the elements of municipalities; its forced command accepts nothing else.'),
  platform_user: {
    type: 'string',
    optional: true,
    description: 'User for the platform’s base, with a forced command of its own.',
  },
  host_key: text('OpenSSH public host key, `ssh-ed25519 AAAA…`. Another one is refused.'),
};
const named: Record<string, AttributeSchema> = {
  name: text('Name by which resources refer to it.'),
  ...endpoint,
  outage: {
    type: 'string',
    optional: true,
    description:
      'Decision that it need not answer, so that an MX can go back without it: day and reference, a blank between. It counts on its day and the next. What does not answer then is believed to be as the state remembers it, and is not written.',
  },
};

const providerSchema: BlockSchema = {
  description:
    'Far ends of the interkommunaler Mailversand, reached by OpenSSH. Keys stay in its agent and files.',
  attributes: {
    gateways: {
      nested_type: { nesting_mode: 'list', attributes: named },
      optional: true,
      description: 'Gateways that hold NAT elements and openings.',
    },
    relays: {
      nested_type: {
        nesting_mode: 'list',
        attributes: {
          ...named,
          mx_hosts: {
            type: ['list', 'string'],
            optional: true,
            description:
              'Names of this relay in an MX; while one answers, the relay does not let go of the domain.',
          },
        },
      },
      optional: true,
      description: 'Mail relays.',
    },
    register: {
      nested_type: { nesting_mode: 'single', attributes: endpoint },
      optional: true,
      description: 'Host of the register: matrix rows, NdB reports, stages reached.',
    },
    vantage_point: {
      nested_type: {
        nesting_mode: 'single',
        attributes: {
          name: text('As evidence names it.'),
          resolver: {
            type: 'string',
            optional: true,
            description:
              'Resolver by which names are looked up, `host` or `host:port`. Default: the machine’s first.',
          },
        },
      },
      optional: true,
      description:
        'Where this program runs, and from where zones and mail servers are looked at before an MX moves. Default: `engine`.',
    },
    limits: {
      nested_type: {
        nesting_mode: 'single',
        attributes: {
          test_validity: {
            type: 'number',
            required: true,
            description: 'Seconds for which a passed test counts.',
          },
          queue_limit: {
            type: 'number',
            required: true,
            description:
              'Recipients in a relay’s queue for one domain, above which no stage forwards begins.',
          },
          sender_queue_lifetime: {
            type: 'number',
            required: true,
            description: 'Seconds for which senders, and the relay, keep a mail that they cannot deliver.',
          },
          silence_time: {
            type: 'number',
            required: true,
            description: 'Seconds without a mail, before the way by which it would come may go.',
          },
        },
      },
      optional: true,
      description: 'What a cut-over is measured by. Default: 7 days, 100 recipients, 5 days, a day.',
    },
    observers: {
      type: ['list', 'string'],
      optional: true,
      description: 'Authoritative DNS servers, `host` or `host:port`, that are asked for a domain’s MX.',
    },
  },
};

function providerConfig(config: ValueObject): ProviderConfig {
  return {
    gateways: listOf(config['gateways']).map(namedOf),
    relays: listOf(config['relays']).map(relayOf),
    register: isObject(config['register']) ? endpointOf(config['register']) : undefined,
    observers: textsOf(config['observers']),
    vantagePoint: vantagePointOf(config['vantage_point']),
    limits: limitsOf(config['limits']),
  };
}

const endpointOf = (value: ValueObject): Endpoint => ({
  host: textOf(value['host']),
  port: Number(textOf(value['port']) || 22),
  user: textOf(value['user']),
  platformUser: textOf(value['platform_user']) || undefined,
  hostKey: textOf(value['host_key']),
});

const namedOf = (value: ValueObject): NamedEndpoint => ({
  name: textOf(value['name']),
  ...endpointOf(value),
  outage: textOf(value['outage']) || undefined,
});

const relayOf = (value: ValueObject): RelayEndpoint => ({
  ...namedOf(value),
  mxHosts: textsOf(value['mx_hosts']),
});

const vantagePointOf = (value: Value | undefined): VantagePoint =>
  isObject(value)
    ? { name: textOf(value['name']), resolver: textOf(value['resolver']) || undefined }
    : unnamedVantagePoint;

const limitsOf = (value: Value | undefined): CutoverLimits =>
  isObject(value)
    ? {
        testValidity: Number(value['test_validity']),
        queueLimit: Number(value['queue_limit']),
        senderQueueLifetime: Number(value['sender_queue_lifetime']),
        silenceTime: Number(value['silence_time']),
      }
    : usualLimits;

const isObject = (value: Value | undefined): value is ValueObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: Value | undefined): ValueObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

const textsOf = (value: Value | undefined): string[] => (Array.isArray(value) ? value.map(textOf) : []);
