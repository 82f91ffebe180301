import type { Cutover } from '../../../../lib/provider/resources/cutover/cutover.js';
import { closesWayBack, sendersLeave } from '../../../../lib/provider/resources/cutover/senders-leave.js';
import { answering, at, back, evidenceOf, newSpf, oldMx, oldSpf, ready, seen, silent } from './examples.js';
import { refusals, showing } from './refusals.js';

const relayMx = '10 mx1.relay.example.';
const relaySpf = 'v=spf1 ip4:203.0.113.10 -all';
const otherThen = 'it was otherwise when the MX moved';

/** The MX moved at 1000 s; SPF as it followed, each with the second at which it was first seen. */
function after(...spf: (readonly [string, number])[]): Partial<Cutover> {
  const shown = spf.map(([data, seconds]) => seen('SPF', data, { at: at(seconds) }));
  return {
    move: back,
    askedTo: [answering('mail.musterstadt.example', 250)],
    recorded: evidenceOf(seen('MX', oldMx), seen('MX', relayMx, { at: at(1000) }), ...shown),
    ...showing(shown.at(-1) ?? silent('SPF')),
  };
}

test.each<[string, Partial<Cutover>]>([
  ['names the old sender still', after([oldSpf, 0], [newSpf, 100])],
  ['never named anybody but the relay', after([relaySpf, 0])],
  [
    'named a sender beside the relay before the MX moved, and not any more then',
    after(['v=spf1 ip4:203.0.113.10 include:brief.example -all', 100], [newSpf, 200]),
  ],
  ['named a sender before the relay stood in it', after([oldSpf, 0], [relaySpf, 2000])],
  ['is not there at all, so nothing fails', after([newSpf, 100], ['', 2000])],
  [
    'names a network in which the old sender is',
    after([newSpf, 100], ['v=spf1 ip4:203.0.113.10 ip4:198.51.100.0/24 -all', 2000]),
  ],
  [
    'names the old sender again, written otherwise, and that has aged',
    after([newSpf, 100], [relaySpf, 2000], ['v=spf1 +IP4:198.51.100.25 ip4:203.0.113.10 ~all', 3000]),
  ],
  ['is said by no server', { ...after([newSpf, 100], [relaySpf, 2000]), ...showing(silent('SPF')) }],
])('an MX goes back where SPF %s', (_, change) => {
  expect(refusals(change)).toEqual({});
});

test.each([
  ['an address', newSpf, 'ip4:198.51.100.25'],
  ['a network', 'v=spf1 ip4:203.0.113.10 ip4:198.51.100.0/24 -all', 'ip4:198.51.100.0/24'],
  ['an address of the other family', 'v=spf1 ip4:203.0.113.10 ip6:2001:db8::25 -all', 'ip6:2001:db8::25'],
  ['an include', 'v=spf1 ip4:203.0.113.10 include:spf.hoster.example -all', 'include:spf.hoster.example'],
  ['another record', 'v=spf1 ip4:203.0.113.10 redirect=spf.hoster.example', 'redirect=spf.hoster.example'],
])('an MX does not go back while SPF lacks what it named beside the relay: %s', (_, was, sender) => {
  const now = 'v=spf1 ip4:203.0.113.10 ip4:198.51.100.26 ?ip4:198.51.100.25 exp=why.example -all';
  expect(refusals(after([was, 100], [now, 2000]))).toEqual({
    'gate-way-back': [`192.0.2.53 shows the SPF record ${now}, without ${sender}: ${otherThen}`],
  });
});

test.each<[string, Partial<Cutover>]>([
  [
    'a sender that came after the MX had moved, and went',
    after([newSpf, 100], [newSpf.replace(' -all', ' include:brief.example -all'), 2000], [newSpf, 3000]),
  ],
  [
    'an address that the relay had before',
    after(
      ['v=spf1 ip4:203.0.113.9 ip4:198.51.100.25 -all', 100],
      ['v=spf1 ip4:203.0.113.9 ip4:203.0.113.10 ip4:198.51.100.25 -all', 2000],
      [newSpf, 3000],
    ),
  ],
  [
    'what a name server showed that has nothing to do with the zone any more',
    {
      ...after([newSpf, 300_000]),
      recorded: evidenceOf(
        seen('MX', relayMx, { at: at(1000), server: '192.0.2.99' }),
        seen('SPF', newSpf.replace(' -all', ' include:x.example -all'), { at: at(100) }),
        seen('SPF', newSpf, { at: at(300_000) }),
        seen('MX', relayMx, { at: at(500_000) }),
      ),
      now: new Date(at(900_000)),
    },
  ],
])('an MX goes back in spite of %s', (_, change) => {
  expect(refusals({ ...change, now: new Date(at(900_000)) })).toEqual({});
});

