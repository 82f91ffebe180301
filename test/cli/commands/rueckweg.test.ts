import { ExitCode } from '../../../lib/cli/exit.js';
import { removeFolders } from '../harness.js';
import { mailversand, musterstadt, project } from './project.js';

afterEach(removeFolders);

describe('rueckweg', () => {
  const file = musterstadt.replace('stage: 0', 'stage: 3');
  const cwd = () => project({ 'municipalities/musterstadt.yaml': file });

  test('in German: from now, and after the next edge', async () => {
    const { exit, out } = await mailversand(cwd(), 'rueckweg', 'musterstadt');
    expect(exit).toBe(ExitCode.done);
    expect(out).toContain('vom heutigen Stand\nvon Abschnitt 3 (Meldung der Domain im NdB) bis Abschnitt 0');
    expect(out).toContain('Rückweg nach dem nächsten Schritt, Abschnitt 3 → 4');
  });

  test('of one that has gone back and stays at stage 1: the lock that may be left at the relay', async () => {
    const stays = project({ 'municipalities/musterstadt.yaml': file.replace('stage: 3', 'stage: 1') });
    const { out } = await mailversand(stays, 'rueckweg', 'musterstadt');
    expect(out).toContain(
      "grep '^retry:' && runuser -u mv-relay -- postmap -d musterstadt.example lmdb:/var/lib/mailversand-relay/transport\n",
    );
    const json = await mailversand(stays, 'rueckweg', 'musterstadt', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ locks: [{ domain: 'musterstadt.example' }] });
    const routed = await mailversand(cwd(), 'rueckweg', 'musterstadt');
    expect(routed.out).not.toContain('Offen von einem früheren Rückweg');
  });

  test('at stage 4, while the MX waits: from now, and after it has moved', async () => {
    const text = file.replace('stage: 3', 'stage: 4').replace(/^outgoingTestPassedOn: .*\n/m, '');
    const waiting = project({ 'municipalities/musterstadt.yaml': text });
    const { out } = await mailversand(waiting, 'rueckweg', 'musterstadt');
    const [present, moved] = out.split('\nRückweg nach der Umstellung des MX\n');
    expect(present).not.toContain('bisheriger Weg trägt');
    expect(moved).toContain('bisheriger Weg trägt');
    const json = await mailversand(waiting, 'rueckweg', 'musterstadt', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ now: { from: 4 }, afterMx: { from: 4 } });
  });

  test('JSON; after the last edge there is no next', async () => {
    const last = project({ 'municipalities/musterstadt.yaml': file.replace('stage: 3', 'stage: 4') });
    const { out } = await mailversand(last, 'rueckweg', 'musterstadt', '--json');
    expect(JSON.parse(out)).toMatchObject({ municipality: 'musterstadt', now: { from: 4, seconds: 20 } });
    expect(out).not.toContain('afterNext');
  });

  test('of one domain that goes by itself; the municipality’s way names it', async () => {
    const text = file.replace(
      /\nconnectionTest/,
      `
  - name: neu.example
    writer: hoster
    mx: { ttl: 5, records: [10 mail.neu.example] }
    stage: 1
connectionTest`,
    );
    const joined = project({ 'municipalities/musterstadt.yaml': text });
    const all = await mailversand(joined, 'rueckweg', 'musterstadt');
    expect(all.out).toContain('npx mailversand rueckweg musterstadt --domain neu.example\n');
    const { out } = await mailversand(joined, 'rueckweg', 'musterstadt', '--domain', 'neu.example');
    expect(out).toContain('Rückweg von neu.example allein, Musterstadt (AGS 15081901), vom heutigen Stand\n');
    expect(out).toContain('npx mailversand domain musterstadt stage neu.example 0\n');
    expect(out).toContain('Rückweg nach dem nächsten Schritt, Abschnitt 1 → 2');
    const unknown = await mailversand(joined, 'rueckweg', 'musterstadt', '--domain', 'fremd.example');
    expect([unknown.exit, unknown.note]).toEqual([
      ExitCode.badInput,
      expect.stringContaining('it has musterstadt.example, neu.example'),
    ]);
  });

  test('from the middle of an edge; two edges away is refused', async () => {
    const begun = await mailversand(cwd(), 'rueckweg', 'musterstadt', '--reached', '4');
    expect(begun.out).toContain('Schritt 1: den begonnenen Rückweg 4 → 3 zu Ende bringen');
    const far = await mailversand(cwd(), 'rueckweg', 'musterstadt', '--reached', '1');
    expect(far.exit).toBe(ExitCode.badInput);
    expect(far.note).toContain('[stage-one-step]');
  });
});
