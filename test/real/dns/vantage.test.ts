import { openVantage } from '../../../lib/provider/targets/vantage.js';
import { describeReal } from '../requirements.js';
import { startKnot, zone, type NameServer } from './servers.js';

describeReal('what is looked up at the vantage point’s resolver', { programs: ['knotd'] }, () => {
  let server: NameServer;
  const vantage = () => openVantage({ name: 'ops', resolver: `127.0.0.1:${server.address.port}` });

  beforeAll(async () => {
    server = await startKnot([
      '@ 300 TXT "v=spf1 mx include:_spf.musterstadt.example a:none.musterstadt.example -all"',
      '@ 300 MX 10 mail',
      '_spf 300 TXT "v=spf1 ip4:192.0.2.1 -all"',
      'mail 300 A 127.0.0.9',
      '_25._tcp.mail 300 TLSA 3 1 1 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
    ]);
  });
  afterAll(() => server.stop());

  test('the look-ups of an SPF record', async () => {
    expect(await vantage().spfCost('musterstadt.example')).toEqual({ lookUps: 3, voids: 1, problems: [] });
    expect(await vantage().spfCost('elsewhere.test')).toMatchObject({
      problems: [expect.stringMatching(/^TXT of elsewhere\.test cannot be looked up/)],
    });
  });

  test('TLSA records of a mail host, or that nobody says', async () => {
    const [record] = await vantage().tlsa(`mail.${zone.slice(0, -1)}`);
    expect(record).toMatchObject({ usage: 3, selector: 1, matchingType: 1 });
    expect(record?.data.toString('hex')).toMatch(/^000102.*1e1f$/);
    expect(await vantage().tlsa(`none.${zone.slice(0, -1)}`)).toEqual([]);
    await expect(vantage().tlsa('mail.elsewhere.test')).rejects.toThrow('cannot be looked up');
  });

  test('every address of a mail host is asked', async () => {
    const [answer, ...more] = await vantage().askMailServer('mail.musterstadt.example', ['a@b.example']);
    expect(more).toEqual([]);
    expect(answer).toMatchObject({
      address: '127.0.0.9',
      recipients: [{ code: 0, text: 'connection refused' }],
    });
    expect(await vantage().askMailServer('none.musterstadt.example', [])).toEqual([]);
  });
});
