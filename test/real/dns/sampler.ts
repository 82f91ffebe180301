import { createSocket } from 'node:dgram';
import { decode, encode } from 'dns-packet';
import { setImmediate as next } from 'node:timers/promises';

export interface Samples {
  answers: number;
  empty: number;
  /** Distinct answers, `TTL preference exchange` each, joined. */
  seen: Set<string>;
}

/**
 * Asks a loopback server for a name's MX until stopped: as fast as it can with 50 questions in flight, or with a
 * pause before each, where other programs need the processors.
 */
export function sampleMx(
  port: number,
  name: string,
  pauseMs = 0,
): { samples: Samples; stop(): Promise<void> } {
  const socket = createSocket('udp4');
  const samples: Samples = { answers: 0, empty: 0, seen: new Set() };
  const question = encode({ type: 'query', id: 1, questions: [{ type: 'MX', name: name.slice(0, -1) }] });
  let stopped = false;
  const ask = (): void => {
    if (!stopped) socket.send(question);
  };
  socket.on('message', (message) => {
    const answers = decode(message).answers ?? [];
    samples.answers++;
    if (answers.length === 0) samples.empty++;
    samples.seen.add(
      answers
        .map((one) =>
          one.type === 'MX' ? `${one.ttl} ${one.data.preference} ${one.data.exchange}` : one.type,
        )
        .sort()
        .join(', '),
    );
    if (pauseMs === 0) ask();
    else setTimeout(ask, pauseMs);
  });
  socket.connect(port, '127.0.0.1', () => Array.from({ length: pauseMs === 0 ? 50 : 2 }, ask));
  return {
    samples,
    async stop() {
      stopped = true;
      await next();
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}
