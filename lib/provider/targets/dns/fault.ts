/**
 * Why a DNS server did not do or say what was asked. `unreachable` and `server-failure` mean that nothing is
 * known about the records; every other one is an answer.
 */
export type DnsFault =
  | 'unreachable'
  | 'server-failure'
  | 'zone'
  | 'not-authoritative'
  | 'alias'
  | 'key'
  | 'refused'
  | 'conflict'
  | 'differs'
  | 'spf'
  | 'program'
  | 'configuration';

/** One sentence that says what was found and where, and one that says what to do now. Never holds a secret. */
export class DnsError extends Error {
  override name = 'DnsError';
  constructor(
    readonly fault: DnsFault,
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}
