import type { FaultId } from './faults.js';
import { isPermanent, replyText, type Reply } from '../smtp/reply.js';

type Sign = readonly [RegExp, FaultId];

/** Whatever is asked: these words mean these faults. RFC 3463 and 7505, and what servers in wide use say. */
const always: readonly Sign[] = [
  [
    /\b4\.7\.25\b|\b5\.7\.25\b|cannot find your (reverse )?hostname|reverse dns|\bPTR\b|\brdns\b/i,
    'client-name-check',
  ],
  [/\bblocked using\b|\bdnsbl\b|\brbl\b|\bblack ?-?list|\bblock ?-?list|\bspamhaus\b/i, 'client-name-check'],
  [/gr[ae]y-? ?list|postgrey|come back|try again (in|after) \d|retry (in|after) \d/i, 'greylisting'],
  [
    /too many (concurrent |simultaneous )?(connections|sessions|messages|recipients)|\brate[ -]?limit|throttl|exceeded.*(connection|rate)/i,
    'throttling',
  ],
  [/\b5\.7\.23\b|\b5\.7\.26\b|\b4\.7\.23\b|\bspf\b|\bdmarc\b|sender policy/i, 'sender-check'],
];

const recipient: readonly Sign[] = [
  [
    /relay(ing)? (access )?(is )?(denied|not (allowed|permitted))|unable to relay|not permitted to relay|relay not permitted|we do not relay|authentication (is )?required/i,
    'domain-not-hosted',
  ],
  [
    /\b5\.1\.[016]\b|\b5\.1\.10\b|unknown (user|recipient|address|mailbox)|(user|recipient|mailbox|address) (is )?(unknown|not found|unavailable)|no such (user|recipient|mailbox|address)|does(n't| not) exist|undeliverable|unrouteable/i,
    'mailbox-unknown',
  ],
];

const found = (signs: readonly Sign[], reply: Reply): FaultId | undefined =>
  signs.find(([pattern]) => pattern.test(replyText(reply)))?.[1];

/** Why a server greeted with a refusal. */
export const bannerFault = (reply: Reply): FaultId => found(always, reply) ?? 'relay-refused';

/** Why the agreed mailbox was not taken as recipient, or MAIL before it. */
export function recipientFault(reply: Reply): FaultId {
  const sign = found(always, reply) ?? (isPermanent(reply) ? found(recipient, reply) : undefined);
  return sign ?? (isPermanent(reply) ? 'sender-refused' : 'temporary-refusal');
}

/** Why an ordinary message was not taken after it was sent. */
export const messageFault = (reply: Reply): FaultId =>
  found(always, reply) ?? (isPermanent(reply) ? 'message-refused' : 'temporary-refusal');
