import type { Diagnostic } from '../definition.js';
import {
  unknown,
  type ApplyRequest,
  type PlanAnswer,
  type PlanRequest,
  type ServedResource,
  type StateAnswer,
  type Value,
  type ValueObject,
} from '../served.js';
import { DnsError } from '../targets/dns/fault.js';
import { isDomainName, sameName } from '../targets/dns/names.js';
import { serverTitle, zoneOf } from '../targets/dns/query.js';
import { describeSet, sameSet, type RecordSet } from '../targets/dns/rdata.js';
import { readRecordSet, RecordSetConflict, replaceRecordSet } from '../targets/dns/record-set.js';
import type { Connection } from './configuration.js';
import { fromError, problem, warning } from './diagnostics.js';
import type { RecordSetKind } from './kind.js';
import { addedTo, checked, created, updated } from './merge.js';
import { checkPlace, defaultTtl, placeOf, type Place } from './place.js';

/** Somebody else's text can come between reading and writing; then the whole is looked at anew. */
const attempts = 3;

/** Gives the configured server. @throws DnsError when there is none */
export type Connect = () => Connection;

/** A record set as the engine sees it: adopted or created, replaced in place, released, never removed. */
export function recordSetResource(kind: RecordSetKind, connect: Connect): ServedResource {
  const setOf = (values: ValueObject): RecordSet => ({
    ttl: Number(values['ttl']),
    data: kind.decode(values[kind.attribute] ?? null),
  });
  const titleOf = (place: Place): string =>
    `${kind.type} of ${place.name} on ${serverTitle(connect().address)}`;
  const live = (place: Place): Promise<RecordSet | undefined> =>
    readRecordSet(connect().address, place.name, kind.type);

  /** What has to be live after the change, seen from what is live now. */
  const target = (
    place: Place,
    now: RecordSet | undefined,
    prior: ValueObject | null,
    planned: ValueObject,
  ): RecordSet =>
    prior === null
      ? created(kind, titleOf(place), now, setOf(planned))
      : updated(kind, titleOf(place), now, setOf(prior), setOf(planned));

  /** Texts of others, shown wherever the engine shows the resource. */
  function undeclared(place: Place, now: RecordSet | undefined, declared: RecordSet): Diagnostic[] {
    const others = kind.share(now?.data ?? [], declared.data).others;
    if (others.length === 0) return [];
    const shown = (kind.encode(others, null) as string[]).map(
      (text) => `  ${JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)}`,
    );
    return [
      warning(
        'dns-undeclared',
        `${kind.type} of ${place.name} also holds ${others.length} record(s) that nobody declared`,
        `They are not managed here, and every write keeps them:\n${shown.sort().join('\n')}`,
        kind.attribute,
      ),
    ];
  }

  /** For the engine it is a create like any other. */
  function grows(place: Place, now: RecordSet | undefined, wanted: RecordSet): Diagnostic[] {
    const added = addedTo(kind, now?.data ?? [], wanted.data) ?? [];
    return added.length === 0
      ? []
      : [
          warning(
            'dns-added',
            `${kind.type} of ${place.name} is there already, and gets ${added.join(' ')} added`,
            `Live is ${describeSet(now)}. All of it stays as it is.`,
            kind.attribute,
          ),
        ];
  }

  async function read(state: ValueObject): Promise<StateAnswer> {
    const place = placeOf(state);
    if (place === undefined) throw new Error('a state without zone and name');
    const now = await live(place);
    const declared = setOf(state);
    const ours = now === undefined ? [] : kind.share(now.data, declared.data).ours;
    const value = kind.encode(ours, state[kind.attribute] ?? null);
    return {
      state:
        now === undefined || ours.length === 0
          ? null
          : { ...state, id: place.name, ttl: now.ttl, [kind.attribute]: value },
      diagnostics: undeclared(place, now, declared),
    };
  }

  async function plan({ prior, proposed, config }: PlanRequest): Promise<PlanAnswer> {
    // A destroy only releases: there is nothing to look at.
    if (proposed === null) return { planned: null, diagnostics: [] };
    const place = placeOf(proposed);
    const planned: ValueObject = {
      ...proposed,
      ttl: config?.['ttl'] ?? defaultTtl,
      id: place?.name ?? unknown,
    };
    const replace = prior === null ? [] : ['zone', 'name'].filter((key) => prior[key] !== proposed[key]);
    if (replace.length > 0) return { planned, replace, diagnostics: [] };
    if (place === undefined || holdsUnknown(planned)) return { planned, diagnostics: [] };
    const now = await live(place);
    const wanted = setOf(planned);
    const unchanged = prior !== null && sameSet(setOf(prior), wanted);
    try {
      const next =
        unchanged && now !== undefined
          ? checked(kind, titleOf(place), now)
          : target(place, now, prior, planned);
      // Only a write needs the key: what finds nothing to do can be planned without it.
      if (!sameSet(now, next)) connect().writer();
    } catch (error) {
      // Whoever wrote a second SPF record must not stop the rest of a plan, least of all an MX on its way back:
      // the apply refuses this set, and only this one.
      if (prior === null || !(error instanceof DnsError) || error.fault !== 'spf') throw error;
      return { planned, diagnostics: [{ ...fromError(error), severity: 'warning' }] };
    }
    const shown = prior === null ? [...undeclared(place, now, wanted), ...grows(place, now, wanted)] : [];
    return { planned, diagnostics: shown };
  }

  async function apply({ prior, planned }: ApplyRequest): Promise<StateAnswer> {
    if (planned === null) return { state: null, diagnostics: [] };
    const place = placeOf(planned);
    if (place === undefined) throw new Error('a plan without zone and name');
    for (let attempt = 1; ; attempt++) {
      const now = await live(place);
      const wanted = target(place, now, prior, planned);
      if (sameSet(now, wanted)) break;
      try {
        await replaceRecordSet(connect().writer(), { ...place, type: kind.type, expected: now, wanted });
        break;
      } catch (error) {
        if (!(error instanceof RecordSetConflict) || attempt === attempts) throw error;
      }
    }
    return { state: { ...planned, id: place.name }, diagnostics: [] };
  }

  async function importSet(id: string): Promise<StateAnswer> {
    if (!isDomainName(id))
      return failed(
        null,
        problem(
          'dns-name',
          `${JSON.stringify(id)} is not an id to import`,
          'The id is the fully qualified name, with a dot at the end: musterstadt.example.',
        ),
      );
    const { address } = connect();
    const zone = await zoneOf(address, id);
    if (zone === undefined)
      return failed(
        null,
        problem(
          'dns-zone',
          `${serverTitle(address)} holds no zone for ${id}`,
          "Check the name and the server's address.",
        ),
      );
    const place = { zone, name: id };
    const now = await live(place);
    const taken = kind.imported(now?.data ?? []);
    if (now === undefined || taken.length === 0)
      return failed(
        null,
        problem(
          'dns-absent',
          `${titleOf(place)} holds nothing to import`,
          'Of TXT only an SPF record can be imported. A declared set that is live already is adopted by the deploy itself, without an import.',
        ),
      );
    const name = sameName(id, zone) ? null : id.slice(0, -zone.length - 1);
    return {
      state: { id, zone, name, ttl: now.ttl, [kind.attribute]: kind.encode(taken, null) },
      diagnostics: undeclared(place, now, { ttl: now.ttl, data: taken }),
    };
  }

  return {
    schema: kind.schema,
    validate: (config) => [...checkPlace(config, kind.isName), ...kind.check(config[kind.attribute] ?? null)],
    read: (state) => read(state).catch((error: unknown) => failed(state, fromError(error))),
    plan: (request) =>
      plan(request).catch((error: unknown) => ({
        planned: request.proposed,
        diagnostics: [fromError(error)],
      })),
    apply: (request) => apply(request).catch((error: unknown) => failed(request.prior, fromError(error))),
    import: (id) => importSet(id).catch((error: unknown) => failed(null, fromError(error))),
  };
}

const failed = (state: ValueObject | null, diagnostic: Diagnostic): StateAnswer => ({
  state,
  diagnostics: [diagnostic],
});

const holdsUnknown = (value: Value): boolean =>
  value === unknown ||
  (typeof value === 'object' && value !== null && Object.values(value).some(holdsUnknown));
