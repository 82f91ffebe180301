import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { selfSignedCertificate, toPem } from '../../../lib/provider/protocol/certificate.js';

describe('the certificate of a start', () => {
  test('is for localhost, signed by its own key, and valid for some days', () => {
    for (let i = 0; i < 20; i++) {
      const { key, der } = selfSignedCertificate(new Date('2026-03-01T12:00:00Z'));
      const certificate = new X509Certificate(toPem(der));
      expect(certificate.checkHost('localhost')).toBe('localhost');
      expect(certificate.verify(createPublicKey(createPrivateKey(key)))).toBe(true);
      expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
      expect(new Date(certificate.validFrom)).toEqual(new Date('2026-02-28T12:00:00Z'));
      expect(new Date(certificate.validTo)).toEqual(new Date('2026-03-02T12:00:00Z'));
    }
  });

  test('every start has another', () => {
    expect(selfSignedCertificate().der).not.toEqual(selfSignedCertificate().der);
  });
});
