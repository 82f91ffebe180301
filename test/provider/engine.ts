import { servedResource } from '../../lib/provider/lifecycle.js';
import type { Attributes, Config, Diagnostic, ResourceDefinition } from '../../lib/provider/definition.js';
import { type ServedResource, unknown, type Value, type ValueObject } from '../../lib/provider/served.js';
import { isKnown, valueOf } from '../../lib/provider/values.js';
import type { ProviderConfig } from '../../lib/provider/provider-config.js';
import { emptyMemory, memoryFarEnds, providerConfig, storeOf, type Memory } from './memory-far-ends.js';

/** What an engine does with one resource, as far as the lifecycle sees it: plan, apply, refresh, import, in an order that a test chooses. */
export class Engine {
  readonly memory: Memory;

  constructor(
    memory: Partial<Memory> = {},
    private readonly provider: ProviderConfig = providerConfig,
  ) {
    this.memory = { ...emptyMemory(), ...memory };
  }

  resource<A extends Attributes>(definition: ResourceDefinition<A>): Resource<A> {
    return new Resource(
      definition,
      servedResource(definition, () => memoryFarEnds(storeOf(this.memory), this.provider)),
    );
  }
}

/** Errors as `summary [rule]`, thrown as the engine stops at them. */
export class EngineError extends Error {}

const stopAtErrors = (diagnostics: readonly Diagnostic[]): void => {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new EngineError(errors.map(({ summary, rule }) => `${summary} [${rule}]`).join('\n'));
};

const warningsIn = (diagnostics: readonly Diagnostic[]): string[] =>
  diagnostics.filter(({ severity }) => severity === 'warning').map(({ rule }) => rule);

export class Resource<A extends Attributes> {
  state: ValueObject | null = null;
  warnings: string[] = [];

  constructor(
    private readonly definition: ResourceDefinition<A>,
    private readonly served: ServedResource,
  ) {}

  /** Plans and applies; null destroys. What was planned and known must be what comes out, as the engine checks. */
  async deploy(config: Config<A> | null): Promise<void> {
    const { planned, action } = await this.plan(config);
    if (action === 'no-op') return;
    await this.apply(action === 'replace' ? null : this.state, planned, config);
  }

  async plan(config: Config<A> | null): Promise<{ planned: ValueObject | null; action: string }> {
    const prior = this.state;
    const proposed = config && this.proposed(config, prior);
    if (proposed) stopAtErrors(this.served.validate?.(proposed) ?? []);
    const answer = await this.served.plan({ prior, proposed, config: proposed });
    this.warnings = warningsIn(answer.diagnostics);
    stopAtErrors(answer.diagnostics);
    if ((answer.replace ?? []).length > 0) {
      const again = await this.served.plan({
        prior: null,
        proposed: proposed && this.proposed(config, null),
        config: proposed,
      });
      stopAtErrors(again.diagnostics);
      return { planned: again.planned, action: 'replace' };
    }
    const same = JSON.stringify(encodable(prior)) === JSON.stringify(encodable(answer.planned));
    return {
      planned: answer.planned,
      action: same ? 'no-op' : prior ? (proposed ? 'update' : 'delete') : 'create',
    };
  }

  async apply(
    prior: ValueObject | null,
    planned: ValueObject | null,
    config: Config<A> | null,
  ): Promise<void> {
    const proposed = config && this.proposed(config, prior);
    const { state, diagnostics } = await this.served.apply({ prior, planned, config: proposed });
    this.state = state;
    this.warnings.push(...warningsIn(diagnostics));
    stopAtErrors(diagnostics);
    for (const [name, value] of Object.entries(planned ?? {}))
      if (isKnown(value)) expect(state?.[name]).toEqual(value);
    for (const value of Object.values(state ?? {})) expect(isKnown(value)).toBe(true);
  }

  async refresh(): Promise<void> {
    if (!this.state) return;
    const { state, diagnostics } = await this.served.read(this.state);
    stopAtErrors(diagnostics);
    this.warnings = warningsIn(diagnostics);
    this.state = state;
  }

  async import(id: string): Promise<void> {
    const { state, diagnostics } = await this.served.import(id);
    stopAtErrors(diagnostics);
    this.state = state;
    await this.refresh();
  }

  /** The engine's merge: what the provider computes keeps its prior value. */
  private proposed(config: Config<A>, prior: ValueObject | null): ValueObject {
    const definition: ResourceDefinition = this.definition;
    const configured = valueOf(definition, config);
    const computed = Object.keys(this.served.schema.attributes ?? {}).filter(
      (name) => this.served.schema.attributes?.[name]?.computed,
    );
    return {
      ...configured,
      ...Object.fromEntries(computed.map((name): [string, Value] => [name, prior?.[name] ?? null])),
    };
  }
}

const encodable = (value: Value): unknown =>
  value === unknown
    ? 'unknown!'
    : Array.isArray(value)
      ? value.map(encodable)
      : typeof value === 'object' && value !== null
        ? Object.entries(value)
            .sort(([a], [b]) => a.localeCompare(b))
            .map(([name, item]) => [name, encodable(item)])
        : value;
