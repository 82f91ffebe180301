import type { Diagnostic } from '../definition.js';
import type { BlockSchema, ServedDataSource, ServedResource } from '../served.js';
import { problem } from './diagnostics.js';

const refusal = (what: string): Diagnostic =>
  problem(
    'dns-not-served',
    `${what} is not served by the drop-in for hashicorp/dns`,
    'It serves dns_mx_record_set and dns_txt_record_set. For anything else use the provider hashicorp/dns itself under another local name, beside this one.',
  );

/** In the schema, so that typed classes and existing configurations are understood; refused when used. */
export function notServedResource(type: string, schema: BlockSchema): ServedResource {
  const diagnostics = [refusal(`resource ${type}`)];
  return {
    schema,
    validate: () => diagnostics,
    read: (state) => Promise.resolve({ state, diagnostics }),
    plan: ({ proposed }) => Promise.resolve({ planned: proposed, diagnostics }),
    apply: ({ prior }) => Promise.resolve({ state: prior, diagnostics }),
    import: () => Promise.resolve({ state: null, diagnostics }),
  };
}

export function notServedDataSource(type: string, schema: BlockSchema): ServedDataSource {
  const diagnostics = [refusal(`data source ${type}`)];
  return {
    schema,
    validate: () => diagnostics,
    read: () => Promise.resolve({ state: null, diagnostics }),
  };
}
