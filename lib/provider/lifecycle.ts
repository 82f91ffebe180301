import { randomBytes } from 'node:crypto';
import type {
  Attributes,
  Diagnostic,
  FarEnds,
  LiveElements,
  PlanContext,
  ResourceDefinition,
  Settled,
  State,
} from './definition.js';
import { farEndDiagnostic, foreignOwner } from './diagnose.js';
import type { Target } from './element.js';
import { isDeclaredByStageReached, liveElements } from './live.js';
import {
  type ApplyRequest,
  type PlanAnswer,
  type PlanRequest,
  type ServedResource,
  type StateAnswer,
  unknown,
  type ValueObject,
} from './served.js';
import { believed, notWritten, orOutage, type Outage } from './outage.js';
import { validate } from './validate.js';
import { snakeCase } from './names.js';
import * as values from './values.js';
import { swap } from './write.js';

/**
 * The life of every resource, the same for all: its definition says which elements it has and where, this reads,
 * plans, creates, updates and deletes them. Two rules keep mail flowing whatever an engine does in between:
 * an element of the same key and owner is taken over, and only one's own instance is deleted. So a replaced or
 * tainted resource, a renamed one, a lost state or a killed deploy never leaves an element absent.
 */
export function servedResource(definition: ResourceDefinition, farEnds: () => FarEnds): ServedResource {
  const life = new Lifecycle(definition, farEnds);
  return {
    schema: values.schemaOf(definition),
    validate: (config) => validate(definition, config),
    read: (state) => answer(state, () => life.read(state)),
    plan: async (request) => {
      const planned = await guard(() => life.plan(request));
      return planned.ok ?? { planned: request.proposed, diagnostics: planned.failed };
    },
    apply: (request) => answer(request.prior, () => life.apply(request)),
    import: (id) => answer(null, () => life.import(id)),
  };
}

type Outcome<T> = { ok: T; failed?: undefined } | { ok?: undefined; failed: Diagnostic[] };

/** A far end's error becomes a complaint. */
async function guard<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: await work() };
  } catch (error) {
    return { failed: [farEndDiagnostic(error)] };
  }
}

/** On an error the state stays what it was. */
async function answer(before: ValueObject | null, work: () => Promise<StateAnswer>): Promise<StateAnswer> {
  const outcome = await guard(work);
  return outcome.ok ?? { state: before, diagnostics: outcome.failed };
}

type AnySettled = Settled<Attributes>;
type AnyState = State<Attributes>;

class Lifecycle {
  constructor(
    private readonly definition: ResourceDefinition,
    private readonly farEnds: () => FarEnds,
  ) {}

  async read(state: ValueObject): Promise<StateAnswer> {
    const prior = this.known(state);
    const { far, outage } = await this.look(prior);
    if (!far) return { state, diagnostics: outage ? [believed(outage)] : [] };
    const found = this.definition.fromElements(prior, far.live);
    // The instance stays the state's: a replaced one must not learn its successor's, or deleting it would delete that.
    return { state: found ? this.stateOf(found, prior.instance) : null, diagnostics: [] };
  }

  async plan({ prior, proposed }: PlanRequest): Promise<PlanAnswer> {
    const before = prior ? this.known(prior) : undefined;
    if (!proposed) {
      const goes = before && (await this.goes(before));
      return { planned: null, diagnostics: goes ? await this.check(before, undefined) : [] };
    }
    const after = values.settledOf(this.definition, proposed);
    if (!after) return { planned: this.computedUnknown(proposed, before), diagnostics: [] };

    const replace = prior ? values.changedKeys(this.definition, prior, proposed) : [];
    const creates = !before || replace.length > 0;
    const diagnostics = await this.check(creates ? undefined : before, after);
    const { far } = await this.look(after, creates);
    diagnostics.push(...this.foreign(far, after, creates));
    if (creates) return { planned: this.computedUnknown(proposed, undefined, after), replace, diagnostics };

    const takesOver = this.isAnotherInstance(far?.live, before);
    const changes =
      takesOver ||
      values.isChanged(this.definition, prior ?? {}, proposed) ||
      ((await this.definition.outdated?.({ prior: before, proposed: after, farEnds: this.farEnds() })) ??
        false);
    // What was imported from nobody gets its number with the first write.
    const instance = takesOver || before.instance === '' ? unknown : before.instance;
    return {
      planned: changes ? { ...this.computedUnknown(proposed, before, after), instance } : proposed,
      diagnostics,
    };
  }

  async apply({ prior, planned }: ApplyRequest): Promise<StateAnswer> {
    const before = prior ? this.known(prior) : undefined;
    const after = planned ? values.settledOf(this.definition, planned) : undefined;
    if (planned && !after)
      throw new TypeError('the planned state holds something unknown that the provider does not compute');
    return after ? this.put(prior, before, after) : this.remove(prior, before);
  }

  async import(id: string): Promise<StateAnswer> {
    const key = values.keyOfId(this.definition, id);
    if (typeof key === 'string') return refused('This is no id of the resource', key, 'import-id');
    const target = this.target(key);
    if (!target) return { state: this.stateOf(key, ''), diagnostics: [] };
    const live = await liveElements(target);
    const found = this.definition.fromElements(key, live);
    if (!found)
      return refused(
        `${target.title} has no ${this.definition.type} ${id}`,
        'There is nothing to import.',
        'import-absent',
      );
    return { state: this.stateOf(found, this.liveInstance(live, found) ?? ''), diagnostics: [] };
  }

