import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, TLSSocket } from 'node:tls';
import { probeMailServer, type MailServerAnswer } from '../../../../lib/provider/targets/smtp/probe.js';

const recipients = ['postmaster@musterstadt.example', 'nobody@musterstadt.example'];

/** What a server says to each command, by its first word; `connect` is its greeting. */
type Script = Record<string, string | ((socket: Socket) => void)>;

const willing: Script = {
  connect: '220 mail ESMTP\r\n',
  EHLO: '250-mail\r\n250-SIZE 1000\r\n250 HELP\r\n',
  MAIL: '250 2.1.0 Ok\r\n',
  RCPT: '250 2.1.5 Ok\r\n',
  QUIT: '221 Bye\r\n',
};

/** Follows a script on loopback while it is asked, and remembers what it heard. */
async function probing(script: Script): Promise<{ answer: MailServerAnswer; heard: string[] }> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const say = (socket: Socket, word: string): void => {
    const act = script[word] ?? '500 5.5.2 what?\r\n';
    if (typeof act === 'string') socket.write(act);
    else act(socket);
  };
  const listen = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      const line = data.toString().trim();
      heard.push(line);
      say(socket, line.slice(0, 4) === 'STAR' ? 'STARTTLS' : line.slice(0, 4));
    });
  };
  const server = createServer((socket) => {
    listen(socket);
    say(socket, 'connect');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const request = { host: 'mail.musterstadt.example', address: '127.0.0.1', port, recipients };
    return { answer: await probeMailServer({ ...request, greeting: 'ops.invalid', timeoutMs: 300 }), heard };
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

test('a mail server is asked as any sender would ask it, and nothing is sent', async () => {
  const { answer, heard } = await probing(willing);
  expect(answer).toMatchObject({
    recipients: recipients.map((recipient) => ({ recipient, code: 250, text: '2.1.5 Ok' })),
    certificates: [],
    untrusted: 'it offers no STARTTLS',
  });
  expect(heard).toEqual([
    'EHLO ops.invalid',
    'MAIL FROM:<>',
    ...recipients.map((recipient) => `RCPT TO:<${recipient}>`),
    'QUIT',
  ]);
});

test.each<[string, Script, number, string]>([
  ['greets with 554', { connect: '554 go away\r\n' }, 0, 'its greeting is 554 go away'],
  ['says nothing', { connect: () => undefined }, 0, 'no answer within 0.3 s'],
  ['closes the connection', { connect: (socket) => socket.end() }, 0, 'it closed the connection'],
  ['talks without end', { connect: `220-${'x'.repeat(70_000)}` }, 0, 'it sends more than any reply is long'],
  ['knows no EHLO', { EHLO: '502 5.5.1 no\r\n' }, 0, 'to EHLO it answers 502 5.5.1 no'],
  ['refuses the null sender', { MAIL: '550 5.7.1 no\r\n' }, 0, 'to the null sender it answers 550 5.7.1 no'],
  ['defers in several lines', { RCPT: '451-4.7.1 not\r\n451 4.7.1 now\r\n' }, 451, '4.7.1 not 4.7.1 now'],
  ['hangs up after EHLO', { MAIL: (socket) => socket.destroy() }, 0, 'it closed the connection'],
  [
    'offers STARTTLS and refuses it',
    { EHLO: '250-mail\r\n250 STARTTLS\r\n', STARTTLS: '454 4.7.0 no\r\n' },
    0,
    'to STARTTLS it answers 454 4.7.0 no',
  ],
  [
    'offers STARTTLS and speaks no TLS',
    {
      EHLO: '250-mail\r\n250 STARTTLS\r\n',
      STARTTLS: (socket) => socket.write('220 go\r\n', () => socket.write('what?\r\n')),
    },
    0,
    'TLS fails',
  ],
])('a server that %s', async (_, script, code, text) => {
  const { answer } = await probing({ ...willing, ...script });
  expect(answer.recipients.map((one) => one.code)).toEqual([code, code]);
  for (const one of answer.recipients) expect(one.text).toContain(text);
});

test('a server that is not there', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const request = { host: 'mail.musterstadt.example', address: '127.0.0.1', port, recipients };
  const { recipients: answers } = await probeMailServer({ ...request, greeting: 'ops.invalid' });
  expect(answers).toEqual(
    recipients.map((recipient) => ({ recipient, code: 0, text: 'connection refused' })),
  );
});

test('over STARTTLS the certificate is noted, and whether anybody trusts it; what was said before TLS is forgotten', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailversand-tls-'));
  const [key, crt] = [join(folder, 'key'), join(folder, 'crt')];
  const subject = ['-subj', '/CN=mail.musterstadt.example', '-days', '2'];
  const made = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    key,
    '-out',
    crt,
  ];
  execFileSync('openssl', ['req', '-x509', ...subject, ...made], { stdio: 'ignore' });
  const secureContext = createSecureContext({ key: readFileSync(key), cert: readFileSync(crt) });
  rmSync(folder, { recursive: true });
  let secured = false;
  const tls = (socket: Socket): void => {
    socket.removeAllListeners('data');
    // What somebody in between puts behind the answer must not count as said by the server (CVE-2011-0411).
    socket.write('220 go\r\n');
    const secure = new TLSSocket(socket, { isServer: true, secureContext });
    secure.on('error', () => undefined);
    secured = true;
    secure.on('data', (data: Buffer) => {
      const word = data.toString().slice(0, 4);
      secure.write(word === 'RCPT' ? '250 2.1.5 over TLS\r\n' : String(willing[word]));
    });
  };
  const { answer } = await probing({ ...willing, EHLO: '250-mail\r\n250 STARTTLS\r\n', STARTTLS: tls });
  expect(secured).toBe(true);
  expect(answer.recipients.map(({ text }) => text)).toEqual(['2.1.5 over TLS', '2.1.5 over TLS']);
  expect(answer.certificates).toHaveLength(1);
  expect(answer.certificates[0]?.der.length).toBeGreaterThan(200);
  expect(answer.untrusted).toMatch(/self.signed/i);
});
