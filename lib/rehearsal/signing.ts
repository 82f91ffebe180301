import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { Municipality } from '../config/municipality.js';
import type { PlacedFile } from './files.js';

/** Selector of the key with which a municipality's server signs (DKIM, RFC 6376). */
const selector = 'rehearsal';
/** As templates/rehearsal/answer.sh reads it, which runs as nobody. */
const nobody = { uid: 65534, gid: 65534 };

/** What makes a municipality's outgoing mail provable: the key at its server, and what its zone says about it. */
export interface Signing {
  file: PlacedFile;
  /** Without the name in front: `60 TXT …`, by name. */
  records: (readonly [name: string, line: string])[];
}

export async function makeSigning({ domains }: Municipality): Promise<Signing> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const key = publicKey.toString('base64');
  // A string of a TXT record has at most 255 characters.
  const strings = `"v=DKIM1; k=rsa; p=${key.slice(0, 200)}" "${key.slice(200)}"`;
  return {
    file: { path: '/etc/dkim.pem', content: privateKey, mode: 0o400, owner: nobody },
    records: domains.flatMap(({ name }) => [
      [`${selector}._domainkey.${name}`, `60 TXT ${strings}`] as const,
      [`_dmarc.${name}`, '60 TXT "v=DMARC1; p=none"'] as const,
    ]),
  };
}
