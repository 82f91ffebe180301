import { readFile } from 'node:fs/promises';
import { farSides } from '../../../lib/anbindung/far-sides.js';
import type { Outcome } from '../../../lib/anbindung/finding.js';
import { connectionTest, usualTimes } from '../../../lib/anbindung/run.js';
import { testDigest } from '../../../lib/migration/test-digest.js';
import { templatePath } from '../../../lib/rehearsal/files.js';
import { load } from '../../../lib/rehearsal/journey.js';
import { Desk, rehearsalNeeds } from '../edges/desk.js';
import { describeReal } from '../requirements.js';
import { Customer } from './customer.js';
import { injections } from './injections.js';

const id = 'musterstadt';
const minutes = 60_000;
const registerFile = 'var/lib/mailversand-register/elements';
/** Of a laboratory: what does not come within seconds does not come. */
const times = { ...usualTimes, connect: 4000, reply: 4000, message: 20_000 };

describeReal('the connection test names', rehearsalNeeds, () => {
  let desk: Desk;
  let customer: Customer;
  const environment = { ...process.env };

  beforeAll(async () => {
    desk = await Desk.open(id);
    Object.assign(process.env, desk.rehearsal.env);
    customer = new Customer(desk.rehearsal, id);
    await desk.begin(id, 1);
    // The least that can be agreed: Antragsdaten pass, and no fault takes 100 MB to be found.
    await desk.edit(id, (text) => `${text}limits: { internalMb: 13, internetMb: 13 }\n`);
  }, 3 * minutes);
  afterAll(async () => {
    process.env = environment;
    await desk.close();
  });

  function files() {
    const { municipalitiesDir, platformFile } = desk.rehearsal;
    return load(id, municipalitiesDir, platformFile);
  }

  async function tested(): Promise<Outcome> {
    const { municipality, platform } = files();
    const sides = farSides(municipality, platform, [templatePath('rehearsal', 'desk')]);
    try {
      return await connectionTest({
        municipality,
        platform,
        deployed: {},
        sides,
        times,
        say: () => undefined,
      });
    } finally {
      await sides.close();
    }
  }

  test(
    'nothing where everything is in order',
    async () => {
      expect((await tested()).findings).toEqual([]);
    },
    minutes,
  );

  test.each(injections.map((injection) => [injection.fault, injection.when, injection] as const))(
    '%s when %s',
    async (fault, _, injection) => {
      const repair = await injection.inject(customer);
      try {
        expect((await tested()).findings.map((finding) => finding.fault)).toEqual([fault]);
      } finally {
        await repair();
      }
    },
    minutes,
  );

  test(
    'nothing where the platform has no sender that everybody rejects, and says that it did not try that',
    async () => {
      const before = await readFile(desk.rehearsal.platformFile, 'utf8');
      await desk.editPlatform((text) => text.replace(/\n *rejectedSender: .*/, ''));
      const { findings, steps } = await tested();
      await desk.editPlatform(() => before);
      const [step] = steps.filter(({ title }) => title === 'Absender, den SPF und DMARC abweisen');
      expect([findings, step?.passed, step?.seen]).toEqual([
        [],
        undefined,
        expect.stringContaining('fehlt beim Relay `rejectedSender`'),
      ]);
    },
    minutes,
  );

  test(
    'one fault, and says of everything behind it that it was not tried',
    async () => {
      const repair = await customer.postconf(['virtual_mailbox_domains = anderswo.example']);
      const { steps } = await tested();
      await repair();
      const open = steps.filter(({ passed }) => passed === undefined).map(({ title }) => title);
      expect(open).toEqual([
        'Andere Empfänger und Absender bei musterstadt.example',
        'Testnachrichten',
        'Nachricht Internet 13 MB',
        'Nachricht intern 13 MB',
        'Nachricht Antragsdaten 13 MB',
      ]);
    },
    minutes,
  );

  test(
    'nothing once all faults are put right, and the register then has the passed test and no address of it',
    async () => {
      const { exitCode, output } = await desk.mailversand('anbindungstest', id);
      expect([exitCode, output]).toEqual([0, expect.stringContaining('Ergebnis: bestanden.')]);
      const { municipality, platform } = files();
      const row = (await readFile(desk.rehearsal.path('register', registerFile), 'utf8'))
        .split('\n')
        .find((line) => line.startsWith(`tests ${id},anbindungstest `));
      expect(row?.split(' ')[2]).toMatch(new RegExp(`^20[^,]+Z,${testDigest(municipality, platform)}$`));
      expect(row).not.toContain('@');
    },
    minutes,
  );

  test(
    'for machines the fault by its id with exit code 1, and 5 where the relay cannot be asked',
    async () => {
      const repair = await customer.postconf(['smtpd_tls_security_level = none']);
      const found = await desk.mailversand('anbindungstest', id, '--json');
      await repair();
      expect(found.exitCode).toBe(1);
      expect(found.output).toContain('"fault": "tls-missing"');
      const closed = await customer.ruleset(
        'relay',
        'type filter hook input priority 0; tcp dport 22 reject with tcp reset',
      );
      const silent = await desk.mailversand('anbindungstest', id);
      await closed();
      expect([silent.exitCode, silent.output]).toEqual([5, expect.stringContaining('[unreachable]')]);
    },
    minutes,
  );
});
