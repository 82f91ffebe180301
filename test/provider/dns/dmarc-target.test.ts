import { isTighter } from '../../../lib/provider/resources/cutover/dmarc.js';
import { withDmarcTarget } from '../../../lib/provider/targets/dns/dmarc-target.js';
import { oldMx, seen } from '../resources/cutover/examples.js';

const alias = seen('DMARC', 'CNAME _dmarc.dienstleister.example.');

const following = (...texts: string[]) =>
  withDmarcTarget([seen('MX', oldMx), alias], (name) =>
    name === '_dmarc.dienstleister.example.'
      ? Promise.resolve({ texts, ttl: 600 })
      : Promise.reject(new Error(name)),
  );

test('a policy behind an alias is followed, and judged as if it stood there', async () => {
  const [, none] = await following('v=DMARC1; p=none', 'something else');
  const [, reject] = await following('v=DMARC1; p=reject');
  expect(none).toMatchObject({ data: `${alias.data}\nv=DMARC1; p=none`, ttl: 600, authoritative: true });
  expect(isTighter(reject?.data ?? '', none?.data ?? '')).toBe(true);
  expect(isTighter(none?.data ?? '', reject?.data ?? '')).toBe(false);
});

test('what nobody can look up is unknown, and not “no policy”', async () => {
  const [lost] = await withDmarcTarget([alias], () => Promise.reject(new Error('it answers SERVFAIL')));
  expect(lost).toMatchObject({ authoritative: false, data: '' });
  expect(lost?.problem).toMatch(/CNAME .*: it answers SERVFAIL$/);
});
