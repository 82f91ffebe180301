import { answerSent } from '../../lib/anbindung/steps/answers.js';

const to = 'test+anb-0123456789ab@absender.example';
const server = '10.128.0.1';
const at = 'Nov 24 12:27:20';
const taken = `${at} mx1 postfix/customers/smtpd[1]: AAA1: client=unknown[${server}]`;
const within = `${at} mx1 postfix/outward/smtp[2]: AAA1: to=<${to}>, relay=127.0.0.1[127.0.0.1]:10025, delay=0.3, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as BBB2)`;
const again = `${at} outward postfix/outward/smtpd[3]: BBB2: client=localhost[127.0.0.1]`;
const left = `${at} outside postfix/outside/smtp[4]: BBB2: to=<${to}>, relay=mail.absender.example[203.0.113.80]:25, delay=0.2, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as CCC3)`;

test('an answer has gone out when the server outside has taken it', () => {
  expect(answerSent([taken, within, again, left], to, [server])).toEqual({
    queueId: 'AAA1',
    seen: 'mail.absender.example[203.0.113.80]:25: 250 2.0.0 Ok: queued as CCC3',
  });
});

test.each([
  ['it is still in the relay', [taken, within, again]],
  ['it is deferred', [taken, within, again, left.replace('status=sent', 'status=deferred')]],
  ['somebody else sent it', [taken.replace(server, '10.64.0.20'), within, again, left]],
  ['it went to somebody else', [taken, within, again, left].map((line) => line.replace(to, `x${to}`))],
  ['the log has nothing', []],
])('it has not while %s', (_, lines) => {
  expect(answerSent(lines, to, [server])).toBeUndefined();
});
