import { keptConsistent } from '../../../lib/config/rules/kept-consistent.js';
import { saysOf } from '../support.js';

const since = '2025-01-01T00:00:00Z';
const until = '2025-01-06T00:00:00Z';
const later = '2025-01-07T00:00:00Z';

test('what stands is not kept', () => {
  expect(saysOf(keptConsistent, { stage: 3, kept: [{ stage: 3, since, until }] })).toMatchInlineSnapshot(`
   "musterstadt.yaml:23:12  kept stage 3
     a stage that was left, above 3: what stands is not kept; let \`npx mailversand stage\` write kept; the file's history shows what it wrote last   [kept-consistent]
   "
  `);
});

test('an end before the beginning is refused, for stages and servers', () => {
  const server = { inside: '10.0.0.1', transfer: '10.128.0.9' };
  expect(saysOf(keptConsistent, { kept: [{ stage: 4, since: later, until }] })).toContain(`until ${until}`);
  expect(saysOf(keptConsistent, { kept: [{ server, since: later, until }] })).toContain(`until ${until}`);
});

test('partial routing never was at stage 4', () => {
  const kept = [{ stage: 4, since, until }];
  expect(saysOf(keptConsistent, { routing: 'teilweise', kept })).toContain(
    'kept stage 4 with routing teilweise',
  );
});

test('a stage twice is refused', () => {
  const twice = { stage: 2, since, until };
  expect(saysOf(keptConsistent, { kept: [twice, twice] })).toContain('kept stage 2 a second time');
});

test('what carries the mail of a higher stage is kept at least as long', () => {
  const kept = [
    { stage: 4, since, until: later },
    { stage: 2, since, until },
  ];
  expect(saysOf(keptConsistent, { kept })).toMatchInlineSnapshot(`
   "musterstadt.yaml:28:12  until 2025-01-06T00:00:00Z
     an end not before that of stage 4, whose mail runs over what stage 2 brought; let \`npx mailversand stage\` write kept; the file's history shows what it wrote last   [kept-consistent]
   "
  `);
});

test('what `npx mailversand stage` writes is right', () => {
  const server = { inside: '10.0.0.1', transfer: '10.128.0.9' };
  const kept = [
    { server, since, until },
    { stage: 4, since, until },
    { stage: 3, since, until: later },
    { stage: 2, since, until: later },
  ];
  expect(saysOf(keptConsistent, { stage: 1, kept })).toBe('');
});

test('what is wrong by itself is not compared', () => {
  const kept = [
    { stage: 4, since: 'x', until },
    { stage: 3, since, until: 'x' },
    { stage: 2, since, until: later },
    { stage: 1, since, until: 'x' },
  ];
  expect(saysOf(keptConsistent, { stage: 9, kept })).toBe('');
});

describe('of a domain', () => {
  const domain = (stage?: number) => ({
    name: 'musterstadt.example',
    writer: 'dns1',
    mx: { ttl: 3600, records: ['10 mail.musterstadt.example'] },
    ...(stage === undefined ? {} : { stage }),
  });
  const own = { stage: 4, domain: 'musterstadt.example', since, until };

  test('what it has left is kept, though the municipality stands there', () => {
    expect(saysOf(keptConsistent, { stage: 4, domains: [domain(3)], kept: [own] })).toBe('');
    expect(saysOf(keptConsistent, { stage: 4, domains: [domain()], kept: [own] })).toContain('above 4');
    expect(saysOf(keptConsistent, { stage: 4, domains: [domain(4)], kept: [own] })).toContain('above 4');
  });

  test('entries are compared with those about the same', () => {
    const all = { stage: 2, since, until };
    expect(
      saysOf(keptConsistent, { stage: 1, domains: [domain(1)], kept: [{ ...own, until: later }, all] }),
    ).toBe('');
    const same = [own, { ...own }];
    expect(saysOf(keptConsistent, { stage: 1, domains: [domain(1)], kept: same })).toContain('a second time');
  });
});
