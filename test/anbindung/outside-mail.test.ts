import { readOutsideMail } from '../../lib/anbindung/outside-mail.js';

const mailbox = 'anbindungstest@absender.example';
const host = 'mx1.landesnetz.example';
const outside =
  'from mx1.landesnetz.example (mx1.landesnetz.example [203.0.113.10])\n\tby mail.absender.example (Postfix) with ESMTPS id 4F1\n\tfor <x@absender.example>; Tue, 24 Nov 2026 10:00:02 +0100 (CET)';
const onLoopback =
  'from localhost (localhost [127.0.0.1])\n\tby outward.mx1.landesnetz.example (Postfix) with ESMTP id 3C2; Tue, 24 Nov 2026 09:00:01 +0000';
const customers =
  'from mail.musterstadt.example (unknown [10.128.0.1])\n\tby mx1.landesnetz.example (Postfix) with ESMTPS id 2B3; Tue, 24 Nov 2026 09:00:00 +0000';
const own =
  'by mail.musterstadt.example (Postfix, from userid 65534)\n\tid 1A4; Tue, 24 Nov 2026 09:00:00 +0000';

const mail = (received: readonly string[], ...more: string[]): Buffer =>
  Buffer.from(
    [
      ...received.map((line) => `Received: ${line}`),
      'From: <anbindungstest@musterstadt.example>',
      ...more,
      '',
      'To: <anbindungstest+anb-ffffffffffff@absender.example>',
    ].join('\r\n'),
  );
const to = 'To: Test <Anbindungstest+anb-0123456789ab@absender.example>';

test('an answer bears the id in its recipient, and the relay’s way stands in its Received lines', () => {
  expect(
    readOutsideMail(
      mail([outside, onLoopback, customers, own], 'Return-Path: <a@musterstadt.example>', to),
      mailbox,
      host,
    ),
  ).toEqual({
    id: 'anb-0123456789ab',
    address: 'Anbindungstest+anb-0123456789ab@absender.example',
    sender: 'a@musterstadt.example',
    queueIds: ['3C2', '2B3'],
    arrival: {
      address: '203.0.113.10',
      helo: 'mx1.landesnetz.example',
      at: new Date('2026-11-24T09:00:02Z'),
    },
  });
});

test('what the mailbox’s own servers wrote above is not the relay’s connection', () => {
  const within =
    'from mail.absender.example ([198.51.100.9]) by store.absender.example; Tue, 24 Nov 2026 10:00:03 +0100';
  expect(readOutsideMail(mail([within, outside, customers], to), mailbox, host)?.arrival?.address).toBe(
    '203.0.113.10',
  );
});

test.each([
  [
    'brackets of IPv6',
    'from mx1 (mx1 [IPv6:2001:db8::10]) by y; Tue, 24 Nov 2026 10:00:02 +0100',
    '2001:db8::10',
  ],
  [
    'round brackets',
    'from mx1 (203.0.113.10) by y (8.1/2) id 1; Tue, 24 Nov 2026 10:00:02 +0100',
    '203.0.113.10',
  ],
  [
    'an address as name',
    'from [10.1.1.1] (mx1 [203.0.113.10]) by y; Tue, 24 Nov 2026 10:00:02 +0100',
    '203.0.113.10',
  ],
  ['no address', 'from mx1 by y; Tue, 24 Nov 2026 10:00:02 +0100', undefined],
  ['no date', 'from mx1 ([203.0.113.10]) by y', undefined],
])('the address in %s', (_, line, address) => {
  expect(readOutsideMail(mail([line, customers], to), mailbox, host)?.arrival?.address).toBe(address);
});

test('a mail that came another way has no arrival from the relay, and the null sender is none', () => {
  const direct =
    'from mail.musterstadt.example ([198.51.100.25]) by mail.absender.example; Tue, 24 Nov 2026 10:00:02 +0100';
  expect(readOutsideMail(mail([direct, own], 'Return-Path: <>', to), mailbox, host)).toMatchObject({
    sender: '',
    queueIds: [],
    arrival: undefined,
  });
  // As the relay sent it: nobody else has taken it yet.
  expect(readOutsideMail(mail([customers], to), mailbox, host)?.arrival).toBeUndefined();
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['another mail', mail([outside, customers], 'To: <anbindungstest@absender.example>')],
  [
    'an answer to somebody else’s mailbox',
    mail([outside, customers], 'To: <test+anb-0123456789ab@anders.example>'),
  ],
  ['the id in the body only', mail([outside, customers])],
])('%s is no answer', (_, raw) => {
  expect(readOutsideMail(raw, mailbox, host)).toBeUndefined();
});
