import { randomBytes } from 'node:crypto';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout, Party } from './layout.js';
import { receivedHops, type Received } from './received.js';
import { RehearsalError } from './error.js';
import type { World } from './world.js';

export interface MailRequest {
  /** `internet`, `tenant`, `ndb`, the id of a municipality, or a domain of one of them. */
  from: string;
  /** The same. */
  to: string;
  /** Size of the whole message in bytes, about. @default 2000 */
  sizeBytes?: number;
  /** How long to wait for it. @default 20 000 */
  timeoutMs?: number;
}

export interface MailResult {
  delivered: boolean;
  /** Unique; local part of the recipient's address, so no cache knows it. */
  correlation: string;
  received: Received[];
  seconds: number;
  /** What queues and logs say about a mail that did not arrive. */
  why?: string;
}

const pollInterval = 25;
const line = `${'x'.repeat(76)}\n`;

function message(from: string, to: string, correlation: string, size: number): string {
  const head = `From: <${from}>\nTo: <${to}>\nSubject: rehearsal ${correlation}\nMessage-ID: <${correlation}@rehearsal.example>\n\n`;
  return head + line.repeat(Math.max(1, Math.floor((size - head.length) / line.length)));
}

/** Sends one real mail through the sender's own Postfix and waits until the recipient's Maildir has it. */
export async function sendMail(world: World, layout: Layout, request: MailRequest): Promise<MailResult> {
  const sender = partyOf(layout, request.from);
  const recipient = partyOf(layout, request.to);
  const domain = domainOf(recipient, request.to);
  const correlation = `probe-${randomBytes(6).toString('hex')}`;
  const from = `${correlation}@${domainOf(sender, request.from)}`;
  const to = `${correlation}@${domain}`;
  const start = Date.now();
  const seconds = (): number => (Date.now() - start) / 1000;
  await world.must(
    world.enter(sender.name),
    ['/usr/sbin/sendmail', '-i', '-f', from, to],
    message(from, to, correlation, request.sizeBytes ?? 2000),
  );
  const arrived = mailbox(join(world.hostFolder(recipient.name), 'var/mail/all/new'), correlation);
  const timeout = request.timeoutMs ?? 20_000;
  while (seconds() * 1000 <= timeout) {
    const head = await arrived();
    if (head !== undefined)
      return { delivered: true, correlation, received: receivedHops(head), seconds: seconds() };
    await new Promise((resolve) => setTimeout(resolve, pollInterval));
  }
  const hosts = [...new Set([sender.name, 'relay', recipient.name])];
  const why = (await Promise.all(hosts.map((host) => whatIsKnown(world, host, correlation)))).join('\n');
  return { delivered: false, correlation, received: [], seconds: seconds(), why };
}

function partyOf(layout: Layout, name: string): Party {
  const party = layout.parties.find(
    (candidate) => candidate.name === name || candidate.domains.includes(name),
  );
  if (party) return party;
  const known = layout.parties.map((candidate) => candidate.name).join(', ');
  throw new RehearsalError(`Nobody in this rehearsal is called ${name}; there are ${known}.`);
}

/** The domain that was asked for, or the party's first. */
function domainOf(party: Party, asked: string): string {
  const domain = party.domains.includes(asked) ? asked : party.domains[0];
  if (domain !== undefined) return domain;
  throw new RehearsalError(`${party.name} has no domain to send mail from or to.`);
}

/** Asks a Maildir, again and again, for the one mail; what was looked at once is not read again. */
function mailbox(folder: string, correlation: string): () => Promise<string | undefined> {
  const seen = new Set<string>();
  return async () => {
    const names = await readdir(folder).catch(() => []);
    for (const name of names.filter((candidate) => !seen.has(candidate))) {
      seen.add(name);
      const head = await readHead(join(folder, name));
      if (head.includes(`Subject: rehearsal ${correlation}`)) return head;
    }
    return undefined;
  };
}

async function readHead(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16_384), 0, 16_384, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The queue's and the log's lines about one mail on one host. */
async function whatIsKnown(world: World, host: string, correlation: string): Promise<string> {
  const queue = await world.run(world.enter(host), ['postqueue', '-j']);
  const log = await readFile(join(world.hostFolder(host), 'var/log/mail.log'), 'utf8').catch(() => '');
  const about = [...queue.stdout.split('\n'), ...log.split('\n')].filter((text) =>
    text.includes(correlation),
  );
  return about.length === 0
    ? `${host}: nothing known of it`
    : about.map((text) => `${host}: ${text}`).join('\n');
}
