import { withPolicy } from '../../../lib/provider/targets/sts-observed.js';
import { evidenceOf, seen } from '../resources/cutover/examples.js';

const record = seen('MTA-STS', 'v=STSv1; id=1');
const policy = { mode: 'enforce', mx: ['mail.musterstadt.example'], maxAge: 604_800 };
const line = 'mode=enforce mx=mail.musterstadt.example max_age=604800';

test('record and policy are one observation, for the longer of their times', async () => {
  const observed = await withPolicy([record, seen('SPF', '')], () => Promise.resolve(policy));
  expect(observed).toMatchObject([{ data: `v=STSv1; id=1\n${line}`, ttl: 604_800 }, { data: '' }]);
});

test('a policy that cannot be fetched is a problem, and neither a change nor a first look', async () => {
  const outage = await withPolicy([record], () => Promise.reject(new Error('no answer within 10 s')));
  expect(outage).toMatchObject([
    {
      authoritative: false,
      problem: 'its MTA-STS policy cannot be fetched: no answer within 10 s',
    },
  ]);
  expect(evidenceOf(...outage)).toEqual([]);
  const before = await withPolicy([record], () => Promise.resolve(policy));
  expect(evidenceOf(...before, ...outage)).toEqual(evidenceOf(...before));
});

test('without a record nothing is fetched', async () => {
  const none = [seen('MTA-STS', '')];
  expect(await withPolicy(none, () => Promise.reject(new Error('asked')))).toEqual(none);
});
