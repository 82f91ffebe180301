import { parse } from 'yaml';
import type { Domain } from '../../lib/config/municipality.js';
import type { DomainEdit } from '../../lib/migration/domain-change.js';
import { writeDomains } from '../../lib/migration/domain-writer.js';
import { isRefusal } from '../../lib/migration/stage-change.js';
import { after } from './examples.js';

const file = `stage: 4
domains:
  # the old one
  - name: a.example # since 1998
    writer: dns1
    mx:
      ttl: 3600
      records: [10 mail.a.example]

  - name: b.example
    writer: hoster
    stage: 2 # joins
    mx:
      ttl: 3600
      records:
        - 10 mail.b.example
# behind
forwarding: none
`;

const none = { drop: [], add: [] };
const domain: Domain = {
  name: 'c.example',
  zone: 'c.example',
  writer: 'dns1',
  mx: { ttl: 300, records: [{ preference: 10, host: 'mail.c.example' }] },
};

function write(text: string, edit: DomainEdit): string {
  const result = writeDomains(text, edit);
  if (isRefusal(result)) throw new Error(result.refused);
  return result;
}

test('a domain comes behind the others', () => {
  const spf = { ttl: 60, value: "v=spf1 exists:%{i}.it's.example -all" };
  const add = { ...domain, stage: 0 as const, zone: 'example', spf };
  expect(write(file, { add })).toBe(
    file.replace(
      '# behind',
      `  - name: c.example
    stage: 0
    zone: example
    writer: dns1
    mx:
      ttl: 300
      records:
        - 10 mail.c.example
    spf:
      value: 'v=spf1 exists:%{i}.it''s.example -all'
      ttl: 60
# behind`,
    ),
  );
});

test('without a stage, a zone and SPF of its own fewer lines are enough', () => {
  expect((parse(write(file, { add: domain })) as { domains: object[] }).domains.at(-1)).toEqual({
    name: 'c.example',
    writer: 'dns1',
    mx: { ttl: 300, records: ['10 mail.c.example'] },
  });
});

test('a stage is written behind the name, or in place of the old one', () => {
  expect(write(file, { domain: 'a.example', stage: 3, kept: none })).toBe(
    file.replace('# since 1998\n', '# since 1998\n    stage: 3\n'),
  );
  expect(write(file, { domain: 'b.example', stage: 3, kept: none })).toBe(
    file.replace('stage: 2', 'stage: 3'),
  );
});

test('what is kept of the domain comes and goes with it', () => {
  const entry = { stage: 4 as const, domain: 'a.example', since: after(0), until: after(100) };
  const back = write(file, { domain: 'a.example', stage: 3, kept: { drop: [], add: [entry] } });
  expect(back).toContain(
    `stage: 4\nkept:\n  - { stage: 4, domain: a.example, since: ${after(0)}, until: ${after(100)} }\n`,
  );
  const other = { ...entry, domain: 'b.example' };
  expect(write(back, { domain: 'a.example', stage: 3, kept: { drop: [other], add: [] } })).toBe(back);
  expect(write(back, { domain: 'a.example', stage: 4, kept: { drop: [entry], add: [] } })).not.toContain(
    'kept',
  );
});

test('a domain goes with its lines', () => {
  expect((parse(write(file, { remove: 'b.example' })) as { domains: object[] }).domains).toHaveLength(1);
  expect(write(file, { remove: 'a.example' })).toContain(
    'domains:\n  # the old one\n\n  - name: b.example\n',
  );
});

test.each([
  ['in brackets', 'domains: [{ name: a.example }]\n'],
  ['an entry in braces', 'domains:\n  - { name: a.example }\n'],
  ['missing', 'stage: 1\n'],
  ['no mapping', '- 1\n'],
])('%s: refused, with what to do', (_, text) => {
  expect(writeDomains(text, { add: domain })).toMatchObject({ rule: 'domain-file' });
});

test('a way of writing that this does not understand is refused, never written wrongly', () => {
  const text = '? domains\n: - name: a.example\n    writer: dns1\n';
  expect(writeDomains(text, { add: domain })).toMatchObject({ rule: 'domain-file' });
});
