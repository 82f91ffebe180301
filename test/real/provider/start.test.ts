import { spawn, type ChildProcess } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import * as grpc from '@grpc/grpc-js';
import { jest } from '@jest/globals';
import { selfSignedCertificate, toPem } from '../../../lib/provider/protocol/certificate.js';
import { buildProgram } from './workspace.js';

jest.setTimeout(60_000);

// The program itself, as an engine starts it.

const cookie = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';
const [engine, stranger] = [selfSignedCertificate(), selfSignedCertificate()];

let folder: string;
let program: string;
const started: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailversand-start-'));
  program = await buildProgram(folder);
});

afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

function start(environment: Record<string, string>): ChildProcess {
  const child = spawn(program, [], { env: { PATH: process.env['PATH'], TMPDIR: folder, ...environment } });
  started.push(child);
  return child;
}

const asEngine = {
  TF_PLUGIN_MAGIC_COOKIE: cookie,
  PLUGIN_PROTOCOL_VERSIONS: '5,6',
  PLUGIN_CLIENT_CERT: toPem(engine.der),
};

async function handshake(child: ChildProcess): Promise<string[]> {
  const [data] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return data.toString().trim().split('|');
}

const clientOf = (socket: string, server: string, identity: typeof engine): grpc.Client =>
  new grpc.Client(
    `unix:${socket}`,
    grpc.credentials.createSsl(
      Buffer.from(toPem(Buffer.from(server, 'base64'))),
      Buffer.from(identity.key),
      Buffer.from(toPem(identity.der)),
    ),
    { 'grpc.ssl_target_name_override': 'localhost' },
  );

const call = (client: grpc.Client, path: string): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const plain = (bytes: Buffer) => bytes;
    client.makeUnaryRequest(
      path,
      plain,
      plain,
      Buffer.alloc(0),
      { deadline: Date.now() + 10_000 },
      (error, answer) => (error ? reject(error) : resolve(answer ?? Buffer.alloc(0))),
    );
  });

describe('the program', () => {
  test('started by a person says what it is, and ends', async () => {
    const child = start({});
    let said = '';
    child.stderr?.on('data', (data: Buffer) => (said += data.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect([code, said]).toEqual([1, expect.stringMatching(/provider for OpenTofu and Terraform/)]);
  });

  test('shakes hands in one line, serves its engine, refuses a stranger, and ends when told', async () => {
    const child = start(asEngine);
    const [core, protocol, network, socket = '', kind, certificate = ''] = await handshake(child);
    expect([core, protocol, network, kind]).toEqual(['1', '6', 'unix', 'grpc']);
    expect(new X509Certificate(Buffer.from(certificate, 'base64')).checkHost('localhost')).toBe('localhost');

    const outsider = clientOf(socket, certificate, stranger);
    await expect(call(outsider, '/tfplugin6.Provider/GetProviderSchema')).rejects.toMatchObject({
      code: grpc.status.UNAVAILABLE,
    });
    outsider.close();

    const client = clientOf(socket, certificate, engine);
    expect((await call(client, '/tfplugin6.Provider/GetProviderSchema')).length).toBeGreaterThan(1000);
    expect(await call(client, '/grpc.health.v1.Health/Check')).toEqual(Buffer.of(8, 1));
    await expect(call(client, '/tfplugin6.Provider/NewerThanThis')).rejects.toMatchObject({
      code: grpc.status.UNIMPLEMENTED,
    });
    const ended = once(child, 'close');
    await call(client, '/plugin.GRPCController/Shutdown');
    const asked = Date.now();
    expect((await ended)[0]).toBe(0);
    expect(Date.now() - asked).toBeLessThan(1500);
    expect(existsSync(socket)).toBe(false);
    client.close();
  });

  test('ends by itself when its engine was killed, and leaves no socket', async () => {
    const engineLike = spawn('sh', ['-c', `'${program}' & wait`], {
      env: { PATH: process.env['PATH'], TMPDIR: folder, ...asEngine },
    });
    started.push(engineLike);
    const [, , , socket = ''] = await handshake(engineLike);
    engineLike.kill('SIGKILL');
    const until = Date.now() + 15_000;
    while (existsSync(socket) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(readdirSync(folder).filter((name) => name.startsWith('mailversand-'))).toEqual([]);
  });
});
