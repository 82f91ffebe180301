import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import * as grpc from '@grpc/grpc-js';
import { fromPem, selfSignedCertificate, toPem } from '../../../lib/provider/protocol/certificate.js';
import { grpcServer, type Handler } from '../../../lib/provider/protocol/grpc.js';

// Against a gRPC library's client, as the engine's is one.

const [own, friend, stranger] = [selfSignedCertificate(), selfSignedCertificate(), selfSignedCertificate()];
const methods: Partial<Record<string, Handler>> = {
  '/test/Echo': (request) => request,
  '/test/Fail': () => Promise.reject(new Error('boom, and ü')),
  '/test/Hold': 'hold',
  '/test/End': 'end',
};
let ended = 0;
let folder: string;
let server: Server;
let client: grpc.Client;

const clientWith = (identity: typeof own): grpc.Client =>
  new grpc.Client(
    `unix:${join(folder, 's')}`,
    grpc.credentials.createSsl(
      Buffer.from(toPem(own.der)),
      Buffer.from(identity.key),
      Buffer.from(toPem(identity.der)),
    ),
    { 'grpc.ssl_target_name_override': 'localhost', 'grpc.max_receive_message_length': -1 },
  );

const call = (path: string, request: Buffer, through = client): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const plain = (bytes: Buffer) => bytes;
    const deadline = { deadline: Date.now() + 5000 };
    through.makeUnaryRequest(path, plain, plain, request, deadline, (error, answer) =>
      error ? reject(error) : resolve(answer ?? Buffer.alloc(0)),
    );
  });

beforeAll(async () => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  folder = mkdtempSync(join(tmpdir(), 'mailversand-grpc-'));
  server = grpcServer(
    { key: own.key, cert: toPem(own.der), client: fromPem(toPem(friend.der)) },
    (path) => Promise.resolve(methods[path]),
    () => (ended += 1),
  );
  await new Promise<void>((resolve) => server.listen(join(folder, 's'), resolve));
  client = clientWith(friend);
});

afterAll(() => {
  client.close();
  server.close();
  rmSync(folder, { recursive: true });
});

describe('gRPC', () => {
  test.each([0, 1, 70_000, 6_000_000])('a message of %i bytes goes there and back', async (size) => {
    const message = Buffer.alloc(size, 'x');
    expect((await call('/test/Echo', message)).equals(message)).toBe(true);
  });

  test('many at once do not mix', async () => {
    const messages = Array.from({ length: 50 }, (_, i) => Buffer.from(`message ${i}`));
    const answers = await Promise.all(messages.map((message) => call('/test/Echo', message)));
    expect(answers.map(String)).toEqual(messages.map(String));
  });

  test('what is not served says so', async () => {
    await expect(call('/test/Other', Buffer.alloc(0))).rejects.toMatchObject({
      code: grpc.status.UNIMPLEMENTED,
    });
  });

  test('a fault is an answer, with its words', async () => {
    await expect(call('/test/Fail', Buffer.alloc(0))).rejects.toMatchObject({
      code: grpc.status.INTERNAL,
      details: 'Error: boom, and ü',
    });
  });

  test('a held stream says nothing and ends with the client', async () => {
    const plain = (bytes: Buffer) => bytes;
    const stream = client.makeServerStreamRequest('/test/Hold', plain, plain, Buffer.alloc(0));
    const code = new Promise((resolve) =>
      stream.on('error', (error: grpc.ServiceError) => resolve(error.code)),
    );
    await call('/test/Echo', Buffer.alloc(0));
    stream.cancel();
    expect(await code).toBe(grpc.status.CANCELLED);
  });

  test('the last answer goes out before the program ends', async () => {
    expect((await call('/test/End', Buffer.alloc(0))).length).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ended).toBe(1);
  });

  test('nobody is served without a certificate', async () => {
    const trusted = grpc.credentials.createSsl(Buffer.from(toPem(own.der)));
    const other = new grpc.Client(`unix:${join(folder, 's')}`, trusted, {
      'grpc.ssl_target_name_override': 'localhost',
    });
    await expect(call('/test/Echo', Buffer.alloc(0), other)).rejects.toMatchObject({
      code: grpc.status.UNAVAILABLE,
    });
    other.close();
  });

  test('a stranger’s certificate is refused', async () => {
    const other = clientWith(stranger);
    await expect(call('/test/Echo', Buffer.alloc(0), other)).rejects.toMatchObject({
      code: grpc.status.UNAVAILABLE,
    });
    other.close();
  });
});
