import type { ServedProvider } from '../served.js';
import { DnsError } from '../targets/dns/fault.js';
import { connectionOf, type Connection, type Environment } from './configuration.js';
import { mxKind } from './mx.js';
import { notServedDataSource, notServedResource } from './not-served.js';
import { recordSetResource, type Connect } from './resource.js';
import { dataSources, otherResources, providerSchema } from './schema.js';
import { txtKind } from './txt.js';

/**
 * The drop-in for hashicorp/dns behind `@cdktf/provider-dns`: the same schema, but it adopts what is live,
 * compares before it writes, changes a TTL in place and never deletes a record set.
 */
export function dnsProvider(env: Environment = process.env): ServedProvider {
  let connection: Connection | undefined;
  const connect: Connect = () => {
    if (connection !== undefined) return connection;
    throw new DnsError(
      'configuration',
      'the provider dns has no server to ask',
      'Declare a block update with the address of the primary, or set DNS_UPDATE_SERVER.',
    );
  };
  const refused = <S, T>(
    schemas: Record<string, S>,
    make: (type: string, schema: S) => T,
  ): Record<string, T> =>
    Object.fromEntries(Object.entries(schemas).map(([type, schema]) => [type, make(type, schema)]));
  return {
    schema: providerSchema,
    configure(config) {
      const found = connectionOf(config, env);
      connection = found.connection;
      return found.diagnostics;
    },
    resources: {
      dns_mx_record_set: recordSetResource(mxKind, connect),
      dns_txt_record_set: recordSetResource(txtKind, connect),
      ...refused(otherResources, notServedResource),
    },
    dataSources: refused(dataSources, notServedDataSource),
  };
}
