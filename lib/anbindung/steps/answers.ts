import { relayClients, sendingDomains } from '../../migration/relay.js';
import { testDigest } from '../../migration/test-digest.js';
import type { Context } from '../context.js';
import type { FaultId } from '../faults.js';
import { submit } from './correlation.js';

const title = 'Antwort nach außen';
const pollInterval = 1000;
const question = [
  'Dies ist eine Nachricht des Anbindungstests des interkommunalen Mailversands.',
  'Bitte beantworten Sie sie von diesem Postfach aus; der Inhalt der Antwort ist gleich.',
];

/**
 * From stage 4 a real mail goes outwards: the test mailbox answers, by a person or by itself (RFC 3834), to an address
 * outside that holds the correlation id, and so the relay's log shows the answer's way.
 * @param delivers whether the relay can deliver to a server at all
 */
export async function answers(context: Context, delivers: boolean): Promise<void> {
  const { municipality, platform, relay, protocol } = context;
  const clients = relayClients(municipality, platform).map(({ address }) => address);
  if (clients.length === 0) return;
  const { outsideMailbox } = relay;
  const stands = delivers && !protocol.findings.some(({ fault }) => inTheWay.includes(fault));
  const results: boolean[] = [];
  for (const name of sendingDomains(municipality)) {
    const where = `${name} → Internet`;
    if (outsideMailbox === undefined)
      protocol.skipped(
        title,
        where,
        'in der Plattformdatei fehlt beim Relay `outsideMailbox`; Dataport trägt dort ein Postfach im Internet ein',
      );
    else if (!stands)
      protocol.skipped(title, where, 'erst, wenn Testnachrichten ankommen und der Weg nach außen offen ist');
    else results.push(await answer(context, where, name, outsideMailbox, clients));
  }
  protocol.answered = results.length > 0 && results.every(Boolean);
}

/**
 * What the id of a question ends in: its answer proves only what was tested by it, however late somebody looks at it.
 * Eight characters of the digest tell versions of one file apart, and leave room in an address.
 */
export const questionEnd = ({ municipality, platform }: Pick<Context, 'municipality' | 'platform'>): string =>
  `-${testDigest(municipality, platform).slice(0, 8)}`;

/** Faults with which no question arrives or no answer leaves. */
const inTheWay: readonly FaultId[] = [
  'relay-listener-away',
  'relay-not-accepting',
  'not-delivered',
  'outgoing-closed',
];

async function answer(
  context: Context,
  where: string,
  domain: string,
  outside: string,
  clients: readonly string[],
): Promise<boolean> {
  const { sides, times, relay, protocol } = context;
  const id = `${sides.newId()}${questionEnd(context)}`;
  const from = outside.replace('@', `+${id}@`);
  const props = { subject: 'bitte antworten', text: question, bytes: undefined, from, replyTo: from, id };
  const address = relay.addresses.internal;
  protocol.begin(title, where);
  if ((await submit(context, { title, where, domain, address, ...props })) === undefined) return false;
  const end = sides.now().getTime() + times.answer;
  for (;;) {
    const lines = await sides.relay.trace(id);
    const sent = answerSent(lines, from, clients);
    if (sent !== undefined) {
      protocol.passed(title, where, sent.seen);
      return true;
    }
    const left = Math.ceil((end - sides.now().getTime()) / 1000);
    if (left <= 0) break;
    protocol.begin(`wartet auf die Antwort aus dem Testpostfach, noch ${left} s`, where);
    await sides.pause(pollInterval);
  }
  protocol.failed(title, where, 'outgoing-no-reply', `keine Antwort an ${from} in ${times.answer / 1000} s`);
  return false;
}

/** A mail to an address outside that the relay has handed on. */
export interface SentAnswer {
  /** Queue id under which the relay took it from the municipality's server. */
  queueId: string;
  /** The hop outside and its answer. */
  seen: string;
}

/** The relay's log: a municipality's server brought a mail to this address, and it left the relay. */
export function answerSent(
  lines: readonly string[],
  address: string,
  clients: readonly string[],
): SentAnswer | undefined {
  for (const line of lines) {
    const [, queueId, client] = /\]: (\w+): client=[^[]*\[([\d.]+)\]/.exec(line) ?? [];
    if (queueId === undefined || client === undefined || !clients.includes(client)) continue;
    const seen = handedOn(lines, queueId, address);
    if (seen !== undefined) return { queueId, seen };
  }
  return undefined;
}

/** To the end of its way: mail for the Internet comes to the relay once more, by the listener with the Internet's limit. */
function handedOn(lines: readonly string[], queueId: string, address: string): string | undefined {
  const [, hop, words] =
    lines
      .filter((line) => line.includes(`: ${queueId}: to=<${address}>`))
      .map((line) => / relay=([^,]+),.* status=sent \((.*)\)$/.exec(line))
      .find((match) => match !== null) ?? [];
  if (hop === undefined || words === undefined) return undefined;
  const again = / queued as (\w+)$/.exec(words)?.[1];
  const here = again !== undefined && lines.some((line) => line.includes(`: ${again}: client=`));
  return here ? handedOn(lines, again, address) : `${hop}: ${words}`;
}
