import { selfSignedCertificate, toPem } from '../lib/provider/protocol/certificate.js';
import { medians } from './hyperfine.js';
import type { Figure } from './report.js';

/** What the engine says to a provider that it starts. */
const ENGINE = {
  PLUGIN_CLIENT_CERT: toPem(selfSignedCertificate().der),
  TF_PLUGIN_MAGIC_COOKIE: 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2',
  PLUGIN_PROTOCOL_VERSIONS: '5,6',
};

/** Runs a command until its first line on standard output. */
const toFirstLine = (command: string): string => `bash -c 'exec 3< <(exec ${command}); read -r <&3; kill $!'`;

/** From the start of the provider to its handshake line, against a bare Node that prints a line. */
export async function handshake(provider: string): Promise<Figure> {
  const [seconds = NaN, baselineSeconds = NaN] = await medians(
    [
      { name: 'provider', command: toFirstLine(provider) },
      { name: 'node', command: toFirstLine('node -e "console.log(1); setInterval(Date.now, 1e6)"') },
    ],
    { runs: 20, env: ENGINE },
  );
  return {
    what: 'provider to its handshake',
    seconds,
    baseline: 'bare Node to a line',
    baselineSeconds,
    goal: 1.6,
  };
}
