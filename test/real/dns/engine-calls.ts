import type { Diagnostic } from '../../../lib/provider/definition.js';
import { dnsProvider } from '../../../lib/provider/dns/index.js';
import type { ServedResource, ValueObject } from '../../../lib/provider/served.js';
import { secret, zone, type NameServer } from './servers.js';

/** What the engine would do with one resource, in the order in which it does it. */
export interface EngineCalls {
  /** Validate, plan, apply. Stops at the first error. @returns the new state, or the prior one after an error */
  deploy(prior: ValueObject | null, config: ValueObject): Promise<Outcome>;
  /** Only plans; `later` applies what was planned. */
  plan(prior: ValueObject | null, config: ValueObject): Promise<Outcome & { later: () => Promise<Outcome> }>;
  refresh(state: ValueObject): Promise<Outcome>;
  destroy(state: ValueObject): Promise<Outcome>;
  import(id: string): Promise<Outcome>;
}

export interface Outcome {
  state: ValueObject | null;
  /** Rules of the errors. */
  errors: string[];
  warnings: string[];
  /** Everything that was said. */
  text: string;
}

export const mxConfig = (ttl: number | null, ...exchanges: string[]): ValueObject => ({
  zone,
  name: null,
  ttl,
  mx: exchanges.map((exchange) => ({ preference: 10, exchange })),
});
export const txtConfig = (ttl: number | null, ...txt: string[]): ValueObject => ({
  zone,
  name: null,
  ttl,
  txt,
});

const outcome = (state: ValueObject | null, diagnostics: Diagnostic[]): Outcome => ({
  state,
  errors: diagnostics.filter(({ severity }) => severity === 'error').map(({ rule }) => rule),
  warnings: diagnostics.filter(({ severity }) => severity === 'warning').map(({ rule }) => rule),
  text: diagnostics.map(({ summary, detail }) => `${summary}\n${detail}`).join('\n'),
});

export async function engineCalls(
  server: NameServer,
  type: 'dns_mx_record_set' | 'dns_txt_record_set',
  update: ValueObject = {},
  env: Record<string, string> = { DNS_UPDATE_KEYSECRET: secret },
): Promise<EngineCalls> {
  const provider = dnsProvider(env);
  const block = { server: '127.0.0.1', port: server.address.port, key_name: zone, retries: 0, ...update };
  const problems = await provider.configure({ update: [block] });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const resource = provider.resources[type] as ServedResource;
  const calls: EngineCalls = {
    async plan(prior, config) {
      const proposed: ValueObject = { ...config, id: prior?.['id'] ?? null };
      const said = resource.validate?.(config) ?? [];
      const planned =
        said.length > 0
          ? { planned: null, diagnostics: said }
          : await resource.plan({ prior, proposed, config });
      const { diagnostics } = planned;
      return {
        ...outcome(prior, diagnostics),
        async later() {
          const done = await resource.apply({ prior, planned: planned.planned, config });
          return outcome(done.state, [...diagnostics, ...done.diagnostics]);
        },
      };
    },
    async deploy(prior, config) {
      const planned = await calls.plan(prior, config);
      return planned.errors.length > 0 ? planned : planned.later();
    },
    async refresh(state) {
      const { state: found, diagnostics } = await resource.read(state);
      return outcome(found, diagnostics);
    },
    async destroy(state) {
      const { diagnostics } = await resource.plan({ prior: state, proposed: null, config: null });
      const done = await resource.apply({ prior: state, planned: null, config: null });
      return outcome(done.state, [...diagnostics, ...done.diagnostics]);
    },
    async import(id) {
      const { state, diagnostics } = await resource.import(id);
      return outcome(state, diagnostics);
    },
  };
  return calls;
}
