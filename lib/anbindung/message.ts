/** A test message; all ASCII on the wire, no line begins with a dot. */
export interface MessageProps {
  /** Addresses, without brackets. */
  from: string;
  to: string;
  /** Begins the Message-ID, and so is in every hop's log. */
  id: string;
  /** The relay's name, behind the `@` of the Message-ID. */
  host: string;
  date: Date;
  /** German, behind `Anbindungstest: `; a few words. */
  subject: string;
  /** Lines of the body. @default a sentence that says what this is */
  text?: readonly string[];
  /** Bytes of the whole message, reached by an attachment in base64. @default as long as its text */
  bytes?: number;
  /** An attachment as it is. */
  attachment?: { name: string; content: Buffer };
  replyTo?: string;
}

const explanation = [
  'Dies ist eine Nachricht des Anbindungstests des interkommunalen Mailversands.',
  'Sie kann gelöscht werden.',
];
const boundary = 'anbindungstest-grenze';
const lineLength = 76;
const blockLines = 800;
/** 76 characters of base64 that no filter takes for anything. */
const filler = `${'QW5iaW5kdW5nc3Rlc3Qg'.repeat(4).slice(0, lineLength)}\r\n`;

/** @returns the message in pieces, so that 100 MB never lie in memory at once; without the final dot */
export function* message(props: MessageProps): Generator<Buffer> {
  const { bytes, attachment, text = explanation } = props;
  const multipart = bytes !== undefined || attachment !== undefined;
  const head = [...header(props), ...(multipart ? multipartHead(text, attachment?.name) : plain(text))]
    .map((line) => `${line}\r\n`)
    .join('');
  const tail = multipart ? `--${boundary}--\r\n` : '';
  yield Buffer.from(head, 'ascii');
  if (attachment) yield Buffer.from(wrapped(attachment.content), 'ascii');
  if (bytes !== undefined) yield* fill(bytes - head.length - tail.length);
  yield Buffer.from(tail, 'ascii');
}

function header({ from, to, id, host, date, subject, replyTo }: MessageProps): string[] {
  return [
    `From: Anbindungstest <${from}>`,
    `To: <${to}>`,
    ...(replyTo === undefined ? [] : [`Reply-To: <${replyTo}>`]),
    `Subject: Anbindungstest: ${encodedWord(subject)} ${id}`,
    `Message-ID: <${id}@${host}>`,
    `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
  ];
}

const isAscii = (text: string): boolean => /^[ -~]*$/.test(text);

/** Bytes other than these as `=XX` (RFC 2045 6.7). */
const escaped = (text: string, literal: RegExp): string =>
  [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return literal.test(character) ? character : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

/** For a header (RFC 2047); ASCII stays as it is. */
const encodedWord = (text: string): string =>
  isAscii(text) ? text : `=?utf-8?Q?${escaped(text, /[A-Za-z0-9 ]/).replaceAll(' ', '_')}?=`;

/** A line in quoted-printable, broken where it would be longer than 76 characters. */
const quotedPrintable = (line: string): string[] => {
  const encoded = escaped(line, /[ -<>-~]/);
  const parts = encoded.length <= lineLength ? [encoded] : (encoded.match(/(?:=..|[^=]){1,25}/g) ?? []);
  return parts.map((part, i) => (i < parts.length - 1 ? `${part}=` : part));
};

const plain = (text: readonly string[]): string[] =>
  text.every(isAscii)
    ? ['Content-Type: text/plain; charset=us-ascii', '', ...text]
    : [
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        ...text.flatMap(quotedPrintable),
      ];

const multipartHead = (text: readonly string[], name = 'anbindungstest.bin'): string[] => [
  `Content-Type: multipart/mixed; boundary="${boundary}"`,
  '',
  `--${boundary}`,
  ...plain(text),
  `--${boundary}`,
  `Content-Type: application/octet-stream; name="${name}"`,
  `Content-Disposition: attachment; filename="${name}"`,
  'Content-Transfer-Encoding: base64',
  '',
];

const wrapped = (content: Buffer): string =>
  content.toString('base64').replace(new RegExp(`.{1,${lineLength}}`, 'g'), (line) => `${line}\r\n`);

/** Exactly so many bytes in lines of base64; the last line is as long as it must be. */
function* fill(bytes: number): Generator<Buffer> {
  const block = Buffer.from(filler.repeat(blockLines), 'ascii');
  let left = bytes;
  for (; left > block.length + filler.length; left -= block.length) yield block;
  const whole = Math.floor((left - 3) / filler.length);
  const last = left - whole * filler.length;
  yield Buffer.from(`${filler.repeat(whole)}${'A'.repeat(last - 2)}\r\n`, 'ascii');
}

/** The test message that every spam filter must take for spam (Generic Test for Unsolicited Bulk Email). */
export const gtube = ['XJS*C4JDBQADN1.NSBN3*2IDNEN', 'GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X'].join('*');

/** The file that every virus scanner must take for a virus (EICAR). In two parts: this file is none. */
export const eicar = (): Buffer =>
  Buffer.from(
    ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join(''),
    'ascii',
  );
