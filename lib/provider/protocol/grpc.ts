import type { ServerHttp2Stream } from 'node:http2';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { log } from './log.js';
import type { Method } from './service.js';

/** `hold` leaves a stream open without ever saying anything; `end` answers with nothing and then ends the program. */
export type Handler = Method | 'hold' | 'end';
/** By `/package.Service/Method`. */
export type Methods = (path: string) => Promise<Handler | undefined>;

const status = { ok: '0', resourceExhausted: '8', unimplemented: '12', internal: '13' } as const;

/** State and schema of one request: far above what a municipality has, far below what hurts. */
const largestRequest = 64 * 1024 * 1024;

export interface Identity {
  /** PEM. */
  key: string;
  cert: string;
  /** The one client certificate that is served, DER. */
  client: Buffer;
}

/**
 * gRPC over HTTP/2, server side, without compression: a request is a POST whose body is one message with five
 * bytes before it, the answer ends in trailers with a status. Node's own HTTP/2 does everything else, in a
 * third of the time that a gRPC library needs to load; and it too is loaded only when somebody connects.
 */
export function grpcServer({ key, cert, client }: Identity, methods: Methods, end: () => void): Server {
  // The empty list of authorities spares Node the reading of its own, half of the whole start. The client proves
  // that it has the key to its certificate, and which certificate that must be is compared here.
  const tls = { key, cert, ca: [], requestCert: true, rejectUnauthorized: false, ALPNProtocols: ['h2'] };
  return createServer(tls, (socket) => {
    socket.on('error', (error: Error) => log('debug', error.message));
    if (isClient(socket, client)) void serve(socket, methods, end);
    else {
      log('warn', 'a connection with another client certificate was refused');
      socket.destroy();
    }
  });
}

const isClient = (socket: TLSSocket, expected: Buffer): boolean =>
  socket.getPeerX509Certificate()?.raw.equals(expected) ?? false;

async function serve(socket: TLSSocket, methods: Methods, end: () => void): Promise<void> {
  const { performServerHandshake } = await import('node:http2');
  const session = performServerHandshake(socket);
  session.on('error', (error: Error) => log('warn', error.message));
  session.on('stream', (stream, headers) => {
    stream.on('error', (error) => log('debug', error.message));
    void answer(stream, () => methods(String(headers[':path'])), end);
  });
}

async function answer(
  stream: ServerHttp2Stream,
  find: () => ReturnType<Methods>,
  end: () => void,
): Promise<void> {
  try {
    const method = await find();
    if (method === 'hold') return stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    if (method === 'end') {
      stream.once('close', end);
      return finish(stream, Buffer.alloc(0));
    }
    if (method === undefined) return refuse(stream, status.unimplemented, 'not served by this provider');
    const request = await readMessage(stream);
    if (request === undefined)
      return refuse(stream, status.resourceExhausted, 'request is too large or compressed');
    finish(stream, await method(request));
  } catch (error) {
    refuse(stream, status.internal, String(error));
  }
}

/** undefined: not a single plain message of acceptable size. */
async function readMessage(stream: ServerHttp2Stream): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > largestRequest) return undefined;
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  const plain = body.length >= 5 && body[0] === 0 && body.readUInt32BE(1) === body.length - 5;
  return plain ? body.subarray(5) : undefined;
}

function finish(stream: ServerHttp2Stream, message: Buffer): void {
  if (stream.destroyed) return;
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status.ok }));
  stream.end(Buffer.concat([prefix, message]));
}

/** A "trailers-only" answer. */
function refuse(stream: ServerHttp2Stream, code: string, message: string): void {
  if (stream.destroyed || stream.headersSent) return;
  stream.respond(
    {
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-status': code,
      'grpc-message': encodeURI(message),
    },
    { endStream: true },
  );
}
