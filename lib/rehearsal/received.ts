/** One `Received:` header that a server wrote when it took the mail from another one. */
export interface Received {
  /** Name the server gives itself. */
  by: string;
  /** Address it saw the mail come from. */
  from: string;
  /** RFC 3848: the protocol's name ends in S (or SA) where TLS was used. */
  tls: boolean;
}

/** The hops of a mail in the order in which it took them; what a server did within itself is left out. */
export function receivedHops(message: string): Received[] {
  const end = message.search(/\r?\n\r?\n/);
  const headers = (end < 0 ? message : message.slice(0, end)).replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const hops: Received[] = [];
  for (const header of headers) {
    const match =
      /^Received: from \S+ \(\S+ \[([^\]]+)\]\).* by (\S+) \(Postfix\) with (E?SMTPS?A?) id /i.exec(header);
    const [, from, by, protocol] = match ?? [];
    const local = from?.startsWith('127.') === true;
    if (!local && from !== undefined && by !== undefined && protocol !== undefined) {
      hops.push({ by, from, tls: /SA?$/i.test(protocol) });
    }
  }
  return hops.reverse();
}
