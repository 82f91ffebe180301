import { request } from 'node:https';

/** An MTA-STS policy (RFC 8461 3.2). */
export interface StsPolicy {
  mode: string;
  /** Patterns: a host, or `*.` and a domain. */
  mx: string[];
  /** Seconds for which senders keep it. */
  maxAge: number;
}

/** @returns undefined where the text is no policy */
export function parsePolicy(text: string): StsPolicy | undefined {
  const fields = text.split(/\r?\n/).flatMap((line) => {
    const [, name, value] = /^([a-z_]+)\s*:\s*(\S+)\s*$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [{ name, value }];
  });
  const first = (wanted: string): string | undefined => fields.find(({ name }) => name === wanted)?.value;
  const mode = first('mode');
  const maxAge = Number(first('max_age'));
  if (first('version') !== 'STSv1' || mode === undefined || !Number.isInteger(maxAge)) return undefined;
  const mx = fields.filter(({ name }) => name === 'mx').map(({ value }) => value.toLowerCase());
  return { mode, mx, maxAge };
}

/** Whether a policy lets senders deliver to a host: a wildcard stands for exactly one label (RFC 8461 4.1). */
export const allowsHost = ({ mx }: StsPolicy, host: string): boolean =>
  mx.some((pattern) =>
    pattern.startsWith('*.') ? host.slice(host.indexOf('.')) === pattern.slice(1) : host === pattern,
  );

/** One line that stands for a policy in evidence, and back. */
export const policyText = ({ mode, mx, maxAge }: StsPolicy): string =>
  `mode=${mode} mx=${[...mx].sort().join(',')} max_age=${maxAge}`;

export function policyOfText(text: string): StsPolicy | undefined {
  const [, mode, mx, maxAge] = /^mode=(\S+) mx=(\S*) max_age=(\d+)$/.exec(text) ?? [];
  return mode === undefined || mx === undefined
    ? undefined
    : { mode, mx: mx.split(',').filter((pattern) => pattern !== ''), maxAge: Number(maxAge) };
}

export interface PolicyRequest {
  domain: string;
  /** IPv4 address of `mta-sts.DOMAIN`. */
  address: string;
  /** @default 443 */
  port?: number;
  /** Trusted authorities, PEM. @default those of the machine's Node */
  ca?: string;
  /** @default 10 000 */
  timeoutMs?: number;
}

const longestPolicy = 65_536;

/**
 * Fetches a policy as a sender does: over https with a certificate that is valid for the policy host, without
 * following redirects (RFC 8461 3.3).
 * @throws Error with the reason
 */
export function fetchPolicy({
  domain,
  address,
  port = 443,
  ca,
  timeoutMs = 10_000,
}: PolicyRequest): Promise<StsPolicy> {
  const host = `mta-sts.${domain}`;
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        host: address,
        servername: host,
        port,
        path: '/.well-known/mta-sts.txt',
        headers: { host },
        timeout: timeoutMs,
        signal: AbortSignal.timeout(2 * timeoutMs),
        ...(ca === undefined ? {} : { ca }),
      },
      (response) => {
        let text = '';
        response.on('data', (data: Buffer) => {
          text += data.toString();
          if (text.length > longestPolicy) asking.destroy(new Error('the policy is longer than 64 kB'));
        });
        // A server that hangs up in the middle is an error of the answer, not of the question.
        response.once('error', reject);
        response.once('end', () => {
          const policy = response.statusCode === 200 ? parsePolicy(text) : undefined;
          if (policy) resolve(policy);
          else reject(new Error(`it answers ${response.statusCode ?? 0} and no policy`));
        });
      },
    );
    asking.once('timeout', () => asking.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    asking.once('error', reject);
    asking.end();
  });
}
