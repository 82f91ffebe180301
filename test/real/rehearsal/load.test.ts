import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StageNumber } from '../../../lib/config/municipality.js';
import { load as loadFiles } from '../../../lib/rehearsal/journey.js';
import { FaultyTools } from '../../../lib/rehearsal/load/faults.js';
import { Load } from '../../../lib/rehearsal/load/load.js';
import { isFlawless, loadSummary, type EdgeLoad } from '../../../lib/rehearsal/load/report.js';
import { startRehearsal } from '../../../lib/rehearsal/rehearsal.js';
import { loadPrograms, programs } from '../../../lib/rehearsal/requirements.js';
import type { Rehearsal } from '../../../lib/rehearsal/running.js';
import { until } from '../../../lib/rehearsal/services.js';
import { commandTools, type Tools } from '../../../lib/rehearsal/tools.js';
import { atTheBeginning, withEvidence, withOutgoingTest } from '../../../lib/rehearsal/working-copy.js';
import { packageRoot } from '../../../lib/rehearsal/files.js';
import { files, platform } from '../../rehearsal/examples.js';
import { describeReal } from '../requirements.js';

const id = 'musterstadt';
const today = '2025-03-01';
const minutes = 60_000;
/** The short form of `rehearse --load`: ten mails a second, hardly any rest, no mail of 100 MB. */
const short = { rate: 10, large: false, restMs: 1000, settleMs: 60_000 };
const needs = { root: true as const, programs: [...Object.keys(programs), ...Object.keys(loadPrograms)] };

/** Musterstadt in a Landesnetz whose mail servers have caching resolvers, its file as before the migration. */
async function begin(): Promise<Rehearsal> {
  const folder = await mkdtemp(join(tmpdir(), 'mailversand-test-'));
  try {
    const source = await readFile(join(files.municipalitiesDir, `${id}.yaml`), 'utf8');
    await writeFile(join(folder, `${id}.yaml`), atTheBeginning(source));
    const { municipality } = loadFiles(id, folder, files.platformFile);
    const places = { municipalitiesDir: folder, platformFile: files.platformFile };
    return await startRehearsal({ municipalities: [municipality], platform, ...places, resolvers: true });
  } finally {
    await rm(folder, { recursive: true });
  }
}

