import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { municipalityPath } from '../../lib/config/files.js';
import type { Municipality, StageNumber } from '../../lib/config/municipality.js';
import { dropKept } from '../../lib/migration/drop-kept.js';
import { settled } from '../../lib/migration/settled.js';
import { changeStage, isRefusal } from '../../lib/migration/stage-change.js';
import { writeStage } from '../../lib/migration/stage-writer.js';
import { Journey, load, type Companion, type Network } from '../../lib/rehearsal/journey.js';
import { layOut } from '../../lib/rehearsal/layout.js';
import { expectedWay, type Hop, type PathName } from '../../lib/rehearsal/paths.js';
import { isAsExpected, passed, summary } from '../../lib/rehearsal/report.js';
import type { Tools } from '../../lib/rehearsal/tools.js';
import { atTheBeginning } from '../../lib/rehearsal/working-copy.js';
import { example, files, platform } from './examples.js';

/** A rehearsal of which only the municipality's file is real; mail takes the way of the stage last deployed. */
class Fake {
  readonly done: string[] = [];
  deployed: StageNumber = 0;
  astray?: PathName;
  readonly network: Network;

  constructor(
    readonly id: string,
    readonly municipalitiesDir: string,
  ) {
    this.network = {
      municipalitiesDir,
      platformFile: files.platformFile,
      platform,
      layout: layOut(platform, [example(id)]),
      settled: () => Promise.resolve(),
      answersOutside: () => Promise.resolve(['answer.eml']),
      path: () => '/nowhere',
      must: (host, argv) => this.note(`${host}: ${argv.join(' ')}`, host === 'register' ? 'ok\n' : ''),
      exec: (host, argv) => {
        const stdout = argv[0] === 'dig' ? this.dig(argv) : host === 'relay' ? '220 hello' : '';
        return Promise.resolve({ exitCode: 0, stdout, stderr: '' });
      },
      municipalityOutgoing: (_, way) => this.note(`outgoing ${way}`, undefined),
      send: ({ from, to }) =>
        Promise.resolve({ delivered: true, correlation: '', seconds: 0, hops: this.hops(from, to) }),
    };
  }

  private note<T>(what: string, result: T): Promise<T> {
    this.done.push(what);
    return Promise.resolve(result);
  }

  private dig(argv: string[]): string {
    const { domains } = load(this.id, this.municipalitiesDir, files.platformFile).municipality;
    const domain = domains.find(({ name }) => argv.includes(`${name}.`));
    if (argv.includes('TXT')) return domain?.spf ? `x. ${domain.spf.ttl} IN TXT "${domain.spf.value}"` : '';
    return (domain?.mx.records ?? [])
      .map(({ preference, host }) => `x. ${domain?.mx.ttl ?? 0} IN MX ${preference} ${host}.`)
      .join('\n');
  }

  private hops(from: string, to: string): Hop[] {
    const own = example(this.id).domains.map(({ name }) => name);
    const path = [from, to]
      .map((name) => (own.includes(name) ? 'municipality' : name))
      .join(' → ') as PathName;
    const host = own.includes(to) ? this.id : to;
    if (path === this.astray) return [];
    const hop = (host: string, address: string, nat = false): Hop => ({
      host,
      from: address,
      nat,
      tls: true,
    });
    const way = expectedWay(path, this.deployed, example(this.id).routing);
    if (way.startsWith('NAT')) return [hop('relay', '10.128.0.1', true), hop(host, '10.64.0.10')];
    if (way.startsWith('relay')) {
      return [
        hop('relay', from === 'internet' ? '203.0.113.80' : '10.64.0.20'),
        hop(host, '192.168.10.250', true),
      ];
    }
    return [hop(host, '203.0.113.80')];
  }

  readonly tools: Tools = {
    planned: () => Promise.resolve(undefined),
    connectionTest: (_, answers = []) => this.note(['anbindungstest', ...answers].join(' '), undefined),
    deploy: async (stack) => {
      if (stack !== 'platform')
        this.deployed = load(this.id, this.municipalitiesDir, files.platformFile).municipality.stage;
      await this.note(`deploy ${stack}`, undefined);
    },
    stage: async (id, ...argv) => {
      await this.note(`stage ${argv.join(' ')}`, undefined);
      const path = municipalityPath(this.municipalitiesDir, id);
      const text = await readFile(path, 'utf8');
      const { municipality } = load(id, this.municipalitiesDir, files.platformFile);
      const later = new Date(Date.now() + 3_600_000);
      const change =
        argv[0] === '--drop-kept'
          ? dropKept(municipality, platform, later)
          : argv[0] === '--settled'
            ? dueSettled(municipality, later)
            : changeStage(municipality, platform, Number(argv[0]), new Date());
      if ('refused' in change) throw new Error(change.refused);
      const written = writeStage(text, change.edit);
      if (isRefusal(written)) throw new Error(written.refused);
      await writeFile(path, written);
    },
  };
}

function dueSettled(m: Municipality, now: Date) {
  const review = settled(m, now);
  if (!review?.due) throw new Error('not settled');
  return review;
}

