import {
  bannerFault,
  messageFault,
  postmasterFault,
  recipientFault,
  sizeFault,
} from '../../lib/anbindung/refusal.js';

const reply = (text: string) => ({ code: Number(text.slice(0, 3)), lines: [text.slice(4)] });

test.each([
  ['450 4.2.0 <x>: Recipient address rejected: Greylisted, see http://postgrey', 'greylisting'],
  ['451 4.7.1 Greylisting in action, please come back later', 'greylisting'],
  ['450 4.7.1 Please try again in 300 seconds', 'greylisting'],
  ['451 4.3.0 Queue file write error', 'temporary-refusal'],
  ['554 5.7.1 <x@y.example>: Relay access denied', 'domain-not-hosted'],
  ['550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain', 'domain-not-hosted'],
  ['550 relay not permitted', 'domain-not-hosted'],
  [
    '550 5.1.1 <x@y.example>: Recipient address rejected: User unknown in virtual mailbox table',
    'mailbox-unknown',
  ],
  [
    '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
    'mailbox-unknown',
  ],
  ['550 No such user here', 'mailbox-unknown'],
  ['450 4.7.25 Client host rejected: cannot find your hostname, [192.168.10.250]', 'client-name-check'],
  [
    '554 5.7.1 Service unavailable; Client host [192.168.10.250] blocked using dnsbl.example',
    'client-name-check',
  ],
  ['421 4.7.0 mail.example Error: too many connections from 192.168.10.250', 'throttling'],
  ['550 5.7.23 The message was rejected because of Sender Policy Framework violation', 'sender-check'],
  ['550 5.7.1 Command not allowed', 'sender-refused'],
  ['550 5.7.1 Client host is not permitted to send mail to this server', 'sender-refused'],
  ['552 5.2.2 <x@y.example>: Recipient address rejected: Mailbox is full', 'mailbox-full'],
  ['452 4.2.2 The account that you tried to reach is over quota', 'mailbox-full'],
  ['452 4.2.2 mailbox full, try again in 60 minutes', 'mailbox-full'],
  ['550 mailbox is full (MTA-imposed quota exceeded while writing to file)', 'mailbox-full'],
  ['552 Quota exceeded (mailbox for user is full)', 'mailbox-full'],
  ['554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException', 'mailbox-full'],
  ['452 4.3.1 Insufficient system storage', 'temporary-refusal'],
  ['452 4.7.1 Policy: message quota of this client is used up', 'temporary-refusal'],
  [
    '550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check failed',
    'mailbox-restricted',
  ],
  ['550 5.7.1 RESOLVER.RST.AuthRequired; authentication required', 'mailbox-restricted'],
  ['550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized', 'mailbox-restricted'],
  ['550 5.7.1 You are not permitted to send to this distribution list', 'mailbox-restricted'],
  ['550 you are not allowed to send mail to <x@y.example>', 'mailbox-restricted'],
  ['550 5.7.1 you may not have permission to post messages to the group', 'mailbox-restricted'],
  ['550 5.7.1 This group is restricted', 'mailbox-restricted'],
  ['550 5.7.2 Mailing list expansion prohibited', 'mailbox-restricted'],
  ['530 5.7.0 Authentication required', 'domain-not-hosted'],
])('at RCPT, %s', (text, fault) => {
  expect(recipientFault(reply(text))).toBe(fault);
});

test('a banner that refuses', () => {
  expect(bannerFault(reply('554 No SMTP service here'))).toBe('relay-refused');
  expect(bannerFault(reply('421 too many connections'))).toBe('throttling');
});

test('a message that was refused after it was sent', () => {
  expect(messageFault(reply('554 5.7.1 rejected by policy'))).toBe('message-refused');
  expect(messageFault(reply('550 5.7.1 RESOLVER.RST.AuthRequired; authentication required'))).toBe(
    'mailbox-restricted',
  );
  expect(messageFault(reply('552 5.2.2 Mailbox is full'))).toBe('mailbox-full');
  expect(messageFault(reply('552 5.3.4 Message too big'))).toBe('message-refused');
  expect(messageFault(reply('452 4.3.1 Insufficient system storage'))).toBe('temporary-refusal');
});

test.each([
  ['550 5.1.1 User unknown', 'postmaster-missing'],
  ['550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup', 'postmaster-missing'],
  ['552 5.2.2 Mailbox is full', 'mailbox-full'],
  ['452 4.2.2 Mailbox is full', 'mailbox-full'],
  ['451 4.3.0 Queue file write error', 'temporary-refusal'],
])('at RCPT of postmaster, %s', (text, fault) => {
  expect(postmasterFault(reply(text))).toBe(fault);
});

test.each([
  ['552 5.3.4 Message size exceeds fixed limit', 'envelope', 'size-too-small'],
  ['552 5.3.4 Message too big', 'message', 'size-hidden'],
  ['552 5.2.2 Quota exceeded (mailbox for user is full)', 'envelope', 'mailbox-full'],
  ['554 5.2.2 mailbox full', 'message', 'mailbox-full'],
] as const)('a large message, %s at its %s', (text, at, fault) => {
  expect(sizeFault(reply(text), at)).toBe(fault);
});
