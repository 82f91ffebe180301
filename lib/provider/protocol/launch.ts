import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromPem, selfSignedCertificate, toPem } from './certificate.js';
import { grpcServer, type Methods } from './grpc.js';
import { log } from './log.js';
import type { Method } from './service.js';
import { varintField } from './wire.js';

/** What the engine says to prove that it, and not a person, started the program. */
const magicCookie = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';

/** What is served; loaded while the engine still reads the handshake. */
export interface Launchable {
  methods: Record<string, Method>;
  close(): Promise<void>;
}

/** A process, as far as launching needs it. */
export interface Host {
  environment: Record<string, string | undefined>;
  /** Writes to standard output. */
  print: (line: string) => void;
  exit: (code: number, message?: string) => void;
}

/**
 * HashiCorp's go-plugin, server side: shakes hands on standard output, serves tfplugin6 on a socket with
 * mutual TLS, and ends when the engine says so or is gone.
 */
export function launch(load: () => Promise<Launchable>, { environment, print, exit }: Host): void {
  const refusal = refuse(environment);
  if (refusal !== undefined) return exit(1, refusal);

  const socket = join(
    environment['PLUGIN_UNIX_SOCKET_DIR'] ?? tmpdir(),
    `mailversand-${process.pid}-${randomBytes(4).toString('hex')}`,
  );
  let served: Promise<Launchable> | undefined;
  const serve = (): Promise<Launchable> => (served ??= load());
  const end = async (): Promise<void> => {
    rmSync(socket, { force: true });
    setTimeout(() => exit(0), 1000);
    await served
      ?.then((launchable) => launchable.close())
      .catch((error: unknown) => log('warn', String(error)));
    exit(0);
  };

  const { key, der } = selfSignedCertificate();
  const client = fromPem(environment['PLUGIN_CLIENT_CERT'] ?? '');
  const server = grpcServer({ key, cert: toPem(der), client }, methodsOf(serve), () => void end());
  server.on('error', (error: Error) => exit(1, `The provider cannot listen on ${socket}: ${error.message}`));
  process.umask(0o077);
  server.listen(socket, () => {
    print(`1|6|unix|${socket}|grpc|${der.toString('base64').replaceAll('=', '')}\n`);
    Promise.all([serve(), import('node:http2')]).catch((error: unknown) => log('error', String(error)));
  });
  outliveNoEngine(end);
}

function refuse(environment: Host['environment']): string | undefined {
  if (environment['TF_PLUGIN_MAGIC_COOKIE'] !== magicCookie)
    return 'This is a provider for OpenTofu and Terraform. They start it themselves; there is nothing to do with it by hand.';
  if (!(environment['PLUGIN_PROTOCOL_VERSIONS'] ?? '6').split(',').includes('6'))
    return 'This provider speaks plugin protocol 6, the engine does not: take OpenTofu or Terraform 1.8 or newer.';
  if (environment['PLUGIN_CLIENT_CERT'] === undefined)
    return 'The engine offers no client certificate, and without one this provider serves nobody.';
  return undefined;
}

const methodsOf =
  (serve: () => Promise<Launchable>): Methods =>
  async (path) => {
    const [, service, method = ''] = path.split('/');
    switch (service) {
      case 'tfplugin6.Provider':
        return (await serve()).methods[method];
      case 'grpc.health.v1.Health':
        return method === 'Check' ? () => varintField(1, 1) : undefined;
      case 'plugin.GRPCController':
        // Shutdown. The engine waits two seconds for a process that stays.
        return 'end';
      case 'plugin.GRPCStdio':
      case 'plugin.GRPCBroker':
        return 'hold';
      default:
        return undefined;
    }
  };

/**
 * An interrupt at the terminal reaches the whole process group: the engine decides what it means, as it does
 * for every plugin. An engine that was killed says nothing: its child notices by its new parent.
 */
function outliveNoEngine(end: () => Promise<void>): void {
  process.on('SIGINT', () => log('debug', 'interrupt left to the engine'));
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void end();
  }, 1000).unref();
}
