import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sender } from '../../../lib/rehearsal/load/senders.js';

/** What the server does once it has a whole mail. */
type Answer = (socket: Socket) => void;
const taken: Answer = (socket) => socket.write('250 2.0.0 Ok\r\n');
const cut: Answer = (socket) => socket.destroy();

describe('handing mail over to a Postfix', () => {
  let folder: string;
  let server: Server;
  let sender: Sender;
  let connections = 0;
  const mails: string[] = [];

  /** An SMTP server that answers whole mails as told, the last answer again and again. */
  const listen = async (answers: Answer[], recipient = '250 2.1.5 Ok'): Promise<void> => {
    server = createServer((socket) => {
      connections += 1;
      let text = '';
      socket.setEncoding('latin1').write('220 mail.example ESMTP\r\n');
      socket
        .on('error', () => undefined)
        .on('data', (data: string) => {
          text += data;
          for (;;) {
            const data = text.startsWith('From:');
            const end = text.indexOf(data ? '\r\n.\r\n' : '\r\n');
            if (end < 0) return;
            const part = text.slice(0, end);
            text = text.slice(end + (data ? 5 : 2));
            if (data) {
              mails.push(part);
              ((answers.length > 1 ? answers.shift() : answers[0]) ?? taken)(socket);
            } else if (part.startsWith('EHLO')) socket.write('250-mail.example\r\n250 PIPELINING\r\n');
            else if (part.startsWith('RCPT')) socket.write(`${recipient}\r\n`);
            else socket.write(part === 'DATA' ? '354 End data\r\n' : '250 2.1.0 Ok\r\n');
          }
        });
    });
    await new Promise<void>((resolve) => server.listen(join(folder, 'socket'), resolve));
  };
  const send = () => sender.send('load-1@a.example', 'load-1@b.example', 2000);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailversand-test-'));
    sender = new Sender(join(folder, 'socket'));
    connections = 0;
    mails.length = 0;
  });
  afterEach(async () => {
    sender.stop();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  test('many mails go over one connection after the other', async () => {
    await listen([taken]);
    for (let n = 0; n < 5; n += 1) expect(await send()).toMatchObject({ repeated: false });
    expect([mails.length, connections]).toEqual([5, 1]);
  });

  test('more at once than there are connections wait for their turn', async () => {
    await listen([taken]);
    await Promise.all(Array.from({ length: 20 }, send));
    expect([mails.length, connections, sender.backlog]).toEqual([20, 4, 0]);
  });

  test('one whose connection is cut after DATA is sent again, and said to be', async () => {
    await listen([cut, taken]);
    expect(await send()).toMatchObject({ repeated: true });
    expect(mails).toHaveLength(2);
  });

  test('a server that is not there yet is asked again', async () => {
    const sending = send();
    await listen([taken]);
    expect(await sending).toMatchObject({ repeated: false });
  });

  test('a refusal for good is a mistake of the rehearsal and does not go unnoticed', async () => {
    await listen([taken], '554 5.7.1 no');
    await expect(send()).rejects.toThrow('554 5.7.1 no');
  });

  test('a large one has a connection of its own', async () => {
    await listen([taken]);
    await sender.sendLarge('load-2@a.example', 'load-2@b.example', 3_000_000);
    expect(mails[0]?.length).toBeGreaterThan(2_999_000);
  });

  test('after the end nobody waits', async () => {
    await listen([() => undefined]);
    const sending = Array.from({ length: 6 }, send);
    while (mails.length < 4) await new Promise((resolve) => setTimeout(resolve, 5));
    sender.stop();
    expect(await Promise.all(sending.slice(4))).toEqual([undefined, undefined]);
  });
});
