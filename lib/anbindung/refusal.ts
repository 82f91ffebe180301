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

/**
 * No room in the mailbox, for now or for good. RFC 5321 gives 552 and 452 to storage that is exceeded; a quota on what a
 * client sends is a policy (x.7.x).
 */
const full: readonly Sign[] = [
  [
    /\b[45]\.2\.2\b|\b(mailbox|inbox)\b.*\b(full|over ?quota)\b|\bover ?quota\b|^[45]52 (?!.*\b[45]\.7\.).*\bquota\b/i,
    'mailbox-full',
  ],
];

/** The mailbox takes mail, but not from everybody: a group or list, above all Exchange's. RFC 3463 has 5.7.2 for it. */
const restricted: readonly Sign[] = [
  [/\b5\.7\.(2|12|124|129|13\d)\b|RESOLVER\.RST\.\w*(auth|restrict)/i, 'mailbox-restricted'],
  [
    /(permission|(authori[sz]ed|permitted|allowed)) to (send|post|write)\b.*\bto\b.*(group|list|recipient|mailbox|address|<)/i,
    'mailbox-restricted',
  ],
  [
    /\b(group|list|recipient|mailbox|address)\b.*\brestricted\b|\brestricted\b.*\b(group|list|recipient|mailbox|address)\b/i,
    'mailbox-restricted',
  ],
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
export const recipientFault = (reply: Reply): FaultId =>
  faultOf(reply, [...restricted, ...recipient], 'sender-refused');

/** Why `postmaster` was not, where the agreed mailbox just was: it is full, or nobody outside may write to it. */
export function postmasterFault(reply: Reply): FaultId {
  const fault = recipientFault(reply);
  return isPermanent(reply) && fault !== 'mailbox-full' ? 'postmaster-missing' : fault;
}

/** Why a large message was not taken: it is too large for the server, or for the room left in the mailbox. */
export const sizeFault = (reply: Reply, at: 'envelope' | 'message'): FaultId =>
  found(full, reply) ?? (at === 'envelope' ? 'size-too-small' : 'size-hidden');

/** Why an ordinary message was not taken after it was sent. Exchange looks only then who may write to a group. */
export const messageFault = (reply: Reply): FaultId => faultOf(reply, restricted, 'message-refused');

function faultOf(reply: Reply, permanent: readonly Sign[], otherwise: FaultId): FaultId {
  const sign = found([...full, ...always], reply);
  if (sign !== undefined) return sign;
  return isPermanent(reply) ? (found(permanent, reply) ?? otherwise) : 'temporary-refusal';
}
