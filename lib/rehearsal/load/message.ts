const lineLength = 76;
const line = Buffer.from(`${'QUJD'.repeat(lineLength / 4)}\r\n`);
const block = Buffer.concat(Array.from({ length: 1000 }, () => line));

/**
 * A mail with a base64 body, piece by piece, so that one of 100 MB needs no 100 MB of memory.
 * @param size bytes on the wire with header, base64 and line ends; not exceeded, and missed by less than a line
 */
export function* messageOf(from: string, to: string, size: number): Generator<Buffer> {
  const header = Buffer.from(
    [
      `From: <${from}>`,
      `To: <${to}>`,
      'Subject: load',
      `Message-ID: <${to}>`,
      'MIME-Version: 1.0',
      'Content-Type: application/octet-stream',
      'Content-Transfer-Encoding: base64',
      '',
      '',
    ].join('\r\n'),
  );
  yield header;
  let lines = Math.floor((size - header.length) / line.length);
  for (; lines >= 1000; lines -= 1000) yield block;
  if (lines > 0) yield block.subarray(0, lines * line.length);
}
