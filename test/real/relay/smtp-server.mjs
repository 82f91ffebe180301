// A mail server of a test: takes mail as its rules say and tells what it took, a line of JSON each.
//   node smtp-server.mjs ADDRESS PORT NAME [KEY CERTIFICATE]
// Rules come as lines of JSON and count from the next command on; `null` takes one away:
//   mail, rcpt, data   the answer to that command (rcpt: an object from recipient, or *, to the answer)
//   silent             true: takes connections and says nothing
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { TLSSocket } from 'node:tls';

const [address, port, name, keyFile, certificateFile] = process.argv.slice(2);
const tls = keyFile && { key: readFileSync(keyFile), cert: readFileSync(certificateFile), isServer: true };
let rules = {};
const say = (what) => console.log(JSON.stringify(what));

const answerTo = (recipient) => rules.rcpt?.[recipient] ?? rules.rcpt?.['*'] ?? '250 2.1.5 Ok';

function serve(socket, secured) {
  let rest = '';
  let mail = { from: '', to: [] };
  let body;
  const reply = (line) => socket.write(`${line}\r\n`);
  const command = (line) => {
    const [verb = ''] = line.toUpperCase().split(/[ :]/);
    const path = /<([^>]*)>/.exec(line)?.[1] ?? '';
    if (verb === 'EHLO') {
      reply(
        `250-${name}\r\n250-SIZE 0\r\n250-8BITMIME${tls && !secured ? '\r\n250-STARTTLS' : ''}\r\n250 PIPELINING`,
      );
    } else if (verb === 'STARTTLS') {
      reply('220 2.0.0 Ready');
      socket.removeAllListeners();
      serve(new TLSSocket(socket, tls), true);
    } else if (verb === 'MAIL') {
      mail = { from: path, to: [] };
      reply(rules.mail ?? '250 2.1.0 Ok');
    } else if (verb === 'RCPT') {
      const answer = answerTo(path);
      say({ rcpt: path, answer });
      if (answer.startsWith('2')) mail.to.push(path);
      reply(answer);
    } else if (verb === 'DATA') {
      if (mail.to.length === 0) return reply('554 5.5.1 No valid recipients');
      body = [];
      reply('354 Go on');
    } else if (verb === 'QUIT') {
      socket.end('221 2.0.0 Bye\r\n');
    } else reply('250 2.0.0 Ok');
  };
  const ended = () => {
    const message = Buffer.concat(body).toString('latin1').replace(/^\.\./gm, '.');
    body = undefined;
    const answer = rules.data ?? '250 2.0.0 Ok';
    if (answer.startsWith('2'))
      say({ mail: { ...mail, tls: secured, size: message.length, text: message.slice(0, 20_000) } });
    reply(answer);
  };
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    if (body) {
      // The end may be cut between two chunks, and the next command may stand behind it.
      const joined = Buffer.concat([body.pop() ?? Buffer.alloc(0), chunk]);
      const end = joined.indexOf('\r\n.\r\n');
      if (end < 0) {
        body.push(joined.subarray(0, -4), joined.subarray(-4));
        return;
      }
      body.push(joined.subarray(0, end + 2));
      ended();
      chunk = joined.subarray(end + 5);
    }
    rest += chunk.toString('latin1');
    for (;;) {
      const end = rest.indexOf('\r\n');
      if (end < 0) break;
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      command(line);
      if (body) {
        if (rest) socket.emit('data', Buffer.from(rest, 'latin1'));
        rest = '';
        break;
      }
    }
  });
  if (!secured) {
    say({ connected: true });
    if (!rules.silent) reply(`220 ${name} ESMTP`);
  }
}

createInterface(process.stdin).on('line', (line) => {
  rules = { ...rules, ...JSON.parse(line) };
  say({ rules: true });
});
createServer((socket) => serve(socket, false)).listen(Number(port), address, () => say({ listening: true }));
