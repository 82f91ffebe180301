/** How a TCP connection did not come about, as the relay's kernel says it. */
export type ConnectFailure =
  /** Nothing came back. */
  | 'timeout'
  /** A reset, or ICMP port unreachable. */
  | 'refused'
  /** ICMP host unreachable or prohibited. */
  | 'unreachable'
  /** The relay has no route. */
  | 'no-route'
  /** The relay has no such address of its own. */
  | 'no-source'
  /** The forced command does not let this address be tested. */
  | 'not-allowed'
  | 'other';

const meanings: readonly (readonly [RegExp, ConnectFailure])[] = [
  [/^$|timed out/, 'timeout'],
  [/Connection refused/, 'refused'],
  [/No route to host|Host is (down|unreachable)|Permission denied/, 'unreachable'],
  [/Network is unreachable/, 'no-route'],
  [/Cannot assign requested address/, 'no-source'],
  [/^refused 0/, 'not-allowed'],
];

/** @param words of netcat, or of the forced command; empty: it said nothing in time */
export const connectFailure = (words: string): ConnectFailure =>
  meanings.find(([pattern]) => pattern.test(words.trim()))?.[1] ?? 'other';

/** The same for a report, German. */
export const connectFailureText: Record<ConnectFailure, string> = {
  timeout: 'keine Antwort',
  refused: 'abgewiesen',
  unreachable: 'als nicht erreichbar gemeldet',
  'no-route': 'kein Weg dorthin',
  'no-source': 'die eigene Adresse fehlt',
  'not-allowed': 'vom Testzugang nicht erlaubt',
  other: 'gescheitert',
};
