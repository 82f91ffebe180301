import { isOk, isPermanent, replyText, type Reply } from '../smtp/reply.js';
import type { TlsFacts } from '../smtp/client.js';
import { neededSize, type CheckId, type FindingId } from './checks.js';
import { result, type Result, type Subject } from './report.js';
import type { Dialogue } from './smtp.js';

type Verdict = readonly [finding: FindingId, found?: string];

/**
 * Results of one server's dialogue, one a check.
 * @param host its name in the MX, which its certificate should bear
 * @param now RFC 3339; a certificate that ends before it is expired
 */
export function judgeDialogue(subject: Subject, host: string, seen: Dialogue, now: string): Result[] {
  const verdicts: readonly (readonly [CheckId, Verdict | undefined])[] = [
    ['smtp-connect', [`connect-${seen.connect === 'open' ? 'ok' : seen.connect}`]],
    ['smtp-banner', seen.connect === 'open' ? judgeBanner(seen.banner) : undefined],
    ['smtp-ehlo', judgeEhlo(seen)],
    ['smtp-starttls', judgeStartTls(seen)],
    [
      'smtp-certificate',
      seen.tls && seen.tls !== 'failed' ? judgeCertificate(seen.tls, host, now) : undefined,
    ],
    ['smtp-size', judgeSize(seen)],
    [
      'smtp-null-sender',
      judgeReply(seen.nullSender, ['null-sender-ok'], 'null-sender-refused', 'null-sender-refused'),
    ],
    ['smtp-postmaster', judgePostmaster(seen.postmaster)],
    ['smtp-unknown-recipient', judgeUnknown(seen)],
    ['smtp-open-relay', judgeReply(seen.foreign, ['relay-open'], 'rcpt-deferred', 'relay-closed')],
  ];
  return verdicts.map(([check, [finding, found] = ['not-reached'] as Verdict]) =>
    result(check, subject, finding, found),
  );
}

function judgeBanner(banner: Reply | undefined): Verdict {
  if (!banner) return ['banner-missing'];
  const found = replyText(banner);
  if (!isOk(banner)) return ['banner-refused', found];
  return [found.includes('***') ? 'banner-masked' : 'banner-ok', found];
}

function judgeEhlo({ ehlo, offers }: Dialogue): Verdict | undefined {
  if (!ehlo) return undefined;
  return offers ? ['ehlo-ok', ehlo.lines.slice(1).join('; ')] : ['ehlo-refused', replyText(ehlo)];
}

function judgeStartTls({ offers, tls }: Dialogue): Verdict | undefined {
  if (!offers) return undefined;
  if (!offers.startTls) return [offers.overwritten ? 'starttls-masked' : 'starttls-missing'];
  return tls && [tls === 'failed' ? 'starttls-failed' : 'starttls-ok'];
}

function judgeCertificate({ certificate }: TlsFacts, host: string, now: string): Verdict {
  const names = (certificate?.names ?? []).map((name) => name.toLowerCase()).sort();
  const until = certificate?.validTo ?? '';
  const found = `${names.join(', ')}; ${until.slice(0, 10)}`;
  if (until < now) return ['certificate-expired', found];
  return [names.some((name) => covers(name, host)) ? 'certificate-ok' : 'certificate-name', found];
}

/** RFC 9525 §6.3: a star stands for exactly the first label. */
const covers = (name: string, host: string): boolean =>
  name === host || (name.startsWith('*.') && name.slice(1) === host.slice(host.indexOf('.')));

function judgeSize({ offers }: Dialogue): Verdict | undefined {
  if (!offers) return undefined;
  if (offers.size === undefined) return ['size-unknown'];
  // 0: no limit (RFC 1870 §3).
  return [offers.size === 0 || offers.size >= neededSize ? 'size-ok' : 'size-small', String(offers.size)];
}

function judgePostmaster(reply: Reply | undefined): Verdict | undefined {
  return judgeReply(
    reply,
    ['postmaster-ok'],
    'rcpt-deferred',
    reply && isNotHosted(reply) ? 'domain-not-hosted' : 'postmaster-missing',
  );
}

function judgeUnknown({ postmaster, unknown }: Dialogue): Verdict | undefined {
  // A server that has not this domain refuses everyone, known or not.
  if (postmaster && isNotHosted(postmaster)) return undefined;
  return judgeReply(unknown, ['unknown-accepted'], 'rcpt-deferred', 'unknown-refused');
}

/** Postfix: "Relay access denied"; Exchange: "Unable to relay recipient in non-accepted domain". */
const isNotHosted = (reply: Reply): boolean => reply.code >= 500 && /relay/i.test(replyText(reply));

function judgeReply(
  reply: Reply | undefined,
  accepted: Verdict,
  deferred: FindingId,
  refused: FindingId,
): Verdict | undefined {
  if (!reply) return undefined;
  if (isOk(reply)) return accepted;
  return [isPermanent(reply) ? refused : deferred, replyText(reply)];
}
