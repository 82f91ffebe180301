import type { Namespace } from './lab.js';

const dialogue = `
const [host, localAddress, ...lines] = process.argv.slice(1);
const socket = require('net').connect({ host, port: 25, localAddress });
const answers = [];
const wanted = lines.length + 1;
let text = '';
socket.on('data', (data) => {
  text += data;
  if (!/^\\d{3} .*\\r\\n$/m.test(text)) return;
  answers.push(text.trim());
  text = '';
  socket.write((lines.shift() ?? 'QUIT') + '\\r\\n');
});
socket.on('error', () => {});
socket.on('close', () => console.log(JSON.stringify(answers.slice(0, wanted))));`;

/** Says one line after the other to an SMTP server, after EHLO, and gives the last answer of each, the banner first. */
export const say = (host: Namespace, to: string, from: string, ...lines: string[]): string[] =>
  JSON.parse(host.run('node', '-e', dialogue, to, from, 'EHLO x.example', ...lines)) as string[];
