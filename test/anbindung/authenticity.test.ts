import { generateKeyPairSync } from 'node:crypto';
import { dkimSign } from 'mailauth';
import { authenticity, LookupError, verdicts } from '../../lib/anbindung/authenticity.js';

const domain = 'musterstadt.example';
const at = new Date();
const arrival = { address: '203.0.113.10', helo: 'mx1.landesnetz.example', at };
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

const text = `From: Test <anbindungstest@${domain}>\r\nTo: <a@absender.example>\r\nSubject: Re: Gr\u00fc\u00dfe\r\n\r\nAngekommen.\r\n`;
const key = `v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`;
const zone = {
  [`s1._domainkey.${domain}`]: key,
  [`_dmarc.${domain}`]: 'v=DMARC1; p=reject',
  [domain]: 'v=spf1 ip4:203.0.113.10 -all',
};
type Zone = Record<string, string | Error>;

const resolverOf = (names: Zone) => async (name: string, type: string) => {
  const found = type === 'TXT' ? names[name] : undefined;
  if (found instanceof Error) throw found;
  if (found === undefined) throw Object.assign(new Error('nothing'), { code: 'ENOTFOUND' });
  return Promise.resolve([[found.slice(0, 200), found.slice(200)]]);
};

async function signed(signingDomain = domain, mail = text): Promise<string> {
  const { signatures } = await dkimSign(mail, {
    // Without it the signer asks for the time twice, and a signature across two seconds is broken.
    signTime: at,
    signatureData: [{ signingDomain, selector: 's1', privateKey }],
  } as Parameters<typeof dkimSign>[1]);
  return `${signatures}${mail}`;
}

async function judged(mail: string, names: Zone, sender = `anbindungstest@${domain}`) {
  const found = await authenticity(Buffer.from(mail), { sender, arrival }, resolverOf(names));
  return found && verdicts(found).map(({ fault }) => fault);
}

test('signed, permitted and aligned: a receiver has nothing to say', async () => {
  expect(await judged(await signed(), zone)).toEqual(['passed', 'passed', 'passed']);
});

test('saved with other line ends it is the same mail', async () => {
  expect(await judged((await signed()).replaceAll('\r\n', '\n'), zone)).toEqual([
    'passed',
    'passed',
    'passed',
  ]);
});

test('an automatic answer with the null sender is judged by the domain that its reader sees', async () => {
  expect(await judged(await signed(), zone, '')).toEqual(['passed', 'passed', 'passed']);
});

const without = (name: string): Zone =>
  Object.fromEntries(Object.entries(zone).filter(([key]) => key !== name));

test.each<[string, string | (() => Promise<string>), Zone, (string | undefined)[]]>([
  ['no signature', text, zone, ['outgoing-unsigned', 'passed', 'passed']],
  [
    'a signature of somebody else',
    () => signed('dienstleister.example'),
    zone,
    ['outgoing-unsigned', 'passed', 'passed'],
  ],
  [
    'a body that was changed',
    async () => (await signed()).replace('Angekommen.', 'Angekommen, mit Fu\u00dfzeile.'),
    zone,
    ['outgoing-dkim-broken', 'passed', 'passed'],
  ],
  [
    'a header that was changed',
    async () => (await signed()).replace('Subject: Re:', 'Subject: [extern] Re:'),
    zone,
    ['outgoing-dkim-broken', 'passed', 'passed'],
  ],
  ['no key', signed, without(`s1._domainkey.${domain}`), ['outgoing-dkim-key', 'passed', 'passed']],
  [
    'a revoked key',
    signed,
    { ...zone, [`s1._domainkey.${domain}`]: 'v=DKIM1; p=' },
    ['outgoing-dkim-key', 'passed', 'passed'],
  ],
  [
    'SPF without the relay',
    signed,
    { ...zone, [domain]: 'v=spf1 ip4:198.51.100.25 -all' },
    ['passed', 'outgoing-spf', 'passed'],
  ],
  ['no SPF', signed, without(domain), ['passed', undefined, 'passed']],
  ['no DMARC', signed, without(`_dmarc.${domain}`), ['passed', 'passed', 'outgoing-dmarc-missing']],
  [
    'neither signature nor SPF',
    text,
    { ...zone, [domain]: 'v=spf1 -all' },
    ['outgoing-unsigned', 'outgoing-spf', 'outgoing-dmarc'],
  ],
])('%s', async (_, mail, names, expected) => {
  expect(await judged(typeof mail === 'string' ? mail : await mail(), names)).toEqual(expected);
});

test('where the record asks for the very same name, a subdomain’s signature is not enough', async () => {
  const names: Zone = { ...zone, [`s1._domainkey.mail.${domain}`]: key };
  const mail = await signed(`mail.${domain}`);
  const strict = { ...names, [`_dmarc.${domain}`]: 'v=DMARC1; p=none; adkim=s; aspf=s' };
  expect(await judged(mail, names, '')).toEqual(['passed', 'passed', 'passed']);
  expect(await judged(mail, strict, '')).toEqual(['passed', 'passed', 'outgoing-dmarc']);
  expect(await judged(mail, strict)).toEqual(['passed', 'passed', 'passed']);
});

test('a From that names two, or nobody, is no mail to judge', async () => {
  for (const from of [`From: <a@${domain}>, <b@${domain}>`, 'X-From: nobody'])
    expect(await judged(text.replace(/^From:.*$/m, from), zone)).toBeUndefined();
});

test.each(Object.keys(zone))('nothing is concluded while %s cannot be looked up', async (name) => {
  const silent = Object.assign(new Error('the resolver answers SERVFAIL'), { code: 'ESERVFAIL' });
  await expect(judged(await signed(), { ...zone, [name]: silent })).rejects.toThrow(LookupError);
});
