import { jest } from '@jest/globals';
import { programs } from '../../../lib/rehearsal/requirements.js';
import type { Report } from '../../../lib/vorabpruefung/report.js';
import { describeReal } from '../requirements.js';
import { Lab } from './lab.js';
import { servers } from './servers.js';

jest.setTimeout(120_000);

/** What two programs must say alike about the same server. */
const alike = (report: Report & { exit: number }): unknown => ({ ...report, program: '', at: '' });

describeReal(
  'the Vorabprüfung from outside, on real servers',
  { root: true, programs: [...Object.keys(programs), 'bash', 'busybox', 'dash', 'dig'] },
  () => {
    let lab: Lab;

    beforeAll(async () => {
      lab = await Lab.start(servers);
      const drop = `table ip f {
 chain i {
  type filter hook input priority 0;
  ip daddr ${addressOf('stumm')} drop
 }
}
`;
      await lab.world.must(lab.world.enter('server'), ['nft', '-f', '-'], drop);
    });
    afterAll(() => lab.end());

    test.each(servers)(
      '$name: $what is named, and command and script say the same',
      async ({ name, found }) => {
        const [command, script] = await Promise.all([
          lab.command(`${name}.example`),
          lab.script(`${name}.example`, ['sh']),
        ]);
        const wrong = command.results.filter(({ severity }) => severity !== 'ok');
        expect(Object.fromEntries(wrong.map(({ check, finding }) => [check, finding]))).toEqual(found);
        expect(command.exit).toBe(wrong.some(({ severity }) => severity === 'problem') ? 1 : 0);
        expect(alike(script)).toEqual(alike(command));
      },
    );

    test('of a domain that does not exist both say only that', async () => {
      const [command, script] = await Promise.all([
        lab.command('nirgends.example'),
        lab.script('nirgends.example', ['sh']),
      ]);
      expect(command.results.filter(({ finding }) => finding !== 'not-reached')).toMatchObject([
        { check: 'dns-mx', finding: 'domain-missing' },
      ]);
      expect(alike(script)).toEqual(alike(command));
    });
  },
);

const addressOf = (wanted: string): string => servers.find(({ name }) => name === wanted)?.address ?? '';
