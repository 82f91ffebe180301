import { createSocket } from 'node:dgram';
import { join } from 'node:path';
import { decode, encode, type Answer } from 'dns-packet';
import { ExitCode } from '../../../lib/cli/exit.js';
import { runProgram } from '../../../lib/cli/program.js';
import { removeFolders, testIo } from '../harness.js';
import { platform, project } from './project.js';

afterEach(removeFolders);

describe('vorabpruefung in a rehearsal’s shell', () => {
  const nullMx = (name: string): Answer => ({ type: 'MX', name, data: { preference: 0, exchange: '.' } });

  /** A name server with nothing but a null MX, for every name. */
  async function nameServer(work: (port: number) => Promise<void>): Promise<void> {
    const server = createSocket('udp4');
    server.on('message', (question, { port, address }) => {
      const { id, questions = [] } = decode(question);
      const answers = questions.flatMap(({ type, name }) => (type === 'MX' ? [nullMx(name)] : []));
      server.send(encode({ id, type: 'response', questions, answers }), port, address);
    });
    await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
    await work(server.address().port).finally(() => server.close());
  }

  test('asks the rehearsal’s name server at its desk', async () => {
    await nameServer(async (port) => {
      const own = platform.replace('resolver: 203.0.113.53', `resolver: 127.0.0.1:${port}`);
      const cwd = project({ 'stacks/platforms/rehearsal.yaml': own });
      const io = testIo({ cwd, env: { MAILVERSAND_REHEARSAL: cwd, MAILVERSAND_AT_DESK: '1' } });
      const exit = await runProgram(['vorabpruefung', 'musterstadt.example'], io);
      expect([exit, io.printed.out]).toEqual([
        ExitCode.failed,
        expect.stringContaining('Die Domain erklärt mit einem Null-MX'),
      ]);
    });
  });

  test('says nothing about this machine’s own network', async () => {
    const cwd = project();
    const io = testIo({ cwd, env: { MAILVERSAND_REHEARSAL: join(cwd, 'ended') } });
    expect(await runProgram(['vorabpruefung', 'musterstadt.example'], io)).toBe(ExitCode.failed);
    expect(io.printed).toEqual({ out: '', note: '' });
  });
});
