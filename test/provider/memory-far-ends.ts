import type { FarEnds } from '../../lib/provider/definition.js';
import type { Observation } from '../../lib/provider/targets/dns/evidence.js';
import type { MailServerAnswer } from '../../lib/provider/targets/smtp/probe.js';
import {
  ConflictError,
  type Element,
  keyId,
  type Target,
  type TargetRef,
  type Transaction,
  UnreachableError,
} from '../../lib/provider/element.js';
import { usualLimits, type CutoverLimits, type ProviderConfig } from '../../lib/provider/provider-config.js';

/** What the far ends of a test hold, as plain data, so that a test in another process can share it by a file. */
export interface Memory {
  /** By far end, `gateway gw1` or `register`. */
  elements: Record<string, Element[]>;
  /** Far ends that do not answer. */
  unreachable: string[];
  /** Why an MX may still point at the relay, by domain. */
  mx: Record<string, string[]>;
  /** Mails waiting, by domain. */
  queue: Record<string, number>;
  /** Of them tried in vain, one look after the other; the last stays. */
  deferred: Record<string, number[]>;
  /** Of each domain whose route has left a lock, mails that wait behind it. */
  locks: Record<string, number>;
  /** Connections that an opening has let through. */
  connections: Record<string, number>;
  /** The last mail of a listener for a domain, `ndb stadt.example`. */
  lastMail: Record<string, string>;
  /** From when on the relays' logs have everything, RFC 3339 UTC. */
  logSince: string;
  /** What the vantage point sees of each domain's zone. */
  observations: Record<string, Observation[]>;
  /** What a mail host answers, instead of 250 from one address. */
  mailHosts: Record<string, MailServerAnswer[]>;
  /** Addresses of a mail host. */
  addresses: Record<string, string[]>;
  /** Look-ups that an SPF record needs, or the one that a domain has, instead of none. */
  spfLookUps: Record<string, number>;
  limits: CutoverLimits;
  /** Domains that were flushed, in order. */
  flushed: string[];
  now: string;
}

export const emptyMemory = (): Memory => ({
  elements: {},
  unreachable: [],
  mx: {},
  queue: {},
  deferred: {},
  locks: {},
  connections: {},
  lastMail: {},
  logSince: '2026-01-01T00:00:00Z',
  observations: {},
  mailHosts: {},
  addresses: {},
  spfLookUps: {},
  limits: usualLimits,
  flushed: [],
  now: '2026-03-01T12:00:00Z',
});

export const providerConfig: ProviderConfig = {
  gateways: [{ name: 'gw1', host: 'gw1', port: 22, user: 'u', platformUser: undefined, hostKey: 'k' }],
  relays: [
    {
      name: 'relay1',
      host: 'r1',
      port: 22,
      user: 'u',
      platformUser: undefined,
      hostKey: 'k',
      mxHosts: ['mx1.example'],
    },
  ],
  register: { host: 'reg', port: 22, user: 'u', platformUser: undefined, hostKey: 'k' },
  observers: ['ns1.example'],
  vantagePoint: { name: 'ops', resolver: undefined },
  limits: usualLimits,
};

/** Where the memory is, in this process or behind a file. */
export interface Store {
  load(): Memory;
  save(memory: Memory): void;
}

export const storeOf = (memory: Memory): Store => ({ load: () => memory, save: () => undefined });

export function memoryFarEnds(store: Store, provider: ProviderConfig = providerConfig): FarEnds {
  const answers = (relay: string): Promise<void> =>
    store.load().unreachable.includes(`relay ${relay}`)
      ? Promise.reject(new UnreachableError(`relay ${relay}: connection timed out`))
      : Promise.resolve();
  return {
    targets: (ref) => new MemoryTarget(store, ref),
    provider: { ...provider, limits: store.load().limits },
    queue: async (relay, domain) => {
      await answers(relay);
      return store.load().queue[domain] ?? 0;
    },
    deferred: async (relay, domain) => {
      await answers(relay);
      const [now = 0, ...later] = store.load().deferred[domain] ?? [];
      if (later.length > 0) store.load().deferred[domain] = later;
      return now;
    },
    behindLock: async (relay, domain) => {
      await answers(relay);
      return store.load().locks[domain];
    },
    flush: async (relay, domain) => {
      await answers(relay);
      const memory = store.load();
      memory.flushed.push(domain);
      store.save(memory);
    },
    connections: (opening) =>
      Promise.resolve({ count: store.load().connections[opening] ?? 0, countedFrom: '1' }),
    lastMail: (_relay, listener, domain) => {
      const { lastMail, logSince } = store.load();
      return Promise.resolve({ id: lastMail[`${listener} ${domain}`] ?? '-', logSince });
    },
    mayPointAt: (domain) => Promise.resolve(store.load().mx[domain] ?? []),
    vantage: {
      spfCost: (domain, record = domain) =>
        Promise.resolve({ lookUps: store.load().spfLookUps[record] ?? 0, voids: 0, problems: [] }),
      tlsa: () => Promise.resolve([]),
      addresses: (host) => Promise.resolve(store.load().addresses[host] ?? []),
      name: provider.vantagePoint.name,
      observe: (domain) => Promise.resolve(store.load().observations[domain] ?? []),
      askMailServer: (host, recipients) =>
        Promise.resolve(store.load().mailHosts[host] ?? [taking(recipients)]),
    },
    now: () => new Date(store.load().now),
  };
}

/** A mail server that takes everything. */
const taking = (recipients: readonly string[]): MailServerAnswer => ({
  address: '192.0.2.25',
  recipients: recipients.map((recipient) => ({ recipient, code: 250, text: '2.1.5 Ok' })),
  certificates: [],
  untrusted: undefined,
});

const refId = (ref: TargetRef): string =>
  ref.kind === 'register' ? 'register' : `${ref.kind.replace('-base', '')} ${ref.name}`;

/** A far end that really compares before it writes. */
class MemoryTarget implements Target {
  readonly title: string;

  constructor(
    private readonly store: Store,
    ref: TargetRef,
  ) {
    this.title = refId(ref);
  }

  list(): Promise<Element[]> {
    const { unreachable, elements } = this.store.load();
    return unreachable.includes(this.title)
      ? Promise.reject(new UnreachableError(`${this.title}: connection timed out`))
      : Promise.resolve([...(elements[this.title] ?? [])]);
  }

  async apply({ expect, put, remove }: Transaction): Promise<void> {
    const live = new Map((await this.list()).map((element) => [id(element), element]));
    for (const { at, found } of expect) {
      if (JSON.stringify(live.get(id(at))) !== JSON.stringify(found))
        throw new ConflictError(at, found, live.get(id(at)), `${this.title} changed ${id(at)}`);
    }
    for (const at of remove) live.delete(id(at));
    for (const element of put) live.set(id(element), element);
    const memory = this.store.load();
    memory.elements[this.title] = [...live.values()];
    this.store.save(memory);
  }
}

const id = ({ map, key }: Pick<Element, 'map' | 'key'>): string => `${map} ${keyId(key)}`;
