import type { DKIMResult, DMARCResult, DNSResolver } from 'mailauth';
import type { FaultId } from './faults.js';
import type { Arrival } from './outside-mail.js';

/** What a receiver found out about a mail. */
export interface Authenticity {
  /** The domain that the reader sees (From). */
  domain: string;
  /** All DKIM signatures. */
  signatures: Signature[];
  /** SPF of this domain for the address that brought the mail, and its record. */
  spf: { result: string; comment: string };
  dmarc: {
    result: 'pass' | 'fail' | 'none';
    /** As published. */
    record: string;
  };
}

export interface Signature {
  domain: string;
  selector: string;
  /** RFC 8601: `pass`, `fail`, `neutral`, `policy` … */
  result: string;
  comment: string;
  /** Of the domain in From, or one with the same organisational domain. */
  aligned: boolean;
}

/** Something could not be looked up, so nothing is known. */
export class LookupError extends Error {
  override name = 'LookupError';
}

/**
 * What a receiver finds out (RFC 6376, 7208, 7489) about a mail that came over a connection. The mail is evaluated as
 * it was saved, against the DNS as it is now.
 * @returns undefined if From does not name exactly one address
 * @throws LookupError
 */
export async function authenticity(
  raw: Buffer,
  { sender, arrival }: { sender: string; arrival: Arrival },
  resolver: DNSResolver,
): Promise<Authenticity | undefined> {
  // It takes longer to load than all the rest of the command.
  const { authenticate, spf } = await import('mailauth');
  const connection = { ip: arrival.address, helo: arrival.helo, mta: 'anbindungstest', resolver };
  const {
    dkim,
    dmarc,
    spf: ofSender,
  } = await authenticate(withCrLf(raw), {
    ...connection,
    ...(sender === '' ? {} : { sender }),
    disableArc: true,
    disableBimi: true,
  });
  const [from, second] = dkim.headerFrom;
  if (from === undefined || second !== undefined || !dmarc) return undefined;
  const domain = from.slice(from.lastIndexOf('@') + 1).toLowerCase();
  // An automatic answer has the null sender; whether the relay may send for the domain is asked all the same.
  const ofDomain = await spf({ ...connection, sender: `postmaster@${domain}` });
  for (const { status } of [...dkim.results, ...(ofSender ? [ofSender] : []), ofDomain, dmarc]) known(status);
  // One that is none stands for "not signed".
  const signatures = dkim.results.filter(({ status }) => status.result !== 'none').map(signature);
  return {
    domain,
    signatures,
    spf: { result: ofDomain.status.result, comment: ofDomain.rr ?? ofDomain.status.comment ?? '' },
    dmarc: {
      result: dmarc.status.result === 'none' ? 'none' : aligned(domain, dmarc, signatures) ? 'pass' : 'fail',
      record: dmarc.rr ?? '',
    },
  };
}

/** Every line end as it was on the wire. */
const withCrLf = (raw: Buffer): Buffer =>
  Buffer.from(raw.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');

function known({ result, comment }: { result: string; comment?: string }): void {
  if (/^temperr/.test(result)) throw new LookupError(comment ?? 'a name cannot be looked up');
}

const signature = ({ signingDomain, selector = '', status }: DKIMResult): Signature => ({
  domain: signingDomain.toLowerCase(),
  selector,
  result: status.result,
  comment: status.comment ?? status.policy?.['dkim-rules'] ?? '',
  aligned: Boolean(status.aligned),
});

/** mailauth compares organisational domains; a record may ask for the very same one (adkim=s, aspf=s). */
function aligned(domain: string, { alignment }: DMARCResult, signatures: readonly Signature[]): boolean {
  const { dkim, spf } = alignment;
  const bySignature = signatures.some(
    (one) => one.result === 'pass' && one.aligned && (!dkim.strict || one.domain === domain),
  );
  return bySignature || (Boolean(spf.result) && (!spf.strict || spf.result === domain));
}

/** One of the three, as the report has it. */
export interface Verdict {
  title: 'DKIM' | 'SPF' | 'DMARC';
  /** undefined: there is nothing to judge. */
  fault: FaultId | 'passed' | undefined;
  /** German. */
  seen: string;
}

/** What it means for the municipality's mail. The gate lets no MX move before all three are passed. */
export const verdicts = (mail: Authenticity): Verdict[] => [
  { title: 'DKIM', ...ofDkim(mail) },
  { title: 'SPF', ...ofSpf(mail) },
  { title: 'DMARC', ...ofDmarc(mail) },
];

/** mailauth's words where it is the key in the DNS that is missing or no good. */
const keyFaults = /^(no key|unknown key (version|type)|invalid public key|weak-key)$/;

/** mailauth's words that are met most, German. */
const germanWords: Readonly<Record<string, string>> = {
  'no key': 'kein Schlüssel',
  'body hash did not verify': 'der Inhalt wurde nach dem Unterschreiben verändert',
  'bad signature': 'die Unterschrift passt nicht zum Schlüssel',
};

function ofDkim({ domain, signatures }: Authenticity): Omit<Verdict, 'title'> {
  const own = signatures.filter((one) => one.aligned);
  const good = own.find(({ result }) => result === 'pass');
  if (good) return { fault: 'passed', seen: `Unterschrift von ${good.domain} (${good.selector}) gilt` };
  if (own.length === 0) {
    const foreign = signatures.map((one) => one.domain).join(', ');
    const others = foreign === '' ? '' : ` (nur von ${foreign})`;
    return { fault: 'outgoing-unsigned', seen: `keine Unterschrift von ${domain}${others}` };
  }
  const seen = own.map(
    (one) =>
      `${one.selector}._domainkey.${one.domain}: ${germanWords[one.comment] ?? (one.comment || one.result)}`,
  );
  const key = own.every(({ comment }) => keyFaults.test(comment));
  return { fault: key ? 'outgoing-dkim-key' : 'outgoing-dkim-broken', seen: seen.join('; ') };
}

function ofSpf({ domain, spf: { result, comment } }: Authenticity): Omit<Verdict, 'title'> {
  // A domain without any SPF record gets none (docs/decisions/0008): no receiver refuses for it.
  if (result === 'none') return { fault: undefined, seen: `${domain} hat keinen SPF-Eintrag` };
  return { fault: result === 'pass' ? 'passed' : 'outgoing-spf', seen: `${result}: ${comment}` };
}

function ofDmarc({ domain, dmarc: { result, record } }: Authenticity): Omit<Verdict, 'title'> {
  if (result === 'none') return { fault: 'outgoing-dmarc-missing', seen: `_dmarc.${domain} gibt es nicht` };
  if (result === 'pass') return { fault: 'passed', seen: record };
  return {
    fault: 'outgoing-dmarc',
    seen: `weder DKIM noch SPF gelten für ${domain}, wie ${record} es verlangt`,
  };
}
