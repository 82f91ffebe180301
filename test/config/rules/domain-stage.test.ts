import { domainStage } from '../../../lib/config/rules/domain-stage.js';
import { saysOf } from '../support.js';

const domain = (name: string, stage?: number) => ({
  name,
  writer: 'dns1',
  mx: { ttl: 3600, records: [`10 mail.${name}`] },
  ...(stage === undefined ? {} : { stage }),
});
const times = { since: '2025-01-01T00:00:00Z', until: '2025-01-06T00:00:00Z' };

test('one domain stands where the municipality stands', () => {
  expect(saysOf(domainStage, { stage: 3, domains: [domain('a.example', 2)] })).toMatchInlineSnapshot(`
   "musterstadt.yaml:16:3  no domain at stage 3: each has a lower stage of its own
     at least one domain that stands where the municipality stands; write the stages as they were; npx mailversand stage takes such domains along, forwards and back   [domain-stage]
   "
  `);
  const domains = [domain('a.example', 2), domain('b.example', 3)];
  expect(saysOf(domainStage, { stage: 3, domains })).toBe('');
  expect(saysOf(domainStage, { stage: 2, domains: [domain('a.example', 3)] })).toBe('');
  expect(saysOf(domainStage, { stage: 3, domains: [domain('a.example'), domain('b.example', 0)] })).toBe('');
});

test('what is kept of a domain is of one that is there', () => {
  const kept = [
    { stage: 3, domain: 'b.example', ...times },
    { stage: 3, ...times },
  ];
  const domains = [domain('a.example')];
  expect(saysOf(domainStage, { stage: 2, domains, kept })).toMatchInlineSnapshot(`
   "musterstadt.yaml:24:13  kept of b.example
     one of its domains: a.example; leave the domain in the file until nothing of it is kept; npx mailversand domain removes it   [domain-stage]
   "
  `);
  expect(saysOf(domainStage, { stage: 2, domains: [...domains, domain('b.example')], kept })).toBe('');
});

test('where a domain is wrong by itself, nothing is said about all', () => {
  expect(saysOf(domainStage, { stage: 3, domains: [domain('a.example', 2), 'b.example'] })).toBe('');
  expect(saysOf(domainStage, { stage: 'x', domains: [domain('a.example', 2)] })).toBe('');
});
