import { jest } from '@jest/globals';
import { describeReal } from '../requirements.js';
import { Desk, rehearsalNeeds } from './desk.js';

jest.setTimeout(600_000);

const dnat = 'dnat_to';
const [one, other] = ['musterstadt', 'beispielhausen'];

describeReal('several hands on the same far ends', rehearsalNeeds, () => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await Desk.open(one, other);
    await Promise.all([desk.writeStage(one, 1), desk.writeStage(other, 1)]);
  });
  afterAll(() => desk.close());

  const elements = (): Promise<string> =>
    desk.rehearsal.must('gateway', ['nft', 'list', 'map', 'ip', 'mailversand', dnat]);

  test('two municipalities deployed at the same time do not disturb each other', async () => {
    await Promise.all([desk.mustDeploy(one), desk.mustDeploy(other)]);
    const plans = await Promise.all([desk.plansNothing(one), desk.plansNothing(other)]);
    expect(plans).toEqual([true, true]);
    const live = await elements();
    for (const id of [one, other]) {
      for (const { transfer } of desk.rehearsal.municipality(id).servers) expect(live).toContain(transfer);
    }
  });

  test('a hand edit between plan and apply stops the apply, and stays', async () => {
    const { transfer } = desk.rehearsal.municipality(one).servers[0] ?? { transfer: '' };
    await desk.edit(one, (text) => text.replace(/inside: \S+/, 'inside: 192.168.10.6'));
    await desk.synth(one);
    await desk.mustEngine(one, 'plan', '-input=false', '-out=before.plan');
    const key = `"ln0" . ${transfer} . tcp . 25`;
    await desk.rehearsal.must('gateway', [
      'nft',
      `delete element ip mailversand ${dnat} { ${key} } ; add element ip mailversand ${dnat} { ${key} comment "by hand at night" : 192.168.10.7 . 25 }`,
    ]);
    const { exitCode, output } = await desk.engine(one, 'apply', '-input=false', 'before.plan');
    expect(output).toContain('[conflict]');
    expect(exitCode).not.toBe(0);
    expect(await elements()).toContain('192.168.10.7');
  });
});
