import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeReal } from '../requirements.js';
import {
  readRecordSet,
  RecordSetConflict,
  replaceRecordSet,
} from '../../../lib/provider/targets/dns/record-set.js';
import { sameSet, txtData, txtText, type RecordSet } from '../../../lib/provider/targets/dns/rdata.js';
import { sendUpdate, updateScript } from '../../../lib/provider/targets/dns/update.js';
import { query, zoneOf } from '../../../lib/provider/targets/dns/query.js';
import { sampleMx } from './sampler.js';
import { freePort, startBind, startKnot, stranger, zone, type NameServer, type Records } from './servers.js';

const mx = (ttl: number, ...exchanges: string[]): RecordSet => ({
  ttl,
  data: exchanges.map((exchange) => ({ type: 'MX', preference: 10, exchange })),
});
const txt = (ttl: number, ...texts: string[]): RecordSet => ({ ttl, data: texts.map(txtData) });

const old = mx(3600, `mail.${zone}`);
const records: Records = [
  '@ 3600 MX 10 mail',
  '@ 3600 TXT "v=spf1 mx -all"',
  'alias 60 CNAME ns',
  'mail A 127.0.0.1',
  'hand A 127.0.0.1',
];
const at = { zone, name: zone, type: 'MX' } as const;

const servers = [
  { title: 'Knot', program: 'knotd', start: startKnot },
  { title: 'BIND', program: 'named', start: startBind },
];