  /** Create and update: the difference is only what the state expects to be there. */
  private async put(
    prior: ValueObject | null,
    before: AnyState | undefined,
    configured: AnySettled,
  ): Promise<StateAnswer> {
    const refusals = await this.errors(before, configured);
    if (refusals.length > 0) return { state: prior, diagnostics: refusals };
    const context = { prior: before, proposed: configured, farEnds: this.farEnds() };
    await this.definition.applying?.(context);
    const after: AnySettled = { ...configured, ...(await this.definition.compute?.(context)) };
    const { far, outage } = await this.look(after, !before);
    const diagnostics = this.foreign(far, after, !before);
    if (diagnostics.length > 0) return { state: prior, diagnostics };
    const keep = before && !this.isAnotherInstance(far?.live, before);
    const instance = keep && before.instance !== '' ? before.instance : randomBytes(6).toString('hex');
    if (far) {
      const wanted = this.definition.elements(after);
      const was = before ? this.definition.elements(before) : [];
      await far.target.apply(swap(far.target, far.live, { prior: was, wanted, instance }));
    }
    if (outage)
      return {
        state: this.stateOf(after, instance),
        diagnostics: [notWritten(outage, values.declaredId(this.definition, after))],
      };
    const warnings = (await this.definition.written?.({ ...context, proposed: after })) ?? [];
    return { state: this.stateOf(after, instance), diagnostics: warnings };
  }

  private async remove(prior: ValueObject | null, before: AnyState | undefined): Promise<StateAnswer> {
    const far = before && (await this.far(before));
    if (!far || !(await this.goes(before))) return { state: null, diagnostics: [] };
    const refusals = await this.errors(before, undefined);
    if (refusals.length > 0) return { state: prior, diagnostics: refusals };
    const was = this.definition.elements(before);
    await far.target.apply(swap(far.target, far.live, { prior: was, wanted: [], instance: before.instance }));
    return { state: null, diagnostics: [] };
  }

  /** Whether deleting takes anything away. Another instance's element stays, and what the stage reached still declares. */
  private async goes(before: AnyState): Promise<boolean> {
    const far = await this.far(before);
    if (!far) return true;
    if (this.liveInstance(far.live, before) !== before.instance) return false;
    const { owner } = before;
    if (!this.definition.keyOf || typeof owner !== 'string') return true;
    return !(await isDeclaredByStageReached(
      this.farEnds(),
      owner,
      values.declaredId(this.definition, before),
    ));
  }

  /** Looked at again immediately before writing. */
  private async errors(prior: AnyState | undefined, proposed: AnySettled | undefined): Promise<Diagnostic[]> {
    return (await this.check(prior, proposed)).filter(({ severity }) => severity === 'error');
  }

  private check(prior: AnyState | undefined, proposed: AnySettled | undefined): Promise<Diagnostic[]> {
    const context: PlanContext<Attributes> = { prior, proposed, farEnds: this.farEnds() };
    return this.definition.check?.(context) ?? Promise.resolve([]);
  }

  /** Elements that are live under another owner; in an update also one that lost its owner is the resource's own. */
  private foreign(far: Far | undefined, after: AnySettled, creates: boolean): Diagnostic[] {
    if (!far) return [];
    const found = this.definition
      .elements(after)
      .map(({ map, key, owner }) => ({ owner, live: far.live.get(map, key) }))
      .find(({ owner, live }) => live && live.owner !== owner && (creates || live.owner !== undefined));
    return found?.live ? [foreignOwner(this.definition, after, far.target, found.live)] : [];
  }

  private target(key: AnySettled): Target | undefined {
    const ref = this.definition.target?.(key);
    return ref && this.farEnds().targets(ref);
  }

  private async far(key: AnySettled): Promise<Far | undefined> {
    const target = this.target(key);
    return target && { target, live: await liveElements(target) };
  }

  /**
   * The same, and an outage in its place where one is declared. What is new or goes has none: it begins and ends at
   * a far end that answers.
   */
  private async look(key: AnySettled, creates = false): Promise<Look> {
    if (creates) return { far: await this.far(key) };
    const { answer, outage } = await orOutage(this.definition.target?.(key), this.farEnds(), () =>
      this.far(key),
    );
    return { far: answer, outage };
  }

  private liveInstance(live: LiveElements, settled: AnySettled): string | undefined {
    const [first] = this.definition.elements(settled);
    return first && live.get(first.map, first.key)?.instance;
  }

  /** Somebody took the element over, another state for example: writing makes it this one's again. */
  private isAnotherInstance(live: LiveElements | undefined, before: AnyState): boolean {
    const instance = live && this.liveInstance(live, before);
    return instance !== undefined && instance !== before.instance;
  }

  private known(state: ValueObject): AnyState {
    const settled = values.settledOf(this.definition, state);
    if (!settled) throw new TypeError('a state holds something unknown');
    return { ...settled, id: values.textOf(state['id']), instance: values.textOf(state['instance']) };
  }

  private stateOf(settled: AnySettled, instance: string): ValueObject {
    return {
      ...values.valueOf(this.definition, settled),
      id: values.idOf(this.definition, settled),
      instance,
    };
  }

  /** A plan in which what only the apply can know is unknown. */
  private computedUnknown(
    proposed: ValueObject,
    before: AnyState | undefined,
    after?: AnySettled,
  ): ValueObject {
    const computed = Object.entries(this.definition.attributes).filter(([, attribute]) => attribute.computed);
    return {
      ...proposed,
      ...Object.fromEntries(computed.map(([name]) => [snakeCase(name), unknown])),
      id: after ? values.idOf(this.definition, after) : unknown,
      instance: before?.instance ?? unknown,
    };
  }
}

interface Far {
  target: Target;
  live: LiveElements;
}

/** Neither, where a resource lives in the state alone. */
interface Look {
  far: Far | undefined;
  outage?: Outage | undefined;
}

const refused = (summary: string, detail: string, rule: string): StateAnswer => ({
  state: null,
  diagnostics: [{ severity: 'error', summary, detail, rule }],
});
