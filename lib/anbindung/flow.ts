import type { FaultId } from './faults.js';
import type { ConnectFailure } from './connect-failure.js';

/** What a gateway knows of connections of one kind (`flow` of templates/gateway/mailversand-gateway). */
export interface Flow {
  /** Packets that the opening let in; undefined: there is none. */
  allowed: number | undefined;
  dnat: { address: string; port: number } | undefined;
  /** Source address after translation. */
  snat: string | undefined;
  /** Connections in conntrack. */
  tracked: { state: string; replied: boolean; backTo: string }[];
  /** Whether the inside address answers a ping from its alias; undefined: nobody can say. */
  ping: boolean | undefined;
  /** State in the gateway's table of neighbours; undefined: it is not in it. */
  neighbour: string | undefined;
}

/** @param lines of the answer, without `| ` */
export function parseFlow(lines: readonly string[]): Flow {
  const words = lines.map((line) => line.split(' '));
  const first = (name: string): string[] => (words.find(([word]) => word === name) ?? []).slice(1);
  const known = (word: string | undefined): string | undefined =>
    word === undefined || word === '-' ? undefined : word;
  const [address, port] = first('dnat');
  const allowed = known(first('allow')[0]);
  const ping = known(first('ping')[0]);
  return {
    allowed: allowed === undefined ? undefined : Number(allowed),
    dnat: known(address) === undefined ? undefined : { address: address ?? '', port: Number(port) },
    snat: known(first('snat')[0]),
    tracked: words
      .filter(([word]) => word === 'tracked')
      .map(([, state = '', replied, , backTo = '']) => ({ state, replied: replied === 'replied', backTo })),
    ping: ping === undefined ? undefined : ping === 'answered',
    neighbour: known(first('neighbour')[0]),
  };
}

/** What should be, from the municipality's file. */
export interface Expected {
  inside: string;
  port: number;
  relayAlias: string;
}

/**
 * Why a connection through the gateway did not come about. What the probe sees is the same timeout for a dozen
 * causes; the gateway's elements, counters and conntrack tell them apart.
 * @param before the same question asked before the attempt: a counter says something by its growth only
 */
export function connectFault(
  failure: ConnectFailure,
  { before, after }: { before: Flow; after: Flow },
  expected: Expected,
): FaultId {
  if (failure === 'no-source') return 'source-address-missing';
  if (failure === 'not-allowed') return 'not-in-pool';
  if (after.allowed === undefined) return 'rule-missing';
  if (!after.dnat) return 'translation-missing';
  if (after.dnat.address !== expected.inside || after.dnat.port !== expected.port) return 'gateway-differs';
  if (after.snat !== expected.relayAlias) return 'source-nat-missing';
  // The gateway's own "no route" looks the same to the relay as its own kernel's.
  if (after.allowed <= (before.allowed ?? 0))
    return failure === 'no-route' ? 'route-missing' : 'filter-before-gateway';
  if (failure === 'no-route') return 'gateway-route-missing';
  if (failure === 'refused') return 'no-service';
  const absent = after.ping === false && /^(FAILED|INCOMPLETE)$/.test(after.neighbour ?? '');
  if (absent) return 'wrong-inside-address';
  if (failure === 'unreachable') return 'filter-reject';
  return after.ping === true ? 'filter-drop' : 'return-path-missing';
}

/** The gateway's knowledge in one German line, as the finding's ground. */
export function flowText({ before, after }: { before: Flow; after: Flow }): string {
  const grown = (after.allowed ?? 0) - (before.allowed ?? 0);
  const open = after.tracked.filter(({ replied }) => !replied).length;
  return [
    after.allowed === undefined
      ? 'keine Freischaltung'
      : `Freischaltung: ${grown === 1 ? '1 neues Paket' : `${grown} neue Pakete`}`,
    after.dnat ? `DNAT auf ${after.dnat.address}:${after.dnat.port}` : 'kein DNAT',
    after.snat === undefined ? 'kein SNAT' : `SNAT auf ${after.snat}`,
    ...(open > 0 ? [`${open === 1 ? '1 Verbindung' : `${open} Verbindungen`} ohne Antwort`] : []),
    ...(after.ping === undefined ? [] : [after.ping ? 'Ping beantwortet' : 'Ping unbeantwortet']),
  ].join(', ');
}
