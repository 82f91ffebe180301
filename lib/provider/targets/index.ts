import type { Connections, LastMail } from '../definition.js';
import { OtherSettingsError, RefusedError, type TargetRef, type Targets } from '../element.js';
import { usualLimits, type CutoverLimits, type Endpoint, type ProviderConfig } from '../provider-config.js';
import { timestamp } from '../time.js';
import { Session, type Command, type SessionTimes } from '../transport/session.js';
import { sshCommand } from '../transport/ssh.js';
import { relayComplaints } from './relay-settings.js';
import { SessionTarget, type OpenSession } from './session-target.js';

/** Every far end of a provider's configuration, by reference; a session opens when it is first needed. */
export interface OpenTargets extends Targets {
  /** How many recipients of this domain the relay's queue holds mail for. */
  queue(relay: string, domain: string): Promise<number>;
  /** How many of them were tried in vain at least once. */
  deferred(relay: string, domain: string): Promise<number>;
  /** How many recipients wait behind the lock that a domain's route has left; undefined: there is none. */
  behindLock(relay: string, domain: string): Promise<number | undefined>;
  /** Asks the relay to try mail for this domain now, instead of after its back-off. */
  flush(relay: string, domain: string): Promise<void>;
  /** The last mail for this domain that a listener (`internal`, `ndb`) has in the relay's log. */
  lastMail(relay: string, listener: string, domain: string): Promise<LastMail>;
  /** New connections that an opening (`firewall_opening:…`) has let through since it was written; 0 if it is absent. */
  connections(opening: string): Promise<Connections>;
  /** What a gateway knows of connections of one kind, addresses before translation: lines of its `flow`. */
  flow(
    gateway: string,
    ingress: string,
    source: string,
    destination: string,
    port: number,
  ): Promise<string[]>;
  /** Ends the sessions. Nothing is asked any more: what still waits, or comes later, is refused. */
  close(): Promise<void>;
}

export interface TargetOptions {
  /** How the forced command is reached. @default over SSH */
  connect?: (endpoint: Endpoint, user: string, ref: TargetRef) => Promise<Command> | Command;
  times?: SessionTimes;
}

/** The targets of a provider's configuration. Nothing is connected before it is used. */
export function openTargets(
  config: Pick<ProviderConfig, 'gateways' | 'relays' | 'register'> & Partial<Pick<ProviderConfig, 'limits'>>,
  { connect = sshCommand, times }: TargetOptions = {},
): OpenTargets {
  const opened = new Map<string, SessionTarget>();

  const target = (ref: TargetRef): SessionTarget => {
    const id = ref.kind === 'register' ? ref.kind : `${ref.kind} ${ref.name}`;
    const known = opened.get(id);
    if (known) return known;
    const endpoint = endpointOf(config, ref);
    const user = userOf(endpoint, ref);
    const title = `${id.replace('-base', '')} (${user}@${endpoint.host})`;
    const open: OpenSession = async () => {
      const greeted = await Session.open(
        title,
        ref.kind.replace('-base', ''),
        await connect(endpoint, user, ref),
        times,
      );
      try {
        if (greeted.base === undefined && !ref.kind.endsWith('-base'))
          throw new RefusedError(
            `${title} has no base of this version, or somebody changed its chains by hand: the platform's deploy is missing. Deploy the platform's stack, then again.`,
          );
        if (ref.kind.startsWith('relay'))
          await refuseOtherSettings(title, greeted.session, config.limits ?? usualLimits);
        return greeted;
      } catch (error) {
        await greeted.session.close();
        throw error;
      }
    };
    const made = new SessionTarget(title, open);
    opened.set(id, made);
    return made;
  };

  const atRelay = (name: string, request: string) => target({ kind: 'relay', name }).request(request);
  const queue = async (relay: string, domain: string): Promise<number[]> =>
    (await atRelay(relay, `queue ${domain}`)).verdict.split(' ').slice(1).map(Number);
  const flow: OpenTargets['flow'] = async (gateway, ingress, source, destination, port) => {
    const request = `flow ${ingress} ${source} ${destination} ${port}`;
    return (await target({ kind: 'gateway', name: gateway }).request(request)).lines;
  };
  return Object.assign(target, {
    queue: async (relay: string, domain: string) => (await queue(relay, domain))[0] ?? 0,
    deferred: async (relay: string, domain: string) => (await queue(relay, domain))[1] ?? 0,
    behindLock: async (relay: string, domain: string) => {
      const { verdict } = await atRelay(relay, `queue ${domain}`);
      const [, count, lock] = /^ok ([0-9]+) [0-9]+ (locked|-)$/.exec(verdict) ?? [];
      if (lock === undefined) throw tooOld(relay, 'its queue', verdict);
      return lock === 'locked' ? Number(count) : undefined;
    },
    flush: async (relay: string, domain: string) => {
      await atRelay(relay, `flush ${domain}`);
    },
    lastMail: async (relay: string, listener: string, domain: string) => {
      const { verdict } = await atRelay(relay, `last ${listener} ${domain}`);
      const [, id, since] = /^ok (\S+) ([0-9]{1,12})$/.exec(verdict) ?? [];
      if (id === undefined) throw tooOld(relay, 'its last mail', verdict);
      return { id, logSince: timestamp(new Date(Number(since) * 1000)) };
    },
    connections: async (opening: string) => {
      const [, key = ''] = opening.split(':');
      const [gateway = '', ingress = '', source = '', destination = '', , port = ''] = key.split('/');
      const lines = await flow(gateway, ingress, source, destination, Number(port));
      const [, count = '0', countedFrom = '-'] = /^allow (\d+) (\d+)$/m.exec(lines.join('\n')) ?? [];
      return { count: Number(count), countedFrom };
    },
    flow,
    close: async () => {
      await Promise.all([...opened.values()].map((each) => each.close()));
    },
  });
}

const tooOld = (relay: string, of: string, verdict: string): RefusedError =>
  new RefusedError(
    `relay ${relay} says of ${of} only: ${verdict}. Install templates/relay/mailversand-relay of this version there, then again.`,
  );

/** A relay that is set otherwise loses mail however its maps are written, so nothing is written there. */
async function refuseOtherSettings(
  title: string,
  session: Session,
  { senderQueueLifetime }: CutoverLimits,
): Promise<void> {
  const { lines, verdict } = await session.request(['settings']);
  const complaints =
    verdict === 'ok'
      ? relayComplaints(lines, senderQueueLifetime)
      : [`it cannot say how it is set: ${verdict}`];
  if (complaints.length === 0) return;
  throw new OtherSettingsError(
    `${title} is set otherwise than templates/relay asks for:\n${complaints.map((each) => `- ${each}`).join('\n')}\nNothing was read or written. Set it so and reload its Postfix, then again.`,
  );
}

function endpointOf(config: Parameters<typeof openTargets>[0], ref: TargetRef): Endpoint {
  const kind = ref.kind.replace('-base', '');
  const found =
    ref.kind === 'register'
      ? config.register
      : config[kind === 'gateway' ? 'gateways' : 'relays'].find(({ name }) => name === ref.name);
  if (found) return found;
  throw new RefusedError(
    ref.kind === 'register'
      ? "the provider's configuration has no register"
      : `the provider's configuration has no ${kind} ${ref.name}`,
  );
}

function userOf({ host, user, platformUser }: Endpoint, ref: TargetRef): string {
  if (!ref.kind.endsWith('-base')) return user;
  if (platformUser !== undefined) return platformUser;
  throw new RefusedError(`the provider's configuration has no platformUser for ${host}`);
}
