/** One answer of a server (RFC 5321 §4.2), all its lines. */
export interface Reply {
  /** 200 to 599. */
  code: number;
  /** What stands behind the code, a line each, without control characters, cut at 500. */
  lines: string[];
}

/** What else can come instead of an answer. */
export type Silence =
  /** Nothing came in time. */
  | 'timeout'
  /** The server, or something between, ended the connection. */
  | 'closed'
  /** Something came that is no answer of a mail server. */
  | 'not-smtp';

/** The conversation could not go on. */
export class SmtpError extends Error {
  override name = 'SmtpError';
  constructor(
    readonly silence: Silence,
    message: string,
  ) {
    super(message);
  }
}

const longestLine = 500;
/** Characters that wait for the end of an answer; a server that talks without end is not listened to. */
const longestAnswer = 65_536;

/** @returns the part of a line that may be shown; undefined if it is no line of an answer */
function parts(line: string): { code: number; last: boolean; text: string } | undefined {
  const match = /^([2-5]\d\d)(?:([ -])(.*))?$/s.exec(line);
  if (!match) return undefined;
  return { code: Number(match[1]), last: match[2] !== '-', text: shown(match[3] ?? '') };
}

/** As it may stand in a report: one line of printable ASCII. */
export const shown = (text: string): string => text.replace(/[^ -~]/g, '?').slice(0, longestLine);

/**
 * Takes bytes as they come and gives answers as they are complete. Never throws: what is no answer is one
 * value, `not-smtp`, with the line.
 */
export class ReplyReader {
  #rest = '';
  #lines: string[] = [];
  #waiting = 0;

  /** @returns everything that is complete now, in order */
  take(bytes: string): (Reply | { notSmtp: string })[] {
    const pieces = (this.#rest + bytes).split('\n');
    this.#rest = pieces.pop() ?? '';
    this.#waiting += bytes.length;
    const found: (Reply | { notSmtp: string })[] = [];
    for (const piece of pieces) {
      const line = parts(piece.replace(/\r$/, ''));
      if (!line) {
        found.push({ notSmtp: shown(piece.replace(/\r$/, '')) });
        continue;
      }
      this.#lines.push(line.text);
      if (!line.last) continue;
      found.push({ code: line.code, lines: this.#lines });
      this.#lines = [];
      this.#waiting = this.#rest.length;
    }
    if (this.#waiting > longestAnswer) found.push({ notSmtp: 'it sends more than any reply is long' });
    return found;
  }
}

/** As a report shows it: code and first line, `550 5.1.1 User unknown`. */
export const replyText = ({ code, lines }: Reply): string => `${code} ${lines.join(' / ')}`.trim();

export const isOk = ({ code }: Reply): boolean => code < 400;
export const isPermanent = ({ code }: Reply): boolean => code >= 500;