const lost = `shows the SPF record ${relaySpf}, without ip4:198.51.100.25: ${otherThen}`;

test('a sender that somebody took out since anybody looked last is missed', () => {
  const change = { ...after([newSpf, 100]), ...showing(seen('SPF', relaySpf)) };
  expect(refusals(change)['gate-way-back']).toEqual([`192.0.2.53 ${lost}`]);
});

test('and one that was lost when the zone went to other name servers', () => {
  const other = { server: '192.0.2.77', at: at(3000) };
  const change = {
    ...after([newSpf, 100]),
    observations: [seen('MX', relayMx, other), seen('SPF', relaySpf, other)],
    recorded: evidenceOf(
      seen('MX', relayMx, { at: at(1000) }),
      seen('SPF', newSpf, { at: at(100) }),
      seen('MX', relayMx, other),
      seen('SPF', relaySpf, other),
    ),
  };
  expect(refusals(change)['gate-way-back']).toEqual([`192.0.2.77 ${lost}`]);
});

test('one that stands there again since a moment ago waits: nobody has recorded since when', () => {
  const change = { ...after([newSpf, 100], [relaySpf, 2000]), ...showing(seen('SPF', newSpf)) };
  expect(refusals(change)['gate-way-back']).toEqual([
    `192.0.2.53 showed the SPF record ${relaySpf}, without ip4:198.51.100.25, which may still be in caches`,
  ]);
});

test('mx counts for nothing while some have the MX with the relay in a cache, the name of the server does', () => {
  const byMx = 'v=spf1 ip4:203.0.113.10 mx/28 -all';
  const byName = 'v=spf1 ip4:203.0.113.10 a:mail.musterstadt.example/28 mx/28 -all';
  expect(refusals(after([byMx, 100]))['gate-way-back']).toEqual([
    `192.0.2.53 shows the SPF record ${byMx}, without a:mail.musterstadt.example/28: ${otherThen}`,
  ]);
  expect(refusals({ ...after([byMx, 100], [byName, 2000]), now: new Date(at(9000)) })).toEqual({});
});

test.each([
  ['refuses what it let pass', newSpf.replace('-all', '~all'), newSpf, 'with -all instead of ~all'],
  [
    'refuses a network in which an old sender is, before it',
    newSpf,
    newSpf.replace('v=spf1', 'v=spf1 -ip4:198.51.100.0/24'),
    'with -ip4:198.51.100.0/24 before ip4:198.51.100.25',
  ],
])('an MX does not go back while SPF %s when it moved', (_, was, now, loss) => {
  expect(refusals(after([was, 100], [now, 2000]))['gate-way-back']).toEqual([
    `192.0.2.53 shows the SPF record ${now}, ${loss}: ${otherThen}`,
  ]);
});

test.each([
  ['another preference', '20 mx1.relay.example.'],
  ['a second host of the relay', `${relayMx}\n20 mx2.relay.example.`],
])('an old sender is not forgotten when the MX gets %s later', (_, mx) => {
  const change = after([newSpf, 100], [relaySpf, 2000]);
  const changed = seen('MX', mx, { at: at(3000) });
  const recorded = [
    ...(change.recorded ?? []).filter(({ type }) => type !== 'MX'),
    ...evidenceOf(seen('MX', oldMx), seen('MX', relayMx, { at: at(1000) }), changed),
  ];
  expect(refusals({ ...change, recorded })['gate-way-back']).toEqual([`192.0.2.53 ${lost}`]);
});

test('where nobody saw the MX at the old servers, what is seen first counts', () => {
  const change = after([newSpf, 100], [relaySpf, 2000]);
  const again = [1500, 3000].map((seconds, i) => seen('MX', `${i} mx1.relay.example.`, { at: at(seconds) }));
  const recorded = [
    ...(change.recorded ?? []).filter(({ type }) => type !== 'MX'),
    ...evidenceOf(seen('MX', relayMx, { at: at(1000) }), ...again),
  ];
  expect(refusals({ ...change, recorded })['gate-way-back']).toEqual([`192.0.2.53 ${lost}`]);
});

