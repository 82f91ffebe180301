import { open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** A mail of the load that came into a party's mailbox. */
export interface Found {
  /** Local part of the address it was delivered to. */
  correlation: string;
  /** Its sender is `<>`: a non-delivery message. */
  fromNobody: boolean;
  /** Milliseconds since 1970. */
  at: number;
  /** Begin of the mail, with every Received header. */
  head: string;
}

const headBytes = 8192;
const pollInterval = 50;

/** Takes mails out of a Maildir as they come, until stopped. */
export class Mailbox {
  private readonly done: Promise<void>;
  private stopped = false;

  /** @param folder the Maildir's folder `new`; it may not be there yet */
  constructor(
    private readonly folder: string,
    private readonly take: (found: Found) => void,
  ) {
    this.done = this.watch();
    // Told by stop().
    this.done.catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.done;
  }

  private async watch(): Promise<void> {
    while (!this.stopped) {
      const names = await readdir(this.folder).catch(() => []);
      for (const name of names) {
        const path = join(this.folder, name);
        const found = parse(name, await readHead(path));
        await unlink(path);
        if (found) this.take(found);
      }
      await new Promise((resolve) => setTimeout(resolve, pollInterval));
    }
  }
}

/** @param name of the file: Postfix begins it with seconds, and has microseconds behind `M` */
export function parse(name: string, head: string): Found | undefined {
  const correlation = /^Delivered-To: ([^@\s]+)@/m.exec(head)?.[1];
  const time = /^(\d+)\.[^.]*M(\d+)/.exec(name);
  if (correlation === undefined || !time) return undefined;
  return {
    correlation,
    fromNobody: /^Return-Path: <>/m.test(head),
    at: Number(time[1]) * 1000 + Math.floor(Number(time[2]) / 1000),
    head,
  };
}

async function readHead(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}