describeReal('mail under load', needs, () => {
  let rehearsal: Rehearsal;
  let tools: Tools;
  let load: Load;
  const edges: EdgeLoad[] = [];

  const edit = async (change: (text: string) => string): Promise<void> => {
    const file = join(rehearsal.municipalitiesDir, `${id}.yaml`);
    await writeFile(file, change(await readFile(file, 'utf8')));
  };
  const moveTo = async (stage: StageNumber): Promise<void> => {
    await edit((text) => withEvidence(text, stage, today));
    await tools.stage(id, String(stage));
  };
  const edge = async (stage: StageNumber, deploy: () => Promise<void>): Promise<void> => {
    await load.before(`to stage ${stage}`, stage);
    await moveTo(stage);
    await deploy();
    await load.deployed();
    await load.text();
  };
  /** What happened on every edge until now; fails with the table and the mails that were harmed. */
  const expectNoHarm = async (): Promise<void> => {
    edges.splice(0, edges.length, ...(await load.finish()));
    expect(edges.every(isFlawless) ? '' : loadSummary(edges)).toBe('');
  };

  beforeAll(async () => {
    rehearsal = await begin();
    tools = await commandTools(rehearsal, packageRoot());
    await tools.deploy('platform');
    await moveTo(1);
    await tools.deploy(id);
  }, 3 * minutes);
  /** @param outageMs where something is broken on purpose: only then a double may be explained */
  const begins = (outageMs?: number): void => {
    const { stage } = loadFiles(id, rehearsal.municipalitiesDir, rehearsal.platformFile).municipality;
    const options = { ...short, ...(outageMs !== undefined && { outageMs }) };
    load = new Load(rehearsal, rehearsal.municipality(id), options, stage);
  };
  afterEach(() => load.stop());
  afterAll(() => rehearsal.stop());

  test(
    'on the way to stage 4 no mail is lost, bounced, doubled or led astray, and the MX is never empty',
    async () => {
      begins();
      await edge(2, () => tools.deploy(id));
      await edge(3, () => tools.deploy(id));
      await edge(4, async () => {
        await tools.deploy(id);
        await rehearsal.municipalityOutgoing(id, 'relay');
        await tools.connectionTest(id);
        await tools.connectionTest(id, await rehearsal.answersOutside(id));
        await edit((text) => withOutgoingTest(text, today));
        await tools.deploy(id);
      });
      await expectNoHarm();
      const ways = new Set(
        edges.flatMap(({ entries }) => entries.flatMap(({ arrivals }) => arrivals.map(({ way }) => way))),
      );
      expect([...ways].sort()).toEqual([
        'NAT → relay → Internet',
        'NAT → relay → NdB',
        'NAT → relay → tenant',
        'direct',
        'over the Internet',
        'relay → NAT',
      ]);
      for (const { mx } of edges) expect(mx.answered).toBeGreaterThan(0);
    },
    8 * minutes,
  );

  test(
    'back to stage 3 while the deploy is killed, gateway and name server are away and servers are restarted: the same',
    async () => {
      begins(4000);
      const faulty = new FaultyTools(tools, rehearsal, id, 4000);
      await edge(3, async () => {
        await faulty.deploy(id);
        await rehearsal.municipalityOutgoing(id, 'direct');
      });
      await expectNoHarm();
      expect(faulty.counts).toMatchObject({ killed: 1, outages: 2, restarts: 2 });
    },
    8 * minutes,
  );
});

describeReal('an account of the load', needs, () => {
  test(
    'names what was lost, came back, came twice or took another way',
    async () => {
      const rehearsal = await begin();
      // It is told that stage 4 was reached, which is not so.
      const load = new Load(rehearsal, rehearsal.municipality(id), { ...short, settleMs: 20_000 }, 4);
      try {
        await load.before('harm', 4);
        const log = (host: string) => readFile(rehearsal.path(host, 'var/log/mail.log'), 'utf8');
        const seen = (host: string, pattern: RegExp) =>
          until(
            async () => pattern.exec(await log(host)) ?? undefined,
            20_000,
            async () => (await log(host)).slice(-2000),
          );
        await rehearsal.must(id, ['postfix', 'stop']);
        await seen('internet', /to=<load-\S+ .*status=deferred/);
        await rehearsal.must('internet', ['postsuper', '-d', 'ALL']);
        await rehearsal.must(id, [
          'postconf',
          '-e',
          'smtpd_recipient_restrictions = permit_mynetworks, reject',
        ]);
        await rehearsal.must(id, ['postfix', 'start']);
        await seen('ndb', /to=<load-\S+ .*status=bounced/);
        const [, twice = ''] = await seen(
          'tenant',
          /to=<(load-[^>]+@landesamt\.example)>\S* \S+ .*status=sent/,
        );
        await rehearsal.must('internet', ['sendmail', '-f', twice, twice], 'once more\n');
        await rehearsal.must(id, ['postconf', '-X', 'smtpd_recipient_restrictions']);
        await rehearsal.must(id, ['postfix', 'reload']);
        await seen('tenant', new RegExp(`from=<${twice}>`));
        await load.deployed();
        const [found] = await load.finish();
        const { lost, bounced, doubled, astray, waiting } = found?.account ?? {};
        expect(lost?.length).toBeGreaterThan(0);
        expect(bounced?.length).toBeGreaterThan(0);
        expect(doubled?.map(({ correlation }) => correlation)).toEqual([twice.replace(/@.*/, '')]);
        expect(astray?.length).toBeGreaterThan(0);
        expect(waiting).toEqual([]);
      } finally {
        await load.stop();
        await rehearsal.stop();
      }
    },
    2 * minutes,
  );
});
