import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describeReal } from '../requirements.js';
import { readRecordSet } from '../../../lib/provider/targets/dns/record-set.js';
import { describeSet } from '../../../lib/provider/targets/dns/rdata.js';
import { sendUpdate } from '../../../lib/provider/targets/dns/update.js';
import { Engine, engines, synthesised, type Declared } from './engine.js';
import { sampleMx } from './sampler.js';
import { secret, startKnot, zone, type NameServer } from './servers.js';

const old: Declared = { ttl: 3600, exchange: `mail.${zone}`, spf: 'v=spf1 mx -all' };

for (const { title, path } of engines)
  describeReal(
    `typed classes of @cdktf/provider-dns under ${title}`,
    { programs: ['knotd', 'nsupdate'] },
    () => {
      let server: NameServer;
      let engine: Engine;
      beforeAll(async () => {
        server = await startKnot(['@ 3600 MX 10 mail', `@ 3600 TXT "${old.spf}"`, '@ 3600 TXT "token=1"']);
        engine = new Engine(path);
        await engine.install();
        engine.write(synthesised(server.address.port, old));
        expect(await engine.run('init')).toMatchObject({ code: 0 });
      }, 60_000);
      afterAll(async () => {
        engine.remove();
        await server.stop();
      });

      const declare = (declared: Declared): void => engine.write(synthesised(server.address.port, declared));
      const apply = async (...more: string[]): Promise<string> => {
        const { code, text } = await engine.run('apply', '-auto-approve', ...more);
        expect({ code, text }).toMatchObject({ code: 0 });
        return text;
      };
      /** Exit code 0 of a plan: there is nothing to do. */
      const planIsEmpty = async (): Promise<void> =>
        expect(await engine.run('plan', '-detailed-exitcode')).toMatchObject({ code: 0 });
      const mx = async (): Promise<string> => describeSet(await readRecordSet(server.address, zone, 'MX'));
      const oldMx = `10 mail.${zone} with TTL 3600`;

      test('what is live is adopted and the next plan is empty', async () => {
        expect(await apply()).toContain('token=1');
        await planIsEmpty();
        expect(await mx()).toBe(oldMx);
      }, 60_000);

      test('TTL, exchange, and both back: updates in place, never an empty answer, each followed by an empty plan', async () => {
        const sampler = sampleMx(server.address.port, zone, 1);
        try {
          const relay = {
            ...old,
            ttl: 60,
            exchange: 'mx1.relay.example.',
            spf: 'v=spf1 mx ip4:203.0.113.10 -all',
          };
          for (const declared of [{ ...old, ttl: 60 }, relay, { ...old, ttl: 60 }, old]) {
            declare(declared);
            expect(await apply()).toContain('0 added');
            await planIsEmpty();
          }
        } finally {
          await sampler.stop();
        }
        expect(sampler.samples.answers).toBeGreaterThan(1000);
        expect(sampler.samples.empty).toBe(0);
        expect(await mx()).toBe(oldMx);
        expect(describeSet(await readRecordSet(server.address, zone, 'TXT'))).toBe(
          `"token=1", "${old.spf}" with TTL 3600`,
        );
      }, 120_000);

      test('-replace, a tainted resource, a renamed construct and a lost state: live all the time', async () => {
        const sampler = sampleMx(server.address.port, zone, 1);
        try {
          await apply('-replace=dns_mx_record_set.domain-mx', '-replace=dns_txt_record_set.domain-spf');
          await planIsEmpty();
          expect(await engine.run('taint', 'dns_mx_record_set.domain-mx')).toMatchObject({ code: 0 });
          await apply();
          declare({ ...old, id: 'renamed' });
          await apply();
          for (const name of readdirSync(engine.folder).filter((name) =>
            name.startsWith('terraform.tfstate'),
          ))
            rmSync(join(engine.folder, name));
          await apply();
          await planIsEmpty();
          declare(old);
          await apply();
        } finally {
          await sampler.stop();
        }
        expect(sampler.samples.empty).toBe(0);
        expect([...sampler.samples.seen]).toEqual([`3600 10 mail.musterstadt.example`]);
      }, 120_000);

      test('a saved plan is refused after a hand edit, and the edit stays', async () => {
        declare({ ...old, ttl: 60 });
        expect(await engine.run('plan', '-out=saved')).toMatchObject({ code: 0 });
        const change = { zone, name: zone, type: 'MX' as const };
        const found = await readRecordSet(server.address, zone, 'MX');
        const edited = {
          ttl: 3600,
          data: [{ type: 'MX' as const, preference: 5, exchange: 'hand.example.' }],
        };
        await sendUpdate(server.address, { ...change, expected: found, wanted: edited });
        const { code, text } = await engine.run('apply', 'saved');
        expect(code).toBe(1);
        expect(text).toContain('[conflict]');
        expect(text).toContain('5 hand.example. with TTL 3600');
        expect(await mx()).toBe('5 hand.example. with TTL 3600');
        // Planned anew, the edit is seen as drift and corrected.
        await apply();
        await planIsEmpty();
      }, 60_000);

      test('an import by the fully qualified name', async () => {
        expect(await engine.run('state', 'rm', 'dns_mx_record_set.domain-mx')).toMatchObject({ code: 0 });
        expect(await engine.run('import', 'dns_mx_record_set.domain-mx', zone)).toMatchObject({ code: 0 });
        await planIsEmpty();
      }, 60_000);

      test('other resources of the original are refused, and an empty MX', async () => {
        const { resource, ...rest } = JSON.parse(synthesised(server.address.port, old)) as Record<
          string,
          object
        >;
        const refused = {
          dns_a_record_set: { www: { zone, name: 'www', addresses: ['192.0.2.1'] } },
          dns_mx_record_set: { empty: { zone, ttl: 60, mx: [] } },
        };
        engine.write(JSON.stringify({ ...rest, resource: { ...resource, ...refused } }));
        const { code, text } = await engine.run('validate');
        expect(code).toBe(1);
        expect(text).toContain('[dns-not-served]');
        expect(text).toContain('[dns-mx-empty]');
      }, 60_000);

      test('a destroy only releases, and no file of the engine ever held the secret', async () => {
        declare(old);
        await apply();
        expect(await engine.run('destroy', '-auto-approve')).toMatchObject({ code: 0 });
        expect(await engine.run('state', 'list')).toMatchObject({ code: 0, text: '' });
        expect(await mx()).toBe(oldMx);
        const files = readdirSync(engine.folder, { withFileTypes: true }).filter((entry) => entry.isFile());
        expect(files.length).toBeGreaterThan(3);
        for (const { name } of files)
          expect(readFileSync(join(engine.folder, name), 'latin1')).not.toContain(secret);
      }, 60_000);
    },
  );
