import { jest } from '@jest/globals';
import type { Municipality } from '../../../lib/config/municipality.js';
import { followInstructions } from '../../../lib/rehearsal/hoster.js';
import { load } from '../../../lib/rehearsal/journey.js';
import { timestamp } from '../../../lib/provider/time.js';
import { describeReal } from '../requirements.js';
import { Desk, rehearsalNeeds } from './desk.js';
import { Guarded, programWithout } from './guards/guarded.js';
import { readyForMx } from './move-mx.js';

jest.setTimeout(600_000);

const id = 'fabelburg';
const atRelay = 'fabelburg.example. 2 IN MX 10 mx1.landesnetz.example.';
const atHoster = 'fabelburg.example. 2 IN MX 10 mx01.hoster.example.';

describeReal('a zone at a hoster', rehearsalNeeds, () => {
  let desk: Desk;
  let guarded: Guarded;

  beforeAll(async () => {
    desk = await Desk.open(id);
    guarded = new Guarded(desk, id, await programWithout(desk));
    await desk.begin(id, 1, 2, 3);
    await hosterFollows();
  });
  afterAll(() => guarded.close());
  afterEach(() => guarded.putRight());

  const municipality = (): Municipality =>
    load(id, desk.rehearsal.municipalitiesDir, desk.rehearsal.platformFile).municipality;

  /** The hoster writes what the file asks for, with its own hands. */
  const hosterFollows = (m = municipality()): Promise<void> => followInstructions(desk.rehearsal, m);

  /** The exit code of the command, and what it must have said. */
  async function expectSaid(exitCode: number, texts: string[], ...argv: string[]): Promise<void> {
    const ran = await desk.mailversand(...argv);
    for (const text of texts) expect(ran.output).toContain(text);
    expect(ran.exitCode).toBe(exitCode);
  }

  const accepted = (): Promise<string> =>
    desk.rehearsal.must('relay', ['postmap', '-s', 'lmdb:/var/lib/mailversand-relay/accept_internet']);

  test('that does not change has nothing to write', async () => {
    await expectSaid(0, ['Zurzeit ist nichts zu ändern', 'stimmt überall'], 'hosterblatt', id);
  });

  test('that cannot lower the TTL is waited for no longer than said, and then it is said how it goes on without', async () => {
    const { rehearsal } = desk;
    const platform = { ...rehearsal.platform, loweredMxTtl: 3600 };
    await followInstructions({ platform, must: (...words) => rehearsal.must(...words) }, municipality());
    await expectSaid(0, ['ist nur noch die TTL des MX zu hoch'], 'hosterblatt', id);
    const over = ['TTL 5', 'if the hoster cannot lower it, go on', '[hoster-wait-over]'];
    await expectSaid(3, over, 'hosterblatt', id, '--warten', '1s');
    await hosterFollows();
  });

  test('an MX that moves early is an alarm in plan and sheet, and no plan is refused for it', async () => {
    const ready = { ...municipality(), stage: 4 as const, outgoingTestPassedOn: '2026-01-31' };
    await hosterFollows(ready);
    const said = ['ALARM: Der MX von fabelburg.example', atHoster, 'Absender werden gebeten'];
    await expectSaid(1, said, 'hosterblatt', id);
    const { exitCode, output } = await desk.mailversand('diff', id);
    expect(output).toContain('[hoster-mx-early]');
    expect(output).toContain('relay1 does not take its mail from the Internet now');
    expect(await guarded.ends({ from: 'internet' })).toMatch(/^internet: .*status=deferred .*4\d\d /);
    // The gate looks at the MX again, which is a difference, and no refusal.
    expect([0, 2]).toContain(exitCode);
    await hosterFollows();
  });

  test('is told nothing before the deploy: the relay must accept and route first', async () => {
    await desk.writeStage(id, 4);
    await expectSaid(3, ['[gate-hoster-not-deployed]'], 'hosterblatt', id);
    await desk.mustDeploy(id);
    await readyForMx(desk, id);
    await expectSaid(3, ['[gate-hoster-not-accepted]'], 'hosterblatt', id);
    await desk.mustDeploy(id);
    await expectSaid(0, [atRelay, 'das Relay nimmt die Mail bereits an'], 'hosterblatt', id);
  });

  const withoutSettling = (text: string): string => text.replace(/^settling: .*\n/m, '');

  test('settles at least until the hoster has moved the MX', async () => {
    const [since, until] = [0, 30_000].map((ms) => timestamp(new Date(Date.now() + ms)));
    await desk.edit(id, (text) => `${withoutSettling(text)}settling: { since: ${since}, until: ${until} }\n`);
    await desk.mustDeploy(id);
    const settling = await desk.edit(id, withoutSettling);
    await desk.synth(id);
    expect(await guarded.refusedOnceDue()).toEqual(['gate-settled-early']);
    await desk.edit(id, () => settling);
  });

  test('is waited for, for as long as one likes, and again', async () => {
    const given = ['hosterblatt', id, '--warten'];
    await expectSaid(3, ['[hoster-wait-over]', 'mx01.hoster.example'], ...given, '1s');
    const waiting = desk.mailversand(...given, '5m');
    await hosterFollows();
    const { output, exitCode } = await waiting;
    expect(output).toContain('Zurzeit ist nichts zu ändern');
    expect(exitCode).toBe(0);
  });

  test('moves later than its deploy, and only then it shows that a server refuses: gate-settled-early', async () => {
    const filter = (value: string): Promise<void> =>
      guarded.postconf(id, `smtpd_end_of_data_restrictions=${value}`);
    await guarded.fault(
      () => filter('check_client_access inline:{10.0.0.250=REJECT}'),
      () => filter(''),
    );
    await desk.edit(id, withoutSettling);
    await desk.synth(id);
    expect(await guarded.refusedBy()).toEqual(['gate-settled-early']);
    expect(await guarded.ends({ from: 'internet' })).toMatch(/^relay: .*status=deferred .*554/);
    await guarded.sh('relay', 'postsuper -d ALL');

    await guarded.applyWithout('gate-settled-early');
    expect(await guarded.ends({ from: 'internet' })).toMatch(/^relay: .*status=bounced .*554/);
  });

  test('that calls the relay by a name of its own is told the way back all the same', async () => {
    const zone = `${id}.example.`;
    const { internet } = desk.rehearsal.platform.relays[0]?.addresses ?? {};
    await guarded.zone(zone, `mail.${zone}`, 'A', 2, String(internet));
    await guarded.zone(zone, zone, 'MX', 2, `10 mail.${zone}`);
    await expectSaid(0, ['Rückweg', atHoster], 'hosterblatt', id, '--zurueck');
    await hosterFollows();
  });

  test('goes back before the edge: what is kept counts from when no server shows the relay', async () => {
    await expectSaid(0, ['Rückweg', atHoster], 'hosterblatt', id, '--zurueck');
    await desk.writeStage(id, 3);
    await expectSaid(3, ['[gate-hoster-mx-first]'], 'deploy', id, '--yes');
    await expectSaid(0, ['Rückweg', atHoster], 'hosterblatt', id);
    expect(await accepted()).toContain('fabelburg.example\tOK');
    await hosterFollows();
    await desk.mustDeploy(id);
    expect(await accepted()).toContain('fabelburg.example\tpermit');
  });

  test('comes to the relay again while that still takes its mail: an alarm, and nothing waits', async () => {
    await hosterFollows({ ...municipality(), stage: 4 });
    await expectSaid(1, ['ALARM', 'Das Relay nimmt sie zurzeit an.'], 'hosterblatt', id);
    const { output } = await desk.mailversand('diff', id);
    expect(output).toContain('relay1 takes its mail from the Internet now and passes it on');
    expect(await guarded.ends({ from: 'internet' })).toBe('delivered');
  });
});
