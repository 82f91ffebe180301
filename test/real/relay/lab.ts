import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Element, Target } from '../../../lib/provider/element.js';
import type { OpenTargets } from '../../../lib/provider/targets/index.js';
import { installFarEnd, localTargets, Namespace, put, removeFarEnd, type FarEnd } from '../targets/lab.js';
import { startRelay, type RunningPostfix } from '../targets/postfix.js';
import { MailServer, until } from './mail-server.js';

export const owned = { owner: '15001001', instance: 'i', order: 'MP-1' };

export const route = (domain: string, ...hops: string[]): Element => ({
  map: 'transport',
  key: [domain],
  value: hops,
  ...owned,
});
export const accepted = (of: 'internal' | 'ndb' | 'internet', domain: string): Element => ({
  map: `accept_${of}`,
  key: [domain],
  value: ['OK'],
  ...owned,
});
/** Limits of size as a route has them, before its next hops. */
export const limits = (internal: number, internet: number): string[] => [
  `internal=${internal}`,
  `internet=${internet}`,
];
export const client = (address: string, foreign: 'defer' | 'refuse', ...domains: string[]): Element => ({
  map: 'clients',
  key: [address],
  value: [foreign, ...domains],
  ...owned,
});

/** What an SMTP dialogue said last, and whether the server took the mail. */
interface Answer {
  ok: boolean;
  answer: string;
}

/** Sends one mail from an address to an address, as a mail server would; envelope and text as given. */
const sending = `
import json, smtplib, sys
request = json.loads(sys.stdin.read())
client = smtplib.SMTP(request['host'], request.get('port', 25), 'client.example', 600, (request['from'], 0))
try:
    client.ehlo()
    if request.get('unannounced'): del client.esmtp_features['size']
    refused = client.sendmail(request['sender'], request['to'], request['text'].encode('latin1'))
    print(json.dumps({'ok': True, 'answer': json.dumps({k: v[1].decode() for k, v in refused.items()})}))
except smtplib.SMTPRecipientsRefused as e:
    code, text = list(e.recipients.values())[0]
    print(json.dumps({'ok': False, 'answer': f'{code} {text.decode()}'}))
except smtplib.SMTPResponseException as e:
    print(json.dumps({'ok': False, 'answer': f'{e.smtp_code} {e.smtp_error.decode()}'}))
`;

export interface Sent {
  /** Listener of the relay. */
  host: string;
  /** Address from which it is sent. */
  from: string;
  sender: string;
  to: string[];
  text: string;
  /** MAIL does not say how large the mail is. */
  unannounced?: boolean;
}

/** A relay as templates/relay describes it, with everybody around it on the loopback of one namespace. */
export class RelayLab {
  private readonly servers: MailServer[] = [];

  private constructor(
    readonly host: Namespace,
    readonly farEnd: FarEnd,
    readonly postfix: RunningPostfix,
    readonly targets: OpenTargets,
  ) {}

  /** @param zones zone files of domains on the Internet, by domain; @param main lines behind main.cf */
  static async open(main: string[] = [], zones: Record<string, string[]> = {}): Promise<RelayLab> {
    const farEnd = installFarEnd();
    const host = new Namespace();
    startNameServer(farEnd.folder, host, zones);
    const resolver = join(farEnd.folder, 'resolv.conf');
    writeFileSync(resolver, 'nameserver 127.0.0.53\n');
    const postfix = await startRelay(farEnd, host, main, [`${resolver} /etc/resolv.conf`]);
    const targets = localTargets(farEnd, postfix.enter);
    const base: Element = { map: 'base', key: ['relay1'], value: [], owner: 'platform' };
    await put(targets({ kind: 'relay-base', name: 'relay1' }), base);
    return new RelayLab(host, farEnd, postfix, targets);
  }

  get relay(): Target {
    return this.targets({ kind: 'relay', name: 'relay1' });
  }

  /** Gives an address to somebody in the namespace. */
  address(address: string): void {
    this.host.ip(`addr add ${address}/32 dev lo`);
  }

  async server(address: string, name: string, tls = false): Promise<MailServer> {
    this.address(address);
    return this.again(address, name, tls);
  }

  /** A server at an address that was there before. */
  async again(address: string, name: string, tls = false): Promise<MailServer> {
    const server = await MailServer.start(this.host, address, name, tls ? this.farEnd.folder : undefined);
    this.servers.push(server);
    return server;
  }

  put(...elements: Element[]): Promise<void> {
    return put(this.relay, ...elements);
  }

  async clear(): Promise<void> {
    await this.relay.apply({ expect: [], put: [], remove: await this.relay.list() });
  }

  /** Sends a mail; `ok` if at least one recipient was taken. */
  send(mail: Sent): Answer {
    const [program, ...args] = [...this.host.enter, 'python3', '-c', sending];
    return JSON.parse(
      execFileSync(program, args, { encoding: 'utf8', input: JSON.stringify(mail), maxBuffer: 1 << 20 }),
    ) as Answer;
  }

  /** Waits until the relay's log says this. */
  async logged(pattern: RegExp): Promise<string> {
    return until(() => pattern.exec(this.postfix.log())?.[0], `a line ${pattern.source} in the log`);
  }

  count(pattern: RegExp): number {
    return [...this.postfix.log().matchAll(pattern)].length;
  }

  /** Runs a program beside the relay's Postfix. */
  run(...command: string[]): string {
    const [program = '', ...args] = [...this.postfix.enter, ...command];
    return execFileSync(program, args, { encoding: 'utf8' });
  }

  async close(): Promise<void> {
    for (const server of this.servers) server.stop();
    await this.targets.close();
    await this.postfix.stop();
    this.host.remove();
    removeFarEnd(this.farEnd);
  }
}

/** Knot on the namespace's loopback, with these zones. */
function startNameServer(folder: string, host: Namespace, zones: Record<string, string[]>): void {
  const dns = join(folder, 'dns');
  mkdirSync(dns);
  const zoneLines = Object.entries(zones).flatMap(([name, records]) => {
    const head = [
      `$ORIGIN ${name}.`,
      '@ 1 IN SOA ns hostmaster 1 60 60 60 1',
      '@ 1 IN NS ns',
      'ns 1 A 127.0.0.53',
    ];
    writeFileSync(join(dns, `${name}.zone`), [...head, ...records, ''].join('\n'));
    return [`  - domain: ${name}`, `    file: ${dns}/${name}.zone`];
  });
  const lines = [
    'server:',
    `  rundir: ${dns}`,
    '  listen: 127.0.0.53@53',
    'database:',
    `  storage: ${dns}`,
    'zone:',
    ...zoneLines,
    '',
  ];
  writeFileSync(join(dns, 'knot.conf'), lines.join('\n'));
  host.start('knotd', '-c', join(dns, 'knot.conf'));
}

/**
 * The text of a mail with a subject by which it is found.
 * @param bytes of all of it, as they count on the wire, lines' ends included; 0: a short one
 * @param width of its lines, at most
 */
export function mailText(subject: string, bytes = 0, width = 74): string {
  const head = `From: <a@muster.example>\r\nSubject: ${subject}\r\n\r\n`;
  const body = Math.max(width + 2, bytes - head.length);
  // The first line has what is over, so that no line is without a letter.
  const lines = Math.floor(body / (width + 2)) - 1;
  const first = body - lines * (width + 2) - 2;
  return `${head}${'x'.repeat(first)}\r\n${`${'x'.repeat(width)}\r\n`.repeat(lines)}`;
}
