import { createHash } from 'node:crypto';
import { DnsError } from './fault.js';
import { ask, fqdn, type DnsServerAddress } from './query.js';
import type { ShownCertificate } from '../smtp/probe.js';

/** What a sender that knows DANE expects of a mail host's certificate (RFC 6698, RFC 7672). */
export interface Tlsa {
  usage: number;
  selector: number;
  matchingType: number;
  data: Buffer;
}

/**
 * TLSA records for port 25 of a mail host. Whether they are signed is not asked: a record that does not match harms as
 * soon as it is.
 * @throws DnsError where the resolver does not say
 */
export async function tlsaOf(host: string, resolver: DnsServerAddress): Promise<Tlsa[]> {
  const name = fqdn(`_25._tcp.${host}`);
  const reply = await ask(resolver, name, 'TLSA', true);
  if (reply.rcode !== 'NOERROR' && reply.rcode !== 'NXDOMAIN')
    throw new DnsError('server-failure', `TLSA of ${name} cannot be looked up (${reply.rcode})`, '');
  return (reply.answers ?? []).flatMap((answer) =>
    answer.type === 'TLSA'
      ? [
          {
            usage: answer.data.usage,
            selector: answer.data.selector,
            matchingType: answer.data.matchingType,
            data: answer.data.certificate,
          },
        ]
      : [],
  );
}

/** For SMTP only DANE-TA (2) and DANE-EE (3) count; with others a sender cannot do anything (RFC 7672 3.1.3). */
const usable = ({ usage }: Tlsa): boolean => usage === 2 || usage === 3;

/** Whether a sender that knows DANE would deliver to a server that shows these certificates, its own first. */
export function matches(records: readonly Tlsa[], certificates: readonly ShownCertificate[]): boolean {
  const counting = records.filter(usable);
  return (
    counting.length === 0 ||
    counting.some((record) =>
      (record.usage === 3 ? certificates.slice(0, 1) : certificates).some((shown) =>
        matchesOne(record, shown),
      ),
    )
  );
}

function matchesOne({ selector, matchingType, data }: Tlsa, { der, publicKey }: ShownCertificate): boolean {
  const selected = selector === 0 ? der : publicKey;
  const hash = { 1: 'sha256', 2: 'sha512' }[matchingType];
  const wanted = hash === undefined ? selected : createHash(hash).update(selected).digest();
  return Buffer.compare(wanted, data) === 0;
}