describe('a municipality is taken through its stages', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailversand-test-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const journey = async (id: string, to?: StageNumber, astray?: PathName, goesAlong = false) => {
    const path = municipalityPath(folder, id);
    await cp(municipalityPath(files.municipalitiesDir, id), path);
    await writeFile(path, atTheBeginning(await readFile(path, 'utf8')));
    const fake = new Fake(id, folder);
    if (astray !== undefined) fake.astray = astray;
    const report = {
      out: () => undefined,
      step: <T>(_: string, work: (say: () => void) => Promise<T>) => work(() => undefined),
    };
    const { network: rehearsal, tools } = fake;
    const note = (what: string) => Promise.resolve(void fake.done.push(what));
    const companion: Companion = {
      before: (title, stage) => note(`before: ${title} (${stage})`),
      deployed: () => note('deployed'),
      text: () => note('text').then(() => ''),
      turning: (stage) => note(`turning at ${stage}`).then(() => ''),
    };
    const pause = () => Promise.resolve();
    const props = { rehearsal, id, tools, report, pause, ...(goesAlong ? { companion } : {}) };
    const seen = await new Journey(props).take(to);
    return { seen, done: fake.done };
  };

  test('all eight edges, the test of the way out before the MX moves, and what was kept in deploys of their own', async () => {
    const { seen, done } = await journey('musterstadt');
    expect(done).toMatchInlineSnapshot(`
     [
       "deploy platform",
       "deploy musterstadt",
       "stage 1",
       "deploy musterstadt",
       "anbindungstest",
       "stage 2",
       "deploy musterstadt",
       "stage 3",
       "deploy musterstadt",
       "anbindungstest",
       "stage 4",
       "deploy musterstadt",
       "outgoing relay",
       "anbindungstest",
       "anbindungstest answer.eml",
       "deploy musterstadt",
       "stage --settled",
       "deploy musterstadt",
       "stage 3",
       "deploy musterstadt",
       "outgoing direct",
       "stage --drop-kept",
       "deploy musterstadt",
       "stage 2",
       "deploy musterstadt",
       "stage --drop-kept",
       "deploy musterstadt",
       "stage 1",
       "deploy musterstadt",
       "stage --drop-kept",
       "deploy musterstadt",
       "stage 0",
       "deploy musterstadt",
     ]
    `);
    expect(passed(seen)).toBe(true);
    expect(summary(seen, 12.3)).toMatchInlineSnapshot(`
     "
     78 of 78 mails came as expected, 13 of 13 plans were empty, in 12 s.
     Everything was as expected.
     "
    `);
  });

  test('who goes along is told before anything of an edge changes, and after people did their part', async () => {
    const { done } = await journey('probedorf', undefined, undefined, true);
    const [first, second] = [done.indexOf('before: Stage 2 → 3 (3)'), done.indexOf('turning at 3')];
    expect(done.slice(first, second + 8)).toMatchInlineSnapshot(`
     [
       "before: Stage 2 → 3 (3)",
       "stage 3",
       "deploy probedorf",
       "deployed",
       "text",
       "before: Stage 3, settled (3)",
       "stage --settled",
       "deploy probedorf",
       "deployed",
       "text",
       "turning at 3",
       "before: Stage 3 → 2 (2)",
       "stage 2",
       "deploy probedorf",
       "deployed",
       "text",
       "before: Stage 2, without what was kept (2)",
       "stage --drop-kept",
     ]
    `);
  });

  test('partial routing turns round at stage 3 and never sends its own mail through the relay', async () => {
    const { done } = await journey('probedorf');
    expect(done).toContain('stage 3');
    expect(done).not.toContain('stage 4');
    expect(done).not.toContain('outgoing relay');
  });

  test('each domain of a municipality gets and sends its own mail', async () => {
    const { seen } = await journey('beispielhausen', 0);
    expect(seen.edges[0]?.cells.slice(0, 2).map(({ to }) => to)).toEqual(
      example('beispielhausen').domains.map(({ name }) => name),
    );
    expect(seen.edges[0]?.cells).toHaveLength(12);
  });

  test('a hoster gets what it was instructed to do', async () => {
    const { done } = await journey('fabelburg', 1);
    expect(done.filter((what) => what.startsWith('dns: knotc zone-set'))).toContain(
      'dns: knotc zone-set fabelburg.example. fabelburg.example. 5 MX 10 mx01.hoster.example.',
    );
  });

  test('with a last stage there is no way back', async () => {
    const { seen, done } = await journey('musterstadt', 2);
    expect(done.filter((what) => what.startsWith('stage '))).toEqual(['stage 1', 'stage 2']);
    expect(seen.edges).toHaveLength(3);
  });

  test('a mail that goes astray fails the rehearsal, which goes on all the same', async () => {
    const { seen } = await journey('musterstadt', 1, 'tenant → municipality');
    expect(seen.edges.map(isAsExpected)).toEqual([false, false]);
    expect(passed(seen)).toBe(false);
    expect(summary(seen, 1)).toContain('Not as expected: Stage 0; Stage 0 → 1.');
  });

  test('the MX does not move if the way out does not carry mail', async () => {
    await expect(journey('musterstadt', 4, 'municipality → internet')).rejects.toThrow(
      'The test of the outgoing path failed',
    );
  });
});
