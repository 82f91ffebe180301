import type { PeerCertificate } from 'node:tls';
import { shown } from './reply.js';

/** What a mail server's certificate says. */
export interface CertificateFacts {
  subject: string;
  issuer: string;
  selfSigned: boolean;
  /** DNS names it is for. */
  names: string[];
  /** RFC 3339, UTC. */
  validFrom: string;
  validTo: string;
  /** Of an RSA key; undefined for others. */
  rsaBits: number | undefined;
}

/** Node gives an empty object where there is no certificate. */
export function certificateFacts(
  certificate: Partial<PeerCertificate> | undefined,
): CertificateFacts | undefined {
  if (!certificate?.valid_from || !certificate.valid_to) return undefined;
  const subject = nameOf(certificate.subject);
  const issuer = nameOf(certificate.issuer);
  return {
    subject,
    issuer,
    selfSigned: subject === issuer,
    names: (certificate.subjectaltname ?? '')
      .split(', ')
      .filter((name) => name.startsWith('DNS:'))
      .map((name) => shown(name.slice(4))),
    validFrom: new Date(certificate.valid_from).toISOString(),
    validTo: new Date(certificate.valid_to).toISOString(),
    rsaBits: certificate.exponent === undefined ? undefined : certificate.bits,
  };
}

function nameOf(name: PeerCertificate['subject'] | undefined): string {
  const words = [name?.CN, name?.O].flat().filter((word): word is string => Boolean(word));
  return words.length > 0 ? shown(words.join(', ')) : 'ohne Namen';
}