for (const { title, program, start } of servers)
  describeReal(`a record set on ${title}`, { programs: [program, 'nsupdate'] }, () => {
    let server: NameServer;
    beforeEach(async () => (server = await start(records)));
    afterEach(async () => server.stop());
    const live = (): Promise<RecordSet | undefined> => readRecordSet(server.address, zone, 'MX');

    test('is read with its TTL, over TCP and over UDP; what does not exist is absent', async () => {
      for (const transport of ['tcp', 'udp'] as const) {
        const address = { ...server.address, transport };
        expect(await readRecordSet(address, zone, 'MX')).toEqual(old);
        expect(await readRecordSet(address, `ns.${zone}`, 'MX')).toBeUndefined();
        expect(await readRecordSet(address, `absent.${zone}`, 'MX')).toBeUndefined();
      }
    });

    test('a TTL is changed in place, and no question in between finds the MX empty or in a third state', async () => {
      const sampler = sampleMx(server.address.port, zone);
      try {
        let expected = old;
        for (let change = 0; change < 40; change++) {
          const wanted =
            change % 2 === 0 ? mx(300, `mail.${zone}`) : mx(3600, 'mx1.relay.example.', 'mx2.relay.example.');
          await replaceRecordSet(server.address, { ...at, expected, wanted });
          expected = wanted;
        }
      } finally {
        await sampler.stop();
      }
      const { samples } = sampler;
      expect(samples.answers).toBeGreaterThan(1000);
      expect(samples.empty).toBe(0);
      expect([...samples.seen].sort()).toEqual([
        '300 10 mail.musterstadt.example',
        '3600 10 mail.musterstadt.example',
        '3600 10 mx1.relay.example, 3600 10 mx2.relay.example',
      ]);
    }, 60_000);

    test.each([
      ['exchange', mx(3600, `hand.${zone}`)],
      ['TTL', mx(7200, `mail.${zone}`)],
      ['further exchange', mx(3600, `mail.${zone}`, `hand.${zone}`)],
    ])('a hand edit of the %s is refused and stays', async (_what, edit) => {
      await sendUpdate(server.address, { ...at, expected: old, wanted: edit });
      await expect(
        replaceRecordSet(server.address, { ...at, expected: old, wanted: mx(300, 'mx1.relay.example.') }),
      ).rejects.toThrow(RecordSetConflict);
      expect(sameSet(await live(), edit)).toBe(true);
    });

    test('the server itself refuses what changed after the last look', async () => {
      const wanted = mx(300, 'mx1.relay.example.');
      await expect(
        sendUpdate(server.address, { ...at, expected: mx(3600, `other.${zone}`), wanted }),
      ).rejects.toThrow('NXRRSET');
      await expect(sendUpdate(server.address, { ...at, expected: undefined, wanted })).rejects.toThrow(
        'YXRRSET',
      );
      expect(await live()).toEqual(old);
    });

    test('what is already as wanted is not written again', async () => {
      await replaceRecordSet(server.address, { ...at, expected: undefined, wanted: old });
      expect(await live()).toEqual(old);
    });

    test('texts come back byte for byte, whatever is in them, and nothing else changes', async () => {
      const nasty = [
        `quote " backslash \\ semicolon ; newline \n update delete ${zone} MX\nsend\n tab \t nul \0 dollar $ORIGIN @ (`,
        '',
        'Größe',
        'x'.repeat(700),
        '" \nupdate add evil 1 IN TXT "',
      ];
      const spf = await readRecordSet(server.address, zone, 'TXT');
      const wanted = txt(300, 'v=spf1 mx -all', ...nasty);
      await replaceRecordSet(server.address, { zone, name: zone, type: 'TXT', expected: spf, wanted });
      const found = await readRecordSet(server.address, zone, 'TXT');
      expect(found?.data.map((one) => (one.type === 'TXT' ? txtText(one.strings) : '')).sort()).toEqual(
        ['v=spf1 mx -all', ...nasty].sort(),
      );
      expect(await live()).toEqual(old);
      expect(await readRecordSet(server.address, `evil.${zone}`, 'TXT')).toBeUndefined();
      // The same texts, divided as nobody here would, are compared and replaced all the same.
      await replaceRecordSet(server.address, {
        zone,
        name: zone,
        type: 'TXT',
        expected: wanted,
        wanted: txt(60, 'v=spf1 -all'),
      });
    });

    test('a key that may not write the name is refused, _acme-challenge above all', async () => {
      const name = `_acme-challenge.${zone}`;
      const change = { zone, name, type: 'TXT' as const, expected: undefined, wanted: txt(60, 'token') };
      await expect(replaceRecordSet(server.address, change)).rejects.toMatchObject({
        fault: title === 'Knot' ? 'key' : 'refused',
      });
      expect(await readRecordSet(server.address, name, 'TXT')).toBeUndefined();
      await expect(
        replaceRecordSet(stranger(server), { ...at, expected: old, wanted: mx(60, 'mx1.relay.example.') }),
      ).rejects.toMatchObject({ fault: title === 'Knot' ? 'key' : 'refused' });
    });

    test.each([
      ['name', { name: 'unknown.' }, 'does not know key unknown.'],
      ['secret', { secret: Buffer.from('a wrong secret').toString('base64') }, 'the secret of key'],
      ['secret that is no Base64', { secret: '!!' }, 'does not accept the secret'],
    ])('a key with a wrong %s is refused and named, its secret is not', async (_what, wrong, says) => {
      const key = { name: zone, algorithm: 'hmac-sha256', secret: 'AAAA', ...wrong };
      const refusal = await replaceRecordSet(
        { ...server.address, key },
        { ...at, expected: old, wanted: mx(60, 'mx1.relay.example.') },
      ).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ fault: 'key' });
      expect(String(refusal)).toContain(says);
      expect(JSON.stringify(refusal) + String(refusal)).not.toContain(key.secret);
      expect(await live()).toEqual(old);
    });

    test('an update without a key is refused', async () => {
      const { host, port, transport, timeoutMs, retries } = server.address;
      const address = { host, port, transport, timeoutMs, retries };
      await expect(
        replaceRecordSet(address, { ...at, expected: old, wanted: mx(60, 'mx1.relay.example.') }),
      ).rejects.toMatchObject({ fault: title === 'Knot' ? 'zone' : 'refused' });
    });

    test('a zone that the server does not hold, an alias and a server that is down are told apart', async () => {
      await expect(readRecordSet(server.address, 'elsewhere.example.', 'MX')).rejects.toMatchObject({
        fault: 'zone',
      });
      await expect(readRecordSet(server.address, `alias.${zone}`, 'MX')).rejects.toMatchObject({
        fault: 'alias',
      });
      const down = { ...server.address, port: await freePort() };
      for (const transport of ['tcp', 'udp'] as const)
        await expect(readRecordSet({ ...down, transport }, zone, 'MX')).rejects.toMatchObject({
          fault: 'unreachable',
        });
      await expect(
        sendUpdate(down, { ...at, expected: old, wanted: mx(60, 'mx1.relay.example.') }),
      ).rejects.toMatchObject({ fault: 'unreachable' });
    });

    test('an answer too long for UDP is asked for again over TCP', async () => {
      const expected = await readRecordSet(server.address, zone, 'TXT');
      const wanted = txt(60, ...Array.from({ length: 5 }, (_, at) => `${at}${'x'.repeat(250)}`));
      await replaceRecordSet(server.address, { zone, name: zone, type: 'TXT', expected, wanted });
      const answer = await query({ ...server.address, transport: 'udp' }, zone, 'TXT');
      expect(answer.set?.data).toHaveLength(5);
    });

    test('the zone of a name is found', async () => {
      expect(await zoneOf(server.address, `a.b.${zone}`)).toBe(zone);
      await expect(zoneOf(server.address, 'elsewhere.example.')).resolves.toBeUndefined();
    });
  });

describeReal('the program nsupdate', { programs: ['knotd', 'nsupdate'] }, () => {
  test('gets the secret on its standard input only', async () => {
    const server = await startKnot(records);
    try {
      const change = { ...at, expected: old, wanted: mx(60, 'mx1.relay.example.') };
      expect(updateScript(server.address, change)).toContain(server.address.key?.secret);
      await replaceRecordSet(server.address, change);
      expect(await readFile(join(server.folder, 'log'), 'utf8')).not.toContain(server.address.key?.secret);
    } finally {
      await server.stop();
    }
  });
});
