import { createHash } from 'node:crypto';
import { matches, type Tlsa } from '../../../lib/provider/targets/dns/tlsa.js';

const own = { der: Buffer.from('certificate'), publicKey: Buffer.from('key') };
const issuer = { der: Buffer.from('issuer'), publicKey: Buffer.from('issuer key') };
const hash = (of: Buffer, name = 'sha256'): Buffer => createHash(name).update(of).digest();
const tlsa = (usage: number, selector: number, matchingType: number, data: Buffer): Tlsa => ({
  usage,
  selector,
  matchingType,
  data,
});

test.each<[string, Tlsa[], boolean]>([
  ['no record', [], true],
  ['3 1 1 of the key that is shown', [tlsa(3, 1, 1, hash(own.publicKey))], true],
  ['3 0 2 of the certificate that is shown', [tlsa(3, 0, 2, hash(own.der, 'sha512'))], true],
  ['3 0 0, the certificate itself', [tlsa(3, 0, 0, own.der)], true],
  ['2 0 1 of its issuer', [tlsa(2, 0, 1, hash(issuer.der))], true],
  ['3 0 1 of its issuer: that names the server’s own only', [tlsa(3, 0, 1, hash(issuer.der))], false],
  ['3 1 1 of another key', [tlsa(3, 1, 1, hash(Buffer.from('other')))], false],
  [
    'an old record beside the new one',
    [tlsa(3, 1, 1, hash(Buffer.from('old'))), tlsa(3, 1, 1, hash(own.publicKey))],
    true,
  ],
  ['only PKIX usages, which count for nobody', [tlsa(1, 1, 1, hash(Buffer.from('other')))], true],
])('%s: matches %s', (_, records, matched) => {
  expect(matches(records, [own, issuer])).toBe(matched);
});

test('a server without STARTTLS matches no record', () => {
  expect(matches([tlsa(3, 1, 1, hash(own.publicKey))], [])).toBe(false);
});
