import { readFile } from 'node:fs/promises';
import { farSides } from '../../../lib/anbindung/far-sides.js';
import type { Outcome } from '../../../lib/anbindung/finding.js';
import { connectionTest, usualTimes } from '../../../lib/anbindung/run.js';
import { loadOne } from '../../../lib/config/load.js';
import { templatePath } from '../../../lib/rehearsal/files.js';
import { Desk, rehearsalNeeds } from '../edges/desk.js';
import { describeReal } from '../requirements.js';
import { Customer } from './customer.js';
import { injections } from './injections.js';

const id = 'musterstadt';
const minutes = 60_000;
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
    await desk.reach(id, 1);
    // The least that can be agreed: Antragsdaten pass, and no fault takes 100 MB to be found.
    await desk.edit(id, (text) => `${text}limits: { internalMb: 13, internetMb: 13 }\n`);
  }, 3 * minutes);
  afterAll(async () => {
    process.env = environment;
    await desk.close();
  });

  async function tested(): Promise<Outcome> {
    const { municipalitiesDir, platformFile } = desk.rehearsal;
    const { municipality, platform } = loadOne(id, { municipalitiesDir, platformFile });
    if (!municipality || !platform) throw new Error(await readFile(platformFile, 'utf8'));
    const sides = farSides(municipality, platform, [templatePath('rehearsal', 'desk')]);
    try {
      return await connectionTest({ municipality, platform, sides, times, say: () => undefined });
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
    'nothing once all faults are put right',
    async () => {
      expect((await tested()).findings).toEqual([]);
    },
    minutes,
  );
});
