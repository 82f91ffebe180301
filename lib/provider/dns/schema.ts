import type { AttributeSchema, BlockSchema, ValueType } from '../served.js';

/*
 * The schema of hashicorp/dns 3.6.1, for which @cdktf/provider-dns has its typed classes. A test compares it,
 * attribute by attribute, with the recorded original.
 */

const required = (type: ValueType): AttributeSchema => ({ type, required: true });
const optional = (type: ValueType): AttributeSchema => ({ type, optional: true });
const computed = (type: ValueType): AttributeSchema => ({ type, computed: true });
const defaulted = (type: ValueType): AttributeSchema => ({ type, optional: true, computed: true });
const strings = (kind: 'list' | 'set'): ValueType => [kind, 'string'];

export const providerSchema: BlockSchema = {
  block_types: {
    update: {
      nesting_mode: 'list',
      block: {
        attributes: {
          server: optional('string'),
          port: optional('number'),
          transport: optional('string'),
          timeout: optional('string'),
          retries: optional('number'),
          recursive: optional('bool'),
          key_name: optional('string'),
          key_algorithm: optional('string'),
          key_secret: optional('string'),
        },
        block_types: {
          gssapi: {
            nesting_mode: 'list',
            block: {
              attributes: {
                realm: optional('string'),
                username: optional('string'),
                password: { type: 'string', optional: true, sensitive: true },
                keytab: optional('string'),
              },
            },
          },
        },
      },
    },
  },
};

/** What both record sets served here have. */
const recordSet = {
  id: computed('string'),
  zone: required('string'),
  name: optional('string'),
  ttl: defaulted('number'),
};

export const mxSchema: BlockSchema = {
  attributes: recordSet,
  block_types: {
    mx: {
      nesting_mode: 'set',
      block: { attributes: { preference: required('number'), exchange: required('string') } },
    },
  },
};

export const txtSchema: BlockSchema = { attributes: { ...recordSet, txt: required(strings('set')) } };

const addresses: BlockSchema = {
  attributes: {
    id: defaulted('string'),
    zone: required('string'),
    name: optional('string'),
    ttl: optional('number'),
    addresses: required(strings('set')),
  },
};

/** Named by the original, refused by the drop-in. */
export const otherResources: Record<string, BlockSchema> = {
  dns_a_record_set: addresses,
  dns_aaaa_record_set: addresses,
  dns_cname_record: { attributes: { ...recordSet, name: required('string'), cname: required('string') } },
  dns_ns_record_set: {
    attributes: { ...recordSet, name: required('string'), nameservers: required(strings('set')) },
  },
  dns_ptr_record: { attributes: { ...recordSet, ptr: required('string') } },
  dns_srv_record_set: {
    attributes: { ...recordSet, name: required('string') },
    block_types: {
      srv: {
        nesting_mode: 'set',
        block: {
          attributes: {
            priority: required('number'),
            weight: required('number'),
            port: required('number'),
            target: required('string'),
          },
        },
      },
    },
  },
};

const lookUp = (argument: string, results: Record<string, ValueType>): BlockSchema => ({
  attributes: {
    id: computed('string'),
    [argument]: required('string'),
    ...Object.fromEntries(Object.entries(results).map(([name, type]) => [name, computed(type)])),
  },
});

/** Named by the original, refused by the drop-in. */
export const dataSources: Record<string, BlockSchema> = {
  dns_a_record_set: lookUp('host', { addrs: strings('list') }),
  dns_aaaa_record_set: lookUp('host', { addrs: strings('list') }),
  dns_cname_record_set: lookUp('host', { cname: 'string' }),
  dns_mx_record_set: lookUp('domain', {
    mx: ['list', ['object', { exchange: 'string', preference: 'number' }]],
  }),
  dns_ns_record_set: lookUp('host', { nameservers: strings('list') }),
  dns_ptr_record_set: lookUp('ip_address', { ptr: 'string' }),
  dns_srv_record_set: lookUp('service', {
    srv: ['list', ['object', { port: 'number', priority: 'number', target: 'string', weight: 'number' }]],
  }),
  dns_txt_record_set: lookUp('host', { record: 'string', records: strings('list') }),
};
