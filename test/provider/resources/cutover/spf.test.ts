import { oldSpf, ready, seen, silent, toRelay } from './examples.js';
import { refusals, showing, showingAged } from './refusals.js';

// What an MX that moves to the relay asks of SPF, beyond the table in rules.test.ts.

const noSpf = {
  ...showing(seen('SPF', '')),
  recorded: ready.recorded.filter(({ type }) => type !== 'SPF'),
};

test('a domain without SPF needs none', () => {
  expect(refusals(noSpf)).toEqual({});
});

test('a record that the file does not know is written by no deploy', () => {
  const without = showing(seen('SPF', oldSpf));
  const found = (spfTtl: number) =>
    refusals({ ...without, move: { ...toRelay, spfTtl } })['gate-spf-lists-relay']?.join('\n');
  expect(found(0)).toContain('the file has no spf for musterstadt.example');
  expect(found(3600)).not.toContain('the file has no spf');
});

test('a domain of which no server shows SPF, but one is silent, may have one', () => {
  const { observations } = showing(seen('SPF', ''), silent('SPF'));
  expect(Object.keys(refusals({ ...noSpf, observations }))).toEqual([
    'gate-spf-lists-relay',
    'gate-spf-aged',
  ]);
});

describe('the deploy that moves the MX', () => {
  const writing = (spfWritten: string): Record<string, string[]> =>
    refusals({ move: { ...ready.move, spfWritten } });

  test('does not take an old sender out of SPF, in its own zone', () => {
    expect(writing('v=spf1 ip4:203.0.113.10 -all')).toEqual({
      'gate-spf-lists-relay': [
        expect.stringMatching(
          / shows v=spf1 .*, and this deploy writes v=spf1 .*, without ip4:198\.51\.100\.25$/,
        ),
      ],
    });
  });

  test.each([
    ['what is shown', 'v=spf1 ip4:203.0.113.10 ip4:198.51.100.25 -all'],
    ['more', 'v=spf1 ip4:203.0.113.10 ip4:198.51.100.0/24 mx ~all'],
    ['nothing, because the hoster does', ''],
  ])('may write %s', (_, written) => {
    expect(writing(written)).toEqual({});
  });

  test.each([
    ['refuses more than before', 'v=spf1 ip4:203.0.113.10 ip4:198.51.100.25 -all', '~all', '-all'],
    ['has its own way with others', 'v=spf1 ip4:203.0.113.10 ip4:198.51.100.25 ~all', 'no all', '~all'],
  ])('writes no record that %s', (_, written, was, is) => {
    const shown = `v=spf1 ip4:203.0.113.10 ip4:198.51.100.25${was === 'no all' ? '' : ` ${was}`}`;
    const change = showingAged(seen('SPF', shown));
    expect(refusals({ ...change, move: { ...ready.move, spfWritten: written } })).toEqual({
      'gate-spf-lists-relay': [
        expect.stringMatching(`, with ${is} instead of ${was === 'no all' ? '\\?all' : was}$`),
      ],
    });
  });

  test('writes no refusing term before an old sender', () => {
    expect(
      writing('v=spf1 ip4:203.0.113.10 -ip4:198.51.100.0/24 ip4:198.51.100.25 -all')['gate-spf-lists-relay'],
    ).toEqual([expect.stringMatching(/, with -ip4:198\.51\.100\.0\/24 before ip4:198\.51\.100\.25$/)]);
  });
});

describe('mx in SPF means the relay as soon as the MX names it', () => {
  const before = 'v=spf1 ip4:203.0.113.10 mx -all';
  const named = 'v=spf1 ip4:203.0.113.10 a:mail.musterstadt.example mx -all';

  test.each([
    ['at a hoster', before, ''],
    ['where the deploy names the old server, which receivers do not know yet', before, named],
  ])('so it may not move while SPF lists the old server by mx alone: %s', (_, shown, spfWritten) => {
    const change = { ...showingAged(seen('SPF', shown)), move: { ...ready.move, spfWritten } };
    expect(refusals(change)).toEqual({
      'gate-spf-lists-relay': [
        `192.0.2.53 shows ${shown}, whose mx means the relay then: without a:mail.musterstadt.example`,
      ],
    });
  });

  test('nor where the deploy takes its name out', () => {
    const change = { ...showingAged(seen('SPF', named)), move: { ...ready.move, spfWritten: before } };
    expect(refusals(change)['gate-spf-lists-relay']).toEqual([
      `192.0.2.53 shows ${named}, and this deploy writes ${before}, without a:mail.musterstadt.example`,
    ]);
  });

  test.each([named, named.replace('mx', 'mx:elsewhere.example/24'), 'v=spf1 ip4:203.0.113.10 ?mx +all'])(
    'it may where SPF lists it by its name, or not at all: %s',
    (shown) => {
      expect(refusals(showingAged(seen('SPF', shown)))).toEqual({});
    },
  );
});
