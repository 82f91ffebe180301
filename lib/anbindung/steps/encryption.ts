import type { Context, Place } from '../context.js';
import type { FaultId } from '../faults.js';
import { germanDay } from '../../migration/german-time.js';
import { SmtpClient, tlsFacts, type TlsFacts } from '../../smtp/client.js';
import { replyText, SmtpError, type Reply } from '../../smtp/reply.js';
import { silenceText } from './conversation.js';
import type { Greeted } from './greeting.js';

const title = 'Verschlüsselung (STARTTLS)';

/**
 * STARTTLS and the facts of the certificate. What is wrong is a finding; the test goes on without, where the
 * server lets it, so that everything is found at once.
 * @returns whether the place's connections are encrypted from here on
 */
export async function encryption(context: Context, place: Place, greeted: Greeted): Promise<boolean> {
  const { protocol, municipality } = context;
  const { client, offers, inspected } = greeted;
  protocol.begin(title, place.where);
  try {
    const reply = await client.command('STARTTLS');
    if (!offers.startTls) return notOffered(context, place, inspected, reply);
    if (reply.code !== 220) return without(context, place, 'tls-broken', replyText(reply));
    const facts = tlsFacts(await client.startTls(context.host));
    protocol.passed(title, place.where, `${facts.protocol}, ${facts.cipher}`);
    certificate(context, place, facts);
    return true;
  } catch (error) {
    if (error instanceof SmtpError && municipality.tls === 'may' && !offers.startTls)
      return agreed(context, place);
    const old = error instanceof SmtpError ? undefined : await outOfDate(context, place);
    const words = error instanceof SmtpError ? silenceText(error) : (error as Error).message;
    return old
      ? without(context, place, 'tls-too-old', `${old.protocol}, ${old.cipher}`)
      : without(context, place, 'tls-broken', words);
  } finally {
    await client.quit();
  }
}

function without({ protocol }: Context, { where }: Place, fault: FaultId, seen: string): false {
  protocol.failed(title, where, fault, seen);
  protocol.skipped('Zertifikat', where, 'ohne Verschlüsselung nicht zu sehen');
  return false;
}

function agreed({ protocol }: Context, { where }: Place): false {
  protocol.passed(title, where, 'nicht angeboten, so vereinbart (tls: may)');
  return false;
}

/** The command is not announced. If the server takes it all the same, someone else removed the announcement. */
function notOffered(context: Context, place: Place, inspected: boolean, reply: Reply): false {
  if (inspected || reply.code === 220) {
    const seen = inspected
      ? 'die Antwort des Servers wurde unterwegs überschrieben (XXXX oder ****)'
      : 'nicht angekündigt, auf Nachfrage aber möglich';
    return without(context, place, 'tls-stripped', seen);
  }
  if (context.municipality.tls === 'may') return agreed(context, place);
  return without(context, place, 'tls-missing', `nicht angeboten (${replyText(reply)})`);
}

/** Whether it works with what is out of date: then that is the fault. */
async function outOfDate({ sides, times, host }: Context, place: Place): Promise<TlsFacts | undefined> {
  const attempt = await sides.relay.connect(place.address, place.port, times.connect);
  if ('failure' in attempt) return undefined;
  const client = new SmtpClient(attempt.pipe, times);
  try {
    await client.reply();
    await client.hello(host);
    await client.command('STARTTLS');
    return tlsFacts(await client.startTls(host, true));
  } catch {
    return undefined;
  } finally {
    client.close();
  }
}

const weakRsa = 2048;

function certificate({ protocol, sides }: Context, { where }: Place, { certificate: facts }: TlsFacts): void {
  if (!facts) return;
  const { subject, issuer, selfSigned, names, validFrom, validTo, rsaBits } = facts;
  const seen = [
    `für ${names.length > 0 ? names.join(', ') : subject}`,
    selfSigned ? 'selbst ausgestellt' : `ausgestellt von ${issuer}`,
    `gültig ${germanDay(validFrom)} bis ${germanDay(validTo)}`,
    ...(rsaBits === undefined ? [] : [`RSA ${rsaBits}`]),
  ].join(', ');
  const now = sides.now().toISOString();
  if (now < validFrom || now > validTo) protocol.failed('Zertifikat', where, 'certificate-expired', seen);
  else if (rsaBits !== undefined && rsaBits < weakRsa)
    protocol.failed('Zertifikat', where, 'certificate-weak', seen);
  else protocol.passed('Zertifikat', where, seen);
}
