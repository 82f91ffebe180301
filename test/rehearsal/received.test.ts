import { receivedHops } from '../../lib/rehearsal/received.js';

const message = `Return-Path: <probe-1@absender.example>
Received: from mx1.landesnetz.example (unknown [192.168.10.250])
	(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))
	(No client certificate requested)
	by mail.musterstadt.example (Postfix) with ESMTPS id 4C48F107C
	for <probe-1@musterstadt.example>; Mon, 24 Nov 2025 10:00:01 +0000 (UTC)
Received: from mail.absender.example (mail.absender.example [203.0.113.80])
	by mx1.landesnetz.example (Postfix) with ESMTP id 10C48F107C
	for <probe-1@musterstadt.example>; Mon, 24 Nov 2025 10:00:00 +0000 (UTC)
Received: by mail.absender.example (Postfix, from userid 0)
	id 46E1B107A; Mon, 24 Nov 2025 10:00:00 +0000 (UTC)
Subject: rehearsal probe-1

Received: from liar.example (liar.example [192.0.2.1]) by body.example (Postfix) with ESMTPS id 1
`;

test('hops come in the order in which the mail took them, with TLS or not', () => {
  expect(receivedHops(message)).toEqual([
    { by: 'mx1.landesnetz.example', from: '203.0.113.80', tls: false },
    { by: 'mail.musterstadt.example', from: '192.168.10.250', tls: true },
  ]);
});

test('what a server does within itself, and what the body says, is no hop', () => {
  const hosts = receivedHops(message).map(({ by }) => by);
  expect(hosts).not.toContain('mail.absender.example');
  expect(hosts).not.toContain('body.example');
});

test('a mail without headers took no hop', () => {
  expect(receivedHops('')).toEqual([]);
});
