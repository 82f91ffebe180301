import { generateKeyPairSync } from 'node:crypto';
import { dkimSign } from 'mailauth';
import type { Sides } from '../../lib/anbindung/context.js';
import { hasPassed } from '../../lib/anbindung/finding.js';
import { reportJson, reportText } from '../../lib/anbindung/report.js';
import { outsideTest, usualTimes, type OutsideOutcome } from '../../lib/anbindung/run.js';
import { questionEnd } from '../../lib/anbindung/steps/answers.js';
import type { SavedMail } from '../../lib/anbindung/steps/answer-outside.js';
import type { Municipality } from '../../lib/config/municipality.js';
import type { Platform } from '../../lib/config/platform.js';
import { at, doppelstadt, now, platform as bare } from '../migration/examples.js';

const outside = 'anbindungstest@absender.example';
const platform: Platform = {
  ...bare,
  relays: bare.relays.map((relay) => ({ ...relay, outsideMailbox: outside })),
};
/** Where the answers to questions go that were sent for such a file. */
const answerTo = (asked: Municipality): string =>
  outside.replace('@', `+anb-0123456789ab${questionEnd({ municipality: asked, platform })}@`);
const [client] = doppelstadt.servers;
const arrivedAt = '2025-06-01T11:00:00.000Z';
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** An answer as the mailbox outside has it: signed, and come by the relay. */
async function answer(domain: string, asked: Municipality): Promise<SavedMail> {
  const mail = `From: <anbindungstest@${domain}>\r\nTo: <${answerTo(asked)}>\r\n\r\nAngekommen.\r\n`;
  const { signatures } = await dkimSign(mail, {
    signTime: now,
    signatureData: [{ signingDomain: domain, selector: 's1', privateKey }],
  } as Parameters<typeof dkimSign>[1]);
  const day = new Date(arrivedAt).toUTCString();
  const received = [
    `from mx1.relay.example (mx1.relay.example [203.0.113.10]) by mail.absender.example; ${day}`,
    `from mail (unknown [${client?.transfer ?? ''}]) by mx1.relay.example with ESMTPS id AAA1; ${day}`,
  ];
  const raw = `${received.map((line) => `Received: ${line}\r\n`).join('')}${signatures}${mail}`;
  return { file: `${domain}.eml`, raw: Buffer.from(raw) };
}

const log = (asked: Municipality): string[] => [
  `mx1 postfix/customers/smtpd[1]: AAA1: client=unknown[${client?.transfer ?? ''}]`,
  `mx1 postfix/smtp[2]: AAA1: to=<${answerTo(asked)}>, relay=mail.absender.example[203.0.113.80]:25, delay=0.3, dsn=2.0.0, status=sent (250 2.0.0 Ok)`,
];

const published = (name: string): string => {
  if (name.startsWith('s1._domainkey.')) return `v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`;
  return name.startsWith('_dmarc.') ? 'v=DMARC1; p=reject' : 'v=spf1 ip4:203.0.113.10 -all';
};

const sidesOf = (asked: Municipality): Sides =>
  ({
    relay: { trace: () => Promise.resolve(log(asked)) },
    resolve: (name: string) => Promise.resolve([published(name).match(/.{1,200}/g)]),
    now: () => now,
  }) as unknown as Sides;

/** The answers of some domains, to questions that were sent for such a file. */
async function judgedLater(
  municipality: Municipality,
  asked: Municipality,
  ...domains: string[]
): Promise<OutsideOutcome> {
  const mails = await Promise.all(domains.map((domain) => answer(domain, asked)));
  const sides = sidesOf(asked);
  return outsideTest(
    { municipality, platform, deployed: {}, sides, times: usualTimes, say: () => undefined },
    mails,
  );
}

const judged = (m: Municipality, ...domains: string[]): Promise<OutsideOutcome> =>
  judgedLater(m, m, ...domains);

test('the way out is proven when every domain’s answer is in order, as of when the oldest arrived', async () => {
  const outcome = await judged(at(4, doppelstadt), 'stadt.example', 'doppelstadt.example');
  expect([outcome.findings, outcome.provenAt, hasPassed(outcome)]).toEqual([[], new Date(arrivedAt), true]);
});

test('one answer of two proves nothing, and that is not called passed', async () => {
  const m = at(4, doppelstadt);
  const outcome = await judged(m, 'stadt.example');
  expect([outcome.findings, outcome.provenAt, hasPassed(outcome)]).toEqual([[], undefined, false]);
  const text = reportText(m, outcome, arrivedAt).replace(/\s+/g, ' ');
  expect(text).toContain(
    'Ergebnis: noch nicht bewiesen: es fehlt die Antwort von doppelstadt.example. Die Antworten aller Domains zusammen übergeben',
  );
  expect(text).not.toContain('bestanden');
  expect(JSON.parse(reportJson(m, outcome, arrivedAt))).toMatchObject({
    passed: false,
    findings: [],
    missingAnswers: ['doppelstadt.example'],
  });
});

test('a domain that does not send by the relay yet cannot answer, and is not waited for', async () => {
  const [stadt, doppel] = doppelstadt.domains;
  if (!stadt || !doppel) throw new Error('Doppelstadt has two domains');
  const m = at(4, { ...doppelstadt, domains: [stadt, { ...doppel, stage: 3 }] });
  const outcome = await judged(m, 'stadt.example');
  expect([outcome.provenAt, hasPassed(outcome)]).toEqual([new Date(arrivedAt), true]);
  expect(outcome.steps.filter(({ passed }) => passed === undefined)).toEqual([]);
});

const [stadtServer] = doppelstadt.servers;
if (!stadtServer) throw new Error('Doppelstadt has a server');

test.each([
  ['another server', { servers: [{ ...stadtServer, inside: '10.20.0.99' }] }],
  ['other limits', { limits: { internalMb: 20, internetMb: 18 } }],
  ['another stage', { stage: 3 }],
] as const)(
  'an answer to a question that was sent for %s proves nothing, however good it is',
  async (_, was) => {
    const m = at(4, doppelstadt);
    const names = ['stadt.example', 'doppelstadt.example'];
    const outcome = await judgedLater(m, { ...m, ...was } as Municipality, ...names);
    expect(outcome.findings.map(({ fault }) => fault)).toEqual(['outgoing-outdated']);
    expect(outcome.provenAt).toBeUndefined();
    expect(reportText(m, outcome, arrivedAt).replace(/\s+/g, ' ')).toContain(
      'npx mailversand anbindungstest doppelstadt noch einmal ohne --antwort ausführen',
    );
  },
);
