import { spfCost, type LookUp } from '../../../lib/provider/targets/dns/spf-cost.js';

/** A world of records: `TYPE name` → data. */
const counting = (records: Record<string, string[]>) => {
  const lookUp: LookUp = (name, type) =>
    name === 'broken.example'
      ? Promise.reject(new Error('it answers SERVFAIL'))
      : Promise.resolve(records[`${type} ${name}`] ?? []);
  return spfCost('musterstadt.example', lookUp);
};
const spf = (text: string, more: Record<string, string[]> = {}) =>
  counting({ 'TXT musterstadt.example': ['verification=1', text], ...more });

test('addresses need no look-up, a domain without SPF needs none either', async () => {
  expect(await spf('v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 -all')).toEqual({
    lookUps: 0,
    voids: 0,
    problems: [],
  });
  expect(await counting({})).toEqual({ lookUps: 0, voids: 1, problems: [] });
});

test('every mechanism that needs DNS counts, with everything that is included', async () => {
  const text =
    'v=spf1 a mx ?a:x.example/24//64 include:_spf.example ptr exists:%{i}.example redirect=last.example';
  const cost = await spf(text, {
    'A musterstadt.example': ['192.0.2.1'],
    'MX musterstadt.example': ['mail.musterstadt.example'],
    'A x.example': ['192.0.2.2'],
    'TXT _spf.example': ['v=spf1 a:y.example -all'],
    'A y.example': ['192.0.2.3'],
    'TXT last.example': ['v=spf1 -all'],
  });
  expect(cost).toEqual({ lookUps: 8, voids: 0, problems: [] });
});

test('look-ups that find nothing are counted', async () => {
  expect(await spf('v=spf1 a:a.example mx:b.example exists:c.example -all')).toMatchObject({ voids: 3 });
});

test('an included record must be there, once', async () => {
  expect(await spf('v=spf1 include:none.example -all')).toMatchObject({
    problems: ['none.example has 0 SPF records, allowed is one'],
  });
  const twice = { 'TXT two.example': ['v=spf1 -all', 'v=spf1 +all'] };
  expect(await spf('v=spf1 include:two.example -all', twice)).toMatchObject({
    problems: ['two.example has 2 SPF records, allowed is one'],
  });
});

test('a circle ends, and so does a chain without end', async () => {
  expect(await spf('v=spf1 include:musterstadt.example -all')).toMatchObject({
    problems: ['musterstadt.example includes itself'],
  });
  const wide = `v=spf1 ${'a '.repeat(500)}-all`;
  expect((await spf(wide, { 'A musterstadt.example': ['192.0.2.1'] })).lookUps).toBeLessThan(30);
});

test('what nobody answers, and an MX of more than ten hosts, are problems', async () => {
  expect(await spf('v=spf1 a:broken.example -all')).toMatchObject({
    problems: ['A of broken.example cannot be looked up: it answers SERVFAIL'],
  });
  const hosts = { 'MX musterstadt.example': Array.from({ length: 11 }, (_, i) => `m${i}.example`) };
  expect(await spf('v=spf1 mx -all', hosts)).toMatchObject({
    problems: ['musterstadt.example has 11 mail exchangers, 10 are allowed'],
  });
});
