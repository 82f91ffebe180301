import { UnreachableError } from '../../provider/element.js';
import { germanTime } from '../../migration/german-time.js';
import { relayClients, sendingDomains } from '../../migration/relay.js';
import { authenticity, LookupError, verdicts, type Authenticity } from '../authenticity.js';
import type { Context } from '../context.js';
import { hasPassed } from '../finding.js';
import { readOutsideMail, type OutsideMail } from '../outside-mail.js';
import { answerSent, questionEnd } from './answers.js';

/** A mail as it was saved at the mailbox outside, with all its headers. */
export interface SavedMail {
  /** For messages. */
  file: string;
  raw: Buffer;
}

/** A file is no answer that this test could judge. */
export class NoAnswerError extends Error {
  override name = 'NoAnswerError';
}

/** An answer as a receiver sees it, and when it was there. */
interface Judged extends Authenticity {
  at: Date;
}

const title = 'Antwort im Postfach außen';

/**
 * Judges the answers of the test mailboxes as the mailbox outside received them: by the relay, signed, and so that
 * DMARC is passed. Only domains that send by the relay can answer so; without the answer of one of them nothing is
 * proven.
 * @returns when the oldest of them arrived; undefined unless everything is in order for every domain that sends
 * @throws NoAnswerError, UnreachableError
 */
export async function answersOutside(
  context: Context,
  mails: readonly SavedMail[],
): Promise<Date | undefined> {
  const { municipality, protocol, sides } = context;
  const judged: Judged[] = [];
  for (const mail of mails) {
    const answer = await judge(context, mail);
    if (answer) judged.push(answer);
  }
  for (const name of sendingDomains(municipality))
    if (!judged.some(({ domain }) => domain === name)) protocol.missingAnswers.push(name);
  for (const name of protocol.missingAnswers)
    protocol.skipped(title, `${name} → Internet`, 'keine Antwort dieser Domain übergeben');
  if (!hasPassed(protocol)) return undefined;
  return new Date(Math.min(sides.now().getTime(), ...judged.map(({ at }) => at.getTime())));
}

async function judge(context: Context, { file, raw }: SavedMail): Promise<Judged | undefined> {
  const { protocol, relay, host, municipality } = context;
  protocol.begin(title, file);
  const mail = readOutsideMail(raw, relay.outsideMailbox ?? '', host);
  if (!mail) throw new NoAnswerError(`${file} is no answer to ${relay.outsideMailbox ?? ''}`);
  if (!mail.id.endsWith(questionEnd(context))) {
    protocol.failed(
      title,
      mail.address,
      'outgoing-outdated',
      `${file}: die Frage dazu galt einem anderen Stand`,
    );
    return undefined;
  }
  const { arrival } = mail;
  const through = arrival && (await takenByRelay(context, mail));
  if (!through) {
    const seen = arrival ? 'das Protokoll des Relays kennt diese Nachricht nicht' : 'sie kam nicht vom Relay';
    protocol.failed(title, mail.address, 'outgoing-no-reply', `${file}: ${seen}`);
    return undefined;
  }
  const found = await receivers(context, raw, { ...mail, arrival });
  if (!found || !municipality.domains.some(({ name }) => name === found.domain))
    throw new NoAnswerError(
      `${file} comes from ${found?.domain ?? 'no single sender'}, which is no domain of ${municipality.id}`,
    );
  const where = `${found.domain} → Internet`;
  protocol.passed(
    title,
    where,
    `${through}; dort angekommen von ${arrival.address} am ${germanTime(arrival.at)}`,
  );
  for (const { title: check, fault, seen } of verdicts(found)) {
    if (fault === undefined) protocol.skipped(check, where, seen);
    else if (fault === 'passed') protocol.passed(check, where, seen);
    else protocol.failed(check, where, fault, seen);
  }
  return { ...found, at: arrival.at };
}

/** Whether the relay's log has the mail, from the municipality's server to this address. */
async function takenByRelay(
  { municipality, platform, sides }: Context,
  { id, address, queueIds }: OutsideMail,
): Promise<string | undefined> {
  const clients = relayClients(municipality, platform).map((client) => client.address);
  const sent = answerSent(await sides.relay.trace(id), address, clients);
  return sent && queueIds.includes(sent.queueId) ? sent.seen : undefined;
}

async function receivers(
  { sides }: Context,
  raw: Buffer,
  mail: Parameters<typeof authenticity>[1],
): Promise<Authenticity | undefined> {
  try {
    return await authenticity(raw, mail, sides.resolve);
  } catch (error) {
    if (error instanceof LookupError) throw new UnreachableError(error.message);
    throw error;
  }
}
