import fc from 'fast-check';
import { desiredState } from '../../../lib/migration/desired-state.js';
import { addedTo, created, updated } from '../../../lib/provider/dns/merge.js';
import { mxKind } from '../../../lib/provider/dns/mx.js';
import { isSpf, permittedBeside } from '../../../lib/provider/dns/spf.js';
import { textOf, txtKind } from '../../../lib/provider/dns/txt.js';
import { sameSet, txtData, type RecordSet } from '../../../lib/provider/targets/dns/rdata.js';
import { at, musterstadt, platform } from '../../migration/examples.js';

const set = (ttl: number, texts: readonly string[]): RecordSet => ({ ttl, data: texts.map(txtData) });
const texts = (of: RecordSet): string[] => of.data.map(textOf);

const ttl = fc.constantFrom(60, 3600);
const token = fc.constantFrom('token=1', 'token=2', 'MS=ms1', 'long'.repeat(100));
const spf = fc.constantFrom(
  'v=spf1 mx -all',
  'v=spf1 a mx -all',
  'v=spf1 a -all',
  'v=spf1 ip4:203.0.113.10 -all',
);
const declared = fc
  .record({ ttl, texts: fc.uniqueArray(fc.oneof(token, spf), { minLength: 1 }) })
  .filter((one) => one.texts.filter(isSpf).length <= 1)
  .map((one) => set(one.ttl, one.texts));
const live = fc.option(
  fc
    .record({ ttl, texts: fc.uniqueArray(fc.oneof(token, spf), { minLength: 1 }) })
    .map((one) => set(one.ttl, one.texts)),
  { nil: undefined },
);

/** The set, or undefined where it was refused. */
function attempt(make: () => RecordSet): RecordSet | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

test('whatever is live and declared: a create or update ends with all that is declared, one SPF at most, and every text of others', () => {
  fc.assert(
    fc.property(live, fc.option(declared, { nil: undefined }), declared, (now, prior, wanted) => {
      const next = attempt(() =>
        prior === undefined
          ? created(txtKind, 'TXT', now, wanted)
          : updated(txtKind, 'TXT', now, prior, wanted),
      );
      if (next === undefined) return;
      expect(texts(next)).toEqual(expect.arrayContaining(texts(wanted)));
      expect(new Set(texts(next)).size).toBe(next.data.length);
      expect(texts(next).filter(isSpf).length).toBeLessThanOrEqual(1);
      expect(next.ttl).toBe(wanted.ttl);
      if (now === undefined) return;
      const gone = texts(now).filter((text) => !texts(next).includes(text));
      const mayGo =
        prior === undefined
          ? texts(now).filter((text) => texts(next).some((other) => permittedBeside(text, other).length > 0))
          : texts(prior);
      expect(mayGo).toEqual(expect.arrayContaining(gone));
    }),
    { numRuns: 2000 },
  );
});

test('what is declared and live already is never written, and what the state does not say is refused', () => {
  const spfSet = set(60, ['v=spf1 mx -all']);
  expect(sameSet(created(txtKind, 'TXT', spfSet, spfSet), spfSet)).toBe(true);
  expect(() => created(mxKind, 'MX', { ttl: 60, data: [] }, { ttl: 300, data: [] })).toThrow('differs');
  expect(() => updated(txtKind, 'TXT', undefined, spfSet, set(300, ['v=spf1 mx -all']))).toThrow(
    'found nothing',
  );
  expect(() => updated(txtKind, 'TXT', set(61, ['v=spf1 mx -all']), spfSet, set(300, ['x']))).toThrow(
    'found "v=spf1 mx -all" with TTL 61',
  );
});

test('a second SPF record refuses every change', () => {
  const both = set(60, ['v=spf1 mx -all', 'v=spf1 a -all']);
  const one = set(60, ['v=spf1 mx -all']);
  expect(() => created(txtKind, 'TXT', both, one)).toThrow('2 SPF records');
  expect(() => updated(txtKind, 'TXT', both, one, set(60, ['v=spf1 -all']))).toThrow('2 SPF records');
});

describe('an SPF record that lives before the file knows it', () => {
  const live = 'v=spf1 mx ip4:198.51.100.25 -all';
  const added = ['ip4:203.0.113.10', 'a:mail.musterstadt.example'];
  const withSpf = {
    ...musterstadt,
    domains: musterstadt.domains.map((domain) => ({ ...domain, spf: { value: live, ttl: 3600 } })),
  };

  test.each([1, 2, 3, 4] as const)('is adopted at stage %i, there with the relay', (stage) => {
    const { spfRecordSets } = desiredState(at(stage, withSpf), platform);
    const wanted = set(
      3600,
      spfRecordSets.map(({ value }) => value),
    );
    const next = created(txtKind, 'TXT', set(3600, ['token=1', live]), wanted);
    expect(texts(next)).toEqual([
      'token=1',
      stage < 3 ? live : live.replace('v=spf1', `v=spf1 ${added.join(' ')}`),
    ]);
    expect(addedTo(txtKind, [txtData(live)], wanted.data)).toEqual(stage < 3 ? [] : added);
    expect(() => created(txtKind, 'TXT', set(300, [live]), wanted)).toThrow('differs');
  });

  test.each([
    ['without one of its senders', 'v=spf1 ip4:203.0.113.10 mx -all'],
    ['with one that is not right behind the version', 'v=spf1 mx ip4:198.51.100.25 ip4:203.0.113.10 -all'],
    ['with one that is refused', 'v=spf1 -ip4:203.0.113.10 mx ip4:198.51.100.25 -all'],
    ['with everybody', 'v=spf1 +all mx ip4:198.51.100.25 -all'],
    ['with a redirection', 'v=spf1 redirect=a.example mx ip4:198.51.100.25 -all'],
    ['with another end', 'v=spf1 ip4:203.0.113.10 mx ip4:198.51.100.25 ~all'],
  ])('is not taken for one %s', (_, wanted) => {
    expect(() => created(txtKind, 'TXT', set(3600, [live]), set(3600, [wanted]))).toThrow('differs');
  });
});
