import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/**
 * A self-signed certificate for `localhost`, made anew at every start: the key never leaves the process.
 * X.509 in DER by hand, because Node can read certificates but not make them.
 */
export function selfSignedCertificate(now = new Date()): { key: string; der: Buffer } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(tagged(0x31, sequence(oid(2, 5, 4, 3), tagged(0x0c, Buffer.from('localhost')))));
  const ecdsaWithSha256 = sequence(oid(1, 2, 840, 10045, 4, 3, 2));
  const toBeSigned = sequence(
    tagged(0xa0, integer(Buffer.of(2))),
    // Serial number; a first byte below 128 makes it positive.
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    ecdsaWithSha256,
    name,
    sequence(utcTime(now, -1), utcTime(now, 1)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    // subjectAltName: dNSName localhost
    tagged(
      0xa3,
      sequence(sequence(oid(2, 5, 29, 17), tagged(4, sequence(tagged(0x82, Buffer.from('localhost')))))),
    ),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    der: sequence(toBeSigned, ecdsaWithSha256, tagged(3, Buffer.concat([Buffer.of(0), signature]))),
  };
}

export const toPem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;

export const fromPem = (pem: string): Buffer =>
  Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');

function tagged(tag: number, content: Buffer): Buffer {
  if (content.length < 0x80) return Buffer.concat([Buffer.of(tag, content.length), content]);
  const length =
    content.length < 0x100
      ? Buffer.of(0x81, content.length)
      : Buffer.of(0x82, content.length >> 8, content.length & 0xff);
  return Buffer.concat([Buffer.of(tag), length, content]);
}

const sequence = (...items: Buffer[]): Buffer => tagged(0x30, Buffer.concat(items));

const integer = (bytes: Buffer): Buffer => tagged(2, bytes);

function oid(first: number, second: number, ...rest: number[]): Buffer {
  const bytes = rest.flatMap((part) => {
    const septets = [part & 0x7f];
    for (let more = part >> 7; more > 0; more >>= 7) septets.unshift((more & 0x7f) | 0x80);
    return septets;
  });
  return tagged(6, Buffer.of(first * 40 + second, ...bytes));
}

/** `now` and some days; the host's clock is the only one that looks at it. */
function utcTime(now: Date, days: number): Buffer {
  const time = new Date(now.getTime() + days * 86_400_000);
  return tagged(0x17, Buffer.from(`${time.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`));
}
