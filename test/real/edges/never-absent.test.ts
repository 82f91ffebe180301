import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { describeReal } from '../requirements.js';
import { Desk, rehearsalNeeds } from './desk.js';

jest.setTimeout(600_000);

const id = 'musterstadt';
const transfer = '10.128.0.1';

describeReal('a live element is never absent', rehearsalNeeds, () => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await Desk.open(id);
    await desk.begin(id, 1);
  });
  afterAll(() => desk.close());

  /** How often the DNAT element was missing while something was done, of how many looks. */
  async function lookedAt(work: () => Promise<unknown>): Promise<{ looks: number; absent: number }> {
    let looks = 0;
    let absent = 0;
    const working = new AbortController();
    const looking = (async () => {
      while (!working.signal.aborted) {
        const { stdout } = await desk.rehearsal.exec('gateway', [
          'nft',
          'list',
          'map',
          'ip',
          'mailversand',
          'dnat_to',
        ]);
        looks += 1;
        if (!stdout.includes(transfer)) absent += 1;
      }
    })();
    try {
      await work();
    } finally {
      working.abort();
      await looking;
    }
    return { looks, absent };
  }

  async function expectNeverAbsent(work: () => Promise<unknown>): Promise<void> {
    const { looks, absent } = await lookedAt(work);
    expect(looks).toBeGreaterThan(10);
    expect(absent).toBe(0);
    expect(await desk.plansNothing(id)).toBe(true);
  }

  const rule = async (): Promise<string> => {
    const [address] = await desk.addresses(id, 'dnat_rule');
    if (address === undefined) throw new Error('there is no DNAT rule in the state');
    return address;
  };

  test('the looking itself sees an element that is gone', async () => {
    const { absent } = await lookedAt(async () => {
      await desk.rehearsal.must('gateway', ['nft', 'flush', 'map', 'ip', 'mailversand', 'dnat_to']);
      await desk.mustEngine(id, 'apply', '-auto-approve', '-input=false');
    });
    expect(absent).toBeGreaterThan(0);
  });

  test('with -replace', async () => {
    const address = await rule();
    await expectNeverAbsent(() =>
      desk.mustEngine(id, 'apply', '-auto-approve', '-input=false', `-replace=${address}`),
    );
  });

  test('when it is tainted', async () => {
    await desk.mustEngine(id, 'taint', await rule());
    await expectNeverAbsent(() => desk.mustEngine(id, 'apply', '-auto-approve', '-input=false'));
  });

  test('when its construct gets another id', async () => {
    const file = join(desk.folder(id), 'cdk.tf.json');
    const name = (await rule()).split('.')[1] ?? '';
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replaceAll(name, `${name}_renamed`));
    await expectNeverAbsent(() => desk.mustEngine(id, 'apply', '-auto-approve', '-input=false'));
    await writeFile(file, text);
    await expectNeverAbsent(() => desk.mustEngine(id, 'apply', '-auto-approve', '-input=false'));
  });

  test('when the state is lost', async () => {
    const state = join(desk.rehearsal.runDir, 'state', `${id}.tfstate`);
    await rename(state, `${state}.lost`);
    await expectNeverAbsent(() => desk.mustEngine(id, 'apply', '-auto-approve', '-input=false'));
    await rm(`${state}.lost`);
  });

  test('when the deploy is killed between create and delete', async () => {
    const address = await rule();
    await expectNeverAbsent(async () => {
      await desk.killEngine(
        id,
        /Creation complete/,
        'apply',
        '-auto-approve',
        '-input=false',
        `-replace=${address}`,
      );
      // Its lock on the state went with it, and the next deploy finishes the work.
      await desk.mustEngine(id, 'apply', '-auto-approve', '-input=false', '-lock-timeout=10s');
    });
  });
});
