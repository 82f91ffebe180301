import { isIP } from 'node:net';

/** What a mail says about its way, as the mailbox outside has it: with the Received lines of the server there. */
export interface OutsideMail {
  /** Correlation id, by which the relay's log knows it. */
  id: string;
  /** The address outside that it was sent to, with the id. */
  address: string;
  /** Envelope sender (Return-Path); empty: the null sender, or the server outside does not say. */
  sender: string;
  /** Queue ids under which the relay had it. */
  queueIds: string[];
  /** How the relay came to the server outside; undefined: it did not. */
  arrival: Arrival | undefined;
}

/** A connection as the server outside saw it. */
export interface Arrival {
  address: string;
  /** Name that the relay said. */
  helo: string;
  at: Date;
}

interface Header {
  name: string;
  value: string;
}

/**
 * Reads a mail that was saved at the mailbox outside. What the relay and the server outside wrote stands above what
 * the sender could have written; whether the relay did is for its log to say.
 * @param host the relay's own name; its services have names below it
 * @returns undefined when it is no answer to a mail of the connection test
 */
export function readOutsideMail(raw: Buffer, outsideMailbox: string, host: string): OutsideMail | undefined {
  const headers = headersOf(raw);
  const address = addressed(headers, outsideMailbox);
  if (address === undefined) return undefined;
  const received = headers.filter(({ name }) => name === 'received').map(({ value }) => value);
  const ofRelay = received.map((line) => {
    const by = /\bby (\S+)/.exec(line)?.[1]?.toLowerCase();
    return by === host || by?.endsWith(`.${host}`) === true;
  });
  const handedOn = ofRelay.indexOf(true);
  return {
    ...address,
    sender: /<([^>]*)>/.exec(headers.find(({ name }) => name === 'return-path')?.value ?? '')?.[1] ?? '',
    queueIds: received
      .filter((_, i) => ofRelay[i])
      .map((line) => / id ([0-9A-Za-z]+)/.exec(line)?.[1])
      .filter((id) => id !== undefined),
    arrival: arrivalIn(received[handedOn - 1]),
  };
}

/** The lines of the head, those that are continued put together. */
function headersOf(raw: Buffer): Header[] {
  const text = raw.toString('latin1');
  const end = text.search(/\r?\n\r?\n/);
  return (end < 0 ? text : text.slice(0, end))
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line) => {
      const [, name, value = ''] = /^([!-9;-~]+):[ \t]*(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [{ name: name.toLowerCase(), value }];
    });
}

function addressed(
  headers: readonly Header[],
  outsideMailbox: string,
): Pick<OutsideMail, 'id' | 'address'> | undefined {
  for (const { value } of headers) {
    for (const [address, local, id, domain] of value.matchAll(
      /([^\s<>"]+)\+([a-z0-9-]{8,40})@([^\s<>",;]+)/gi,
    ))
      if (`${local}@${domain}`.toLowerCase() === outsideMailbox.toLowerCase())
        return { address, id: id?.toLowerCase() ?? '' };
  }
  return undefined;
}

/** @param line `from NAME (NAME [ADDRESS]) by … ; DATE`, in whatever order and brackets the address stands there */
function arrivalIn(line: string | undefined): Arrival | undefined {
  const [, helo, more] = /^from (\S+)(.*?) by /.exec(line ?? '') ?? [];
  const address = `${helo ?? ''} ${more ?? ''}`
    .split(/[\s()[\]]+/)
    .map((word) => word.replace(/^IPv6:/i, ''))
    .findLast((word) => isIP(word) !== 0);
  const at = new Date(line?.slice(line.lastIndexOf(';') + 1) ?? '');
  if (helo === undefined || address === undefined || Number.isNaN(at.getTime())) return undefined;
  return { address, helo, at };
}
