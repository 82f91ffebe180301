/** What a server offers after EHLO (RFC 5321 §4.1.1.1). */
export interface Extensions {
  startTls: boolean;
  pipelining: boolean;
  /** Bytes (RFC 1870); 0: no limit is named; undefined: the extension is not offered. */
  size: number | undefined;
  /** Something on the way has written over a keyword, as firewalls that "inspect" SMTP do. */
  overwritten: boolean;
}

/** @param lines of the answer to EHLO; the first is the server's name */
export function extensions([, ...lines]: readonly string[]): Extensions {
  const words = lines.map((line) => line.trim().toUpperCase().split(/\s+/));
  const size = words.find(([word]) => word === 'SIZE');
  return {
    startTls: words.some(([word]) => word === 'STARTTLS'),
    pipelining: words.some(([word]) => word === 'PIPELINING'),
    size: size ? Number(/^\d+$/.exec(size[1] ?? '')?.[0] ?? 0) : undefined,
    overwritten: lines.some((line) => /^X{3,}[A-Z]?$|^\*{3,}/.test(line.trim())),
  };
}
