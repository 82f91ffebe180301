/** What a synthesised stack says of one resource. */
export interface Rendered {
  type: string;
  /** `type.name`, as the engine calls it. */
  address: string;
  attributes: Record<string, unknown>;
  dependsOn: string[];
  createBeforeDestroy: boolean;
}

type Json = Record<string, unknown>;

/** Of the municipality, and so the same in every line. */
const EVERYWHERE = new Set(['owner', 'order', 'valid_until', 'approval']);

const META = new Set(['//', 'depends_on', 'lifecycle', 'provider']);

/** Every resource of a stack's JSON, in the order of the addresses. */
export function resources(json: string): Rendered[] {
  const { resource = {} } = JSON.parse(json) as { resource?: Record<string, Record<string, Json>> };
  return Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named).map(([name, body]) => {
      const { depends_on, lifecycle } = body;
      const attributes = Object.fromEntries(Object.entries(body).filter(([key]) => !META.has(key)));
      return {
        type,
        address: `${type}.${name}`,
        attributes,
        dependsOn: (depends_on as string[] | undefined) ?? [],
        createBeforeDestroy: (lifecycle as Json | undefined)?.create_before_destroy === true,
      };
    }),
  );
}

/** Mail domain of each resource that is about one, by its address. */
export const domainsOf = (json: string): [string, string][] =>
  resources(json).flatMap(({ address, attributes: { domain, zone } }) => {
    const name = domain ?? zone;
    return typeof name === 'string' ? [[address, name.replace(/\.$/, '')]] : [];
  });

/** One line a resource: what it is, what it says, and after which kinds of resources it comes. */
export const render = (json: string): string[] => resources(json).map(line);

/** What an edge does, one line a resource: `+` added, `-` taken away, `~` changed in place. */
export function renderEdge(before: string, after: string): string[] {
  const was = new Map(resources(before).map((resource) => [resource.address, resource]));
  const now = new Map(resources(after).map((resource) => [resource.address, resource]));
  return [
    ...[...was.values()].filter(({ address }) => !now.has(address)).map((gone) => `- ${line(gone)}`),
    ...[...now.values()].flatMap((resource) => {
      const old = was.get(resource.address);
      if (!old) return `+ ${line(resource)}`;
      const changed = changes(old.attributes, resource.attributes);
      return changed === '' ? [] : `~ ${short(resource.type)} ${subject(resource)}: ${changed}`;
    }),
  ];
}

function line(resource: Rendered): string {
  const values = Object.entries(resource.attributes)
    .filter(([name]) => !EVERYWHERE.has(name))
    .map(([name, value]) => `${name}=${brief(name, value)}`);
  return `${short(resource.type)} ${values.join(' ')} (after ${kinds(resource.dependsOn)})`;
}

const changes = (was: Json, now: Json): string =>
  Object.keys({ ...was, ...now })
    .filter((name) => name !== 'digest' && JSON.stringify(was[name]) !== JSON.stringify(now[name]))
    .map((name) => `${name} ${brief(name, was[name])} → ${brief(name, now[name])}`)
    .join(', ');

/** Enough of the key to know which one is meant. */
function subject({ attributes }: Rendered): string {
  const { domain, name, zone, address, municipality, class: listener } = attributes;
  const parts = [domain ?? name ?? zone ?? address ?? municipality, listener];
  return parts.filter((part) => typeof part === 'string').join('/');
}

/** The lists of the gate and the record are counted: the lines around them are those lists. */
function brief(name: string, value: unknown): string {
  if (name === 'declares' || name === 'holds') return `${(value as unknown[]).length}`;
  if (name === 'digest') return 'sha256';
  if (name === 'moves')
    return `[${(value as { domain: string; to: string }[]).map(({ domain, to }) => `${domain} ⇒ ${to}`).join(', ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function kinds(dependsOn: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const address of dependsOn) {
    const kind = short(address.slice(0, address.indexOf('.')));
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const named = [...counts].map(([kind, count]) => (count > 1 ? `${count} ${kind}` : kind));
  return named.join(', ') || 'nothing';
}

const short = (type: string): string => type.replace(/^landesnetz_/, '');