test('the deploy that takes the MX back takes no old sender out of SPF', () => {
  const change = { ...after([newSpf, 100]), move: { ...back, spfWritten: relaySpf } };
  expect(refusals(change)['gate-way-back']).toEqual([
    `this deploy writes the SPF record ${relaySpf}, without ip4:198.51.100.25: ${otherThen}`,
  ]);
});

test('a relay that has got a second address since is known by the first', () => {
  const spf = ['ip4:203.0.113.10', 'ip4:203.0.113.11'];
  const change = { ...after([newSpf, 100], [relaySpf, 2000]), move: { ...back, spf } };
  expect(refusals(change)['gate-way-back']).toEqual([`192.0.2.53 ${lost}`]);
});

test('what stands behind all permits nobody', () => {
  const now = 'v=spf1 ip4:203.0.113.10 -all ip4:198.51.100.25';
  expect(refusals(after([newSpf, 100], [now, 2000]))['gate-way-back']).toHaveLength(1);
});

test('an old sender that was named again waits until no cache has the record without it', () => {
  const change = after([newSpf, 100], [relaySpf, 2000], [newSpf, 3500]);
  expect(refusals(change)).toEqual({
    'gate-way-back': [
      `192.0.2.53 showed the SPF record ${relaySpf}, without ip4:198.51.100.25, which may still be in caches: until 2026-03-01T13:03:20Z`,
    ],
  });
});

describe('a deploy after the MX has moved that takes a sender out of SPF', () => {
  const stays = (spfWritten: string): Partial<Cutover> => ({
    move: { ...ready.move, to: ['mx1.relay.example'], spfWritten },
  });
  const said = (change: Partial<Cutover>): string[] =>
    closesWayBack({ ...ready, ...change }).map(({ summary, detail }) => `${summary}\n${detail}`);

  test('is told that the MX cannot go back then', () => {
    const taken = { ...after([newSpf, 100]), ...stays(relaySpf) };
    expect(said(taken)).toEqual([
      expect.stringMatching(
        /^The MX of musterstadt\.example cannot go back.*\n.*\n- without ip4:198\.51\.100\.25\n/,
      ),
    ]);
  });

  test.each<[string, Partial<Cutover>]>([
    ['it writes no SPF', { ...after([newSpf, 100]), ...stays('') }],
    ['it takes out nobody', { ...after([newSpf, 100]), ...stays(newSpf) }],
    ['it names him otherwise', { ...after([newSpf, 100]), ...stays(newSpf.replace('25', '24/31')) }],
    ['nobody names him any more', { ...after([newSpf, 100], [relaySpf, 2000]), ...stays(relaySpf) }],
    ['he came after the MX had moved', { ...after([relaySpf, 100], [newSpf, 2000]), ...stays(relaySpf) }],
    [
      'the MX has not moved yet',
      {
        ...after([newSpf, 100]),
        recorded: evidenceOf(seen('MX', oldMx), seen('SPF', newSpf)),
        ...stays(relaySpf),
      },
    ],
  ])('is told nothing where %s', (_, change) => {
    expect(said(change)).toEqual([]);
  });
});

describe('a deploy before the MX has moved that takes a sender out of SPF', () => {
  const said = (shown: string, spfWritten: string): string[] =>
    sendersLeave({ ...ready, ...showing(seen('SPF', shown)), move: { ...back, spfWritten } }).map(
      ({ summary, detail }) => `${summary}\n${detail}`,
    );

  test.each([
    [oldSpf, 'v=spf1 -all', 'without ip4:198.51.100.25'],
    ['v=spf1 a ~all', 'v=spf1 a -all', 'with -all instead of ~all'],
    ['v=spf1 mx -all', 'v=spf1 -all', 'without a:mail.musterstadt.example'],
  ])('is told so: %s, %s', (shown, written, loss) => {
    expect(said(shown, written)).toEqual([
      expect.stringMatching(
        `^Receivers may refuse mail from musterstadt\\.example after this deploy\\nIts MX .*\\n- ${loss}\\n`,
      ),
    ]);
  });

  test.each([
    ['it writes no SPF', oldSpf, ''],
    ['it takes out nobody', oldSpf, newSpf],
    [
      'the relay leaves, and with it the name of a server that mx stands for',
      'v=spf1 ip4:203.0.113.10 a:mail.musterstadt.example mx -all',
      'v=spf1 mx -all',
    ],
    ['nothing is there yet', '', oldSpf],
  ])('is told nothing where %s', (_, shown, written) => {
    expect(said(shown, written)).toEqual([]);
  });
});
