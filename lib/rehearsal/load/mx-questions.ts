import { createSocket } from 'node:dgram';

// A program of its own, run in the network of a host of the rehearsal:
//   node mx-questions.js SERVER QUESTIONS-A-SECOND DOMAIN…
// asks an authoritative server for the domains' MX in turn and prints, four times a second, a line of JSON: Counts.

/** Of everything since the start. */
export interface Counts {
  asked: number;
  answered: number;
  /** An answer, but no record in it. */
  empty: number;
}

/** A DNS question (RFC 1035, section 4.1): one name, type MX, class IN. */
export function question(domain: string): Buffer {
  const labels = domain.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]);
  const header = Buffer.from([0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([header, ...labels, Buffer.from([0, 0, 15, 0, 1])]);
}

/** Whether an answer has no record: no such name, a failure and a refusal too. */
export const isEmpty = (answer: Buffer): boolean => answer.readUInt16BE(6) === 0;

const tick = 10;
/** What a pause of the machine may make up for at once; more would be lost in the socket. */
const burst = 200;

function ask(server: string, perSecond: number, domains: string[]): void {
  const counts: Counts = { asked: 0, answered: 0, empty: 0 };
  const questions = domains.map(question);
  const socket = createSocket('udp4');
  socket.on('message', (answer) => {
    counts.answered += 1;
    if (isEmpty(answer)) counts.empty += 1;
  });
  // While the server is down the kernel says so; what is asked then is not answered, and counted as that.
  socket.on('error', () => undefined);
  socket.connect(53, server, () => {
    const began = process.hrtime.bigint();
    setInterval(() => {
      const due = Math.floor((Number(process.hrtime.bigint() - began) / 1e9) * perSecond);
      for (let n = 0; n < burst && counts.asked < due; n += 1) {
        socket.send(questions[counts.asked % questions.length] ?? '', () => undefined);
        counts.asked += 1;
      }
    }, tick);
    setInterval(() => process.stdout.write(`${JSON.stringify(counts)}\n`), 250);
  });
  process.stdout.on('error', () => process.exit(0));
}

const [server, perSecond, ...domains] = process.argv.slice(2);
if (process.argv[1]?.endsWith('mx-questions.js') === true && server !== undefined) {
  ask(server, Number(perSecond), domains);
}
