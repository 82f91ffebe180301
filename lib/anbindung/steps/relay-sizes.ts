import { relayLimit, type SizeLimited } from '../../config/sizes.js';
import { relayAcceptances } from '../../migration/relay.js';
import type { Context } from '../context.js';
import { megabytes, sizeClassesOf, type SizeClass } from '../sizes.js';
import { isPermanent, replyText } from '../../smtp/reply.js';
import { follow, handIn } from './correlation.js';
import { listenerPlace } from './listeners.js';

interface Listener {
  where: string;
  /** A domain that it takes. */
  domain: string;
  address: string;
}

/**
 * Real mails at the limits, through each listener that takes the municipality's mail: the largest that is agreed goes
 * through relay, gateway and every hop behind to the mailbox, so nothing is accepted and then bounced; one byte more
 * is refused by the relay, whether its size was announced or not. Limits are the same for all domains, so one is
 * enough.
 */
export async function relaySizes(context: Context): Promise<void> {
  const { municipality, platform, relay, protocol, deployed } = context;
  const open = relayAcceptances(municipality, platform);
  const found = protocol.findings.length > 0;
  for (const kind of ['internal', 'ndb', 'internet'] as const) {
    const domain = open.find((one) => one.class === kind)?.domain;
    if (domain === undefined) continue;
    const listener = { where: listenerPlace(relay, kind), domain, address: relay.addresses[kind] };
    // What is wrong at the server or at the listener would show here again, under another name.
    if (found) {
      protocol.skipped('Größte Nachrichten durch das Relay', listener.where, 'erst ohne andere Fehler');
      continue;
    }
    const from: SizeLimited = kind === 'internet' ? 'internet' : 'internal';
    const agreed = relayLimit(municipality, from);
    // Larger limits are tested at the servers before they are deployed.
    const taken = Math.min(agreed, deployed[from] ?? agreed);
    await largest(context, listener, sizeClassesOf(municipality, kind), taken);
    if (await tooLarge(context, listener, taken + 1, true))
      await tooLarge(context, listener, taken + 1, false);
  }
}

/** A hop that takes the largest takes the smaller ones; where one does not, those are tried too. */
async function largest(
  context: Context,
  listener: Listener,
  classes: readonly SizeClass[],
  taken: number,
): Promise<void> {
  for (const { title: size, wire } of classes.toReversed()) {
    const title = `Nachricht ${size} durch das Relay (${megabytes(wire)} auf der Leitung)`;
    if (wire > taken) {
      context.protocol.skipped(title, listener.where, 'erst, wenn die neue Grenze am Relay eingetragen ist');
      continue;
    }
    const props = { title, ...listener, subject: 'Größe', bytes: wire, refused: 'relay-limit' as const };
    if (await follow(context, props)) return;
  }
}

/** @returns whether it was refused for good */
async function tooLarge(
  context: Context,
  { where, domain, address }: Listener,
  bytes: number,
  announced: boolean,
): Promise<boolean> {
  const { protocol } = context;
  const title = `Nachricht über der Grenze (${bytes} Bytes, ${announced ? 'an' : 'unan'}gekündigt)`;
  protocol.begin(title, where);
  const sent = await handIn(context, address, { domain, subject: 'zu groß', bytes, announced });
  if (typeof sent === 'string') protocol.failed(title, where, 'relay-listener-away', sent);
  else if (!isPermanent(sent.reply))
    protocol.failed(title, where, 'relay-limit', `nicht abgewiesen: ${replyText(sent.reply)}`);
  else {
    protocol.passed(title, where, `abgewiesen: ${replyText(sent.reply)}`);
    return true;
  }
  return false;
}
