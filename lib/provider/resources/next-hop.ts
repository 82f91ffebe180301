export interface NextHop {
  readonly address: string;
  readonly port: number;
  readonly tls: string;
}

/** `[10.128.0.1]:25=encrypt`: the TLS policy stands with its hop, because two domains may share one. */
export const formatNextHop = ({ address, port, tls }: NextHop): string => `[${address}]:${port}=${tls}`;

/** What a person wrote by hand is shown as it is, in the place of the address. */
export function parseNextHop(written: string): NextHop {
  const [, address = written, port = '0', tls = ''] = /^\[([^\]]*)\]:(\d+)=(.*)$/.exec(written) ?? [];
  return { address, port: Number(port), tls };
}
