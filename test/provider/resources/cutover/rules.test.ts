import type { Cutover } from '../../../../lib/provider/resources/cutover/cutover.js';
import { isTighter } from '../../../../lib/provider/resources/cutover/dmarc.js';
import { cutoverRules } from '../../../../lib/provider/resources/cutover/index.js';
import { relayAccepts } from '../../../../lib/provider/resources/cutover/relay-accepts.js';
import { connectionTested } from '../../../../lib/provider/resources/cutover/tested.js';
import { cutoverGateRules } from '../../../../lib/provider/resources/cutover/as-gate-rules.js';
import type { Edge } from '../../../../lib/provider/resources/gate-rule.js';
import { answering, at, back, evidenceOf, oldMx, oldSpf, ready, seen, silent } from './examples.js';
import {
  both,
  policy,
  recordedToo,
  refusals,
  showing,
  showingAged,
  sinceYesterday,
  sts,
} from './refusals.js';

const tightened = (seconds: number): Partial<Cutover> => {
  const strict = seen('DMARC', 'v=DMARC1; p=reject', { at: at(seconds) });
  return { ...showing(strict), recorded: recordedToo(seen('DMARC', 'v=DMARC1; p=none'), strict) };
};

const { mxLowered, spfListed } = {
  mxLowered: seen('MX', oldMx),
  spfListed: ready.observations.find(({ type }) => type === 'SPF') ?? seen('SPF', ''),
};

test('a move against which nothing stands is refused by no rule', () => {
  expect(refusals({})).toEqual({});
});

test('what a remedy says of each cause begins with the words in the line', () => {
  const refused = (askedTo: Cutover['askedTo'], routed = true): string =>
    refusals({ askedTo, routed })['gate-relay-accepts']?.[0] ?? '';
  const unknown = [answering('mx1.relay.example', 450, '4.1.1 <…>: Try again')];
  const lines: Record<string, string> = {
    'no IPv4 address': refused([{ host: 'mx2.relay.example', answers: [] }]),
    'no acceptance': refused([answering('mx1.relay.example', 450, '4.3.2 <…>: Try again')]),
    'no route': refused(unknown, false),
    'does not confirm the recipient': refused(unknown),
  };
  for (const [cause, line] of Object.entries(lines)) {
    expect(line).toContain(cause);
    expect(relayAccepts.remedy).toContain(`. ${cause[0]?.toUpperCase() ?? ''}${cause.slice(1)}`);
  }
});

test('no test is advised that must fail, because its stage is not deployed yet', () => {
  expect(connectionTested.remedy).toContain('take outgoingTestPassedOn out of the file first, deploy');
});

const relayAnswering = (code: number, text: string) => answering('mx1.relay.example', code, text);

test('a relay that cannot ask whether the recipient exists, because it has no route, says so at both rules', () => {
  const askedTo = [answering('mx1.relay.example', 450, '4.1.1 <…>: Recipient address rejected')];
  expect(refusals({ askedTo, routed: false })).toEqual({
    'gate-relay-routes': [expect.anything()],
    'gate-relay-accepts': [expect.stringMatching(/ \(it has no route for the domain\)$/)],
  });
});

test.each<[string, Partial<Cutover>, number]>([
  ['no route', { routed: false }, 0],
  [
    'neither route nor acceptance',
    { routed: false, askedTo: [relayAnswering(450, '4.3.2 <…>: Try again')] },
    0,
  ],
  [
    'no route, of which it says so',
    { routed: false, askedTo: [relayAnswering(450, '4.1.1 <…>: Try again')] },
    0,
  ],
  ['no listener', { askedTo: [relayAnswering(0, 'connection refused')] }, 1],
  ['a recipient that nobody confirms', { askedTo: [relayAnswering(450, '4.1.1 <…>: Try again')] }, 1],
])(
  'once mail comes by the new path, what the deploy writes again is not waited for: %s',
  (_, change, found) => {
    const other = seen('MX', '10 mx1.relay.example.', { server: '192.0.2.54' });
    const mixed = seen('MX', '10 mx1.relay.example.\n20 mail.musterstadt.example.');
    for (const begun of [showing(seen('MX', oldMx), other), showing(mixed)]) {
      const by = refusals({ ...begun, ...change });
      expect([...(by['gate-relay-accepts'] ?? []), ...(by['gate-relay-routes'] ?? [])]).toHaveLength(found);
    }
  },
);

describe('only one rule stands between the plan and lost mail where', () => {
  test.each<[string, Partial<Cutover>, string, RegExp]>([
    [
      'the relay defers the domain',
      { askedTo: [answering('mx1.relay.example', 451, '4.7.1 not accepted')] },
      'gate-relay-accepts',
      /mx1\.relay\.example \(192\.0\.2\.25\) answers postmaster@musterstadt\.example: 451 4\.7\.1 not accepted/,
    ],
    [
      'the relay has no acceptance for the domain',
      {
        askedTo: [
          answering('mx1.relay.example', 450, '4.3.2 <…>: Recipient address rejected: Try again later'),
        ],
      },
      'gate-relay-accepts',
      /Try again later \(it has no acceptance for the domain\)$/,
    ],
    [
      'the municipality’s server has no postmaster',
      { askedTo: [answering('mx1.relay.example', 550, '5.1.1 <…>: Recipient address rejected')] },
      'gate-relay-accepts',
      /: 550 5\.1\.1 .* \(the municipality’s server, asked by the relay, does not confirm the recipient\)$/,
    ],
    [
      'the relay does not answer',
      { askedTo: [answering('mx1.relay.example', 0, 'connection refused')] },
      'gate-relay-accepts',
      /: connection refused$/,
    ],
    [
      'one of two relays has no address',
      { askedTo: [answering('mx1.relay.example', 250), { host: 'mx2.relay.example', answers: [] }] },
      'gate-relay-accepts',
      /mx2\.relay\.example has no IPv4 address/,
    ],
    [
      'the relay takes mail for somebody who does not exist',
      { askedTo: [answering('mx1.relay.example', 250, '2.1.5 Ok', 250)] },
      'gate-recipients',
      /answers unbekannt-0@musterstadt\.example: 250 2\.1\.5 Ok/,
    ],
    [
      'the relay has no route',
      { routed: false },
      'gate-relay-routes',
      /transport of relay1 has no line for musterstadt\.example/,
    ],
    [
      'the connection test was never passed',
      { tests: { ...ready.tests, anbindungstest: undefined } },
      'gate-connection-test',
      /the register has none/,
    ],
    [
      'the connection test was passed before a server got another address',
      { tests: { ...ready.tests, anbindungstest: { passedAt: at(1000), digest: 'b' } } },
      'gate-connection-test',
      /2026-03-01T12:16:40Z, was of another stage, or of other servers/,
    ],
    [
      'the outgoing path was tested too long ago',
      { tests: { ...ready.tests, ausgehend: { passedAt: at(0), digest: 'a' } }, testValidity: 3700 },
      'gate-outgoing-test',
      /passed at 2026-03-01T12:00:00Z and counted until 2026-03-01T13:01:40Z/,
    ],
    [
      'the old server does not take its mail',
      { askedFrom: [answering('mail.musterstadt.example', 550, '5.1.1 unknown')] },
      'gate-old-path',
      /550 5\.1\.1 unknown/,
    ],
    [
      'the old TTL has one second left',
      { now: new Date(at(3699)) },
      'gate-spf-aged gate-ttl-aged',
      /seen so since 2026-03-01T12:01:40Z: until 2026-03-01T13:01:40Z/,
    ],
    [
      'the TTL was lowered, but the lowering was seen by nobody',
      {
        recorded: evidenceOf(seen('MX', oldMx, { ttl: 3600 })).concat(
          ready.recorded.filter(({ type }) => type !== 'MX'),
        ),
      },
      'gate-ttl-aged',
      /is not recorded/,
    ],
    [
      'nobody has looked for more than a day',
      {
        recorded: recordedToo(
          seen('MX', oldMx, { at: at(-200_000) }),
          seen('MX', oldMx, { at: at(-86_400) }),
        ),
      },
      'gate-ttl-aged',
      /was looked at last at 2026-02-28T12:00:00Z: its clock begins anew/,
    ],
    [
      'the TTL was not lowered',
      { ...showing(seen('MX', oldMx, { ttl: 3600 })), recorded: ready.recorded.concat() },
      'gate-ttl-aged',
      /shows TTL 3600, allowed is at most 300/,
    ],
    [
      'one server says nothing',
      showing(mxLowered, silent('MX')),
      'gate-ttl-aged',
      /192\.0\.2\.54 says nothing of its own: no answer/,
    ],
    [
      'one server answers without authority',
      showing(mxLowered, seen('MX', oldMx, { server: '192.0.2.54', authoritative: false })),
      'gate-ttl-aged',
      /its answer has no authority/,
    ],
    [
      'one server still shows SPF without the relay',
      {
        ...showing(seen('SPF', oldSpf)),
        recorded: evidenceOf(...sinceYesterday(seen('SPF', oldSpf))).concat(
          ready.recorded.filter(({ type }) => type !== 'SPF'),
        ),
      },
      'gate-spf-lists-relay',
      /without ip4:203\.0\.113\.10 before all/,
    ],
    ...[
      [
        'the relay stands behind all',
        'v=spf1 mx -all ip4:203.0.113.10',
        /without ip4:203\.0\.113\.10 before all/,
      ],
      [
        'a refused network stands before the relay',
        'v=spf1 -ip4:203.0.113.0/24 IP4:203.0.113.10 -all',
        /with -ip4:203\.0\.113\.0\/24 before ip4:203\.0\.113\.10/,
      ],
    ].map(([title, text, says]): [string, Partial<Cutover>, string, RegExp] => [
      `in SPF ${String(title)}`,
      showingAged(seen('SPF', String(text))),
      'gate-spf-lists-relay',
      says as RegExp,
    ]),
    [
      'there are two SPF records',
      {
        ...showing(seen('SPF', `${spfListed.data}\n${oldSpf}`)),
        recorded: evidenceOf(...sinceYesterday(seen('SPF', `${spfListed.data}\n${oldSpf}`))).concat(
          ready.recorded.filter(({ type }) => type !== 'SPF'),
        ),
      },
      'gate-spf-lists-relay',
      /shows 2 records, allowed is one/,
    ],
    [
      'SPF lists the relay, but not for long enough',
      {
        recorded: ready.recorded
          .filter(({ type }) => type !== 'SPF')
          .concat(
            evidenceOf(
              seen('SPF', oldSpf, { at: at(-83_000), ttl: 7200 }),
              seen('SPF', spfListed.data, { at: at(100) }),
            ),
          ),
      },
      'gate-spf-aged',
      /until 2026-03-01T14:01:40Z/,
    ],
    [
      'SPF needs an eleventh look-up',
      { spfCost: { lookUps: 11, voids: 0, problems: [] } },
      'gate-spf-limits',
      /needs 11 look-ups, 10 are allowed/,
    ],
    [
      'SPF has a third look-up that finds nothing',
      { spfCost: { lookUps: 10, voids: 3, problems: [] } },
      'gate-spf-limits',
      /3 look-ups find nothing, 2 are allowed/,
    ],
    [
      'SPF includes a record that is not there',
      { spfCost: { lookUps: 1, voids: 1, problems: ['x.example has 0 SPF records, allowed is one'] } },
      'gate-spf-limits',
      /x\.example has 0 SPF records/,
    ],
    [
      'what DMARC asks for cannot be seen',
      showing(silent('DMARC')),
      'gate-dmarc',
      /192\.0\.2\.54 says nothing of its own/,
    ],
    [
      'the name is an alias',
      showingAged(seen('MX', 'CNAME other.example.')),
      'gate-alias',
      /CNAME other\.example\./,
    ],
    ['the zone says that it takes no mail', showingAged(seen('MX', '0 .')), 'gate-null-mx', /shows 0 \./],
    [
      'the TLSA record of the relay is not of the certificate that it shows',
      {
        tlsa: {
          'mx1.relay.example': [{ usage: 3, selector: 1, matchingType: 1, data: Buffer.from('other') }],
        },
      },
      'gate-tlsa',
      /mx1\.relay\.example \(192\.0\.2\.25\) shows another certificate/,
    ],
    [
      'nobody says whether the relay has a TLSA record',
      { tlsa: { 'mx1.relay.example': 'it answers SERVFAIL' } },
      'gate-tlsa',
      /SERVFAIL/,
    ],
    [
      'DMARC was tightened after the way out was tested',
      tightened(3000),
      'gate-dmarc',
      /shows v=DMARC1; p=reject, before it was v=DMARC1; p=none/,
    ],
    [
      'DMARC is tighter than it was recorded',
      { ...showing(seen('DMARC', 'v=DMARC1; p=reject')), recorded: recordedToo(seen('DMARC', '')) },
      'gate-dmarc',
      /before it was none/,
    ],
    [
      'the policy lists only the old host',
      sts([[policy('mail.musterstadt.example', 'enforce'), -83_000]]),
      'gate-mta-sts',
      /does not list mx1\.relay\.example/,
    ],
    [
      'the policy lists only the new host',
      sts([[policy('mx1.relay.example', 'enforce'), -83_000]]),
      'gate-mta-sts',
      /does not list mail\.musterstadt\.example/,
    ],
    [
      'the policy lists both, and the relay’s certificate is nobody’s',
      {
        ...sts([[policy(both, 'enforce'), -83_000]]),
        askedTo: [
          {
            host: 'mx1.relay.example',
            answers: ready.askedTo.flatMap(({ answers }) =>
              answers.map((answer) => ({ ...answer, untrusted: 'self-signed certificate' })),
            ),
          },
        ],
      },
      'gate-mta-sts',
      /does not count: self-signed certificate/,
    ],
    [
      'the policy cannot be fetched',
      showing({ ...silent('MTA-STS'), problem: 'its policy cannot be fetched: it answers 404' }),
      'gate-mta-sts',
      /its policy cannot be fetched: it answers 404/,
    ],
    [
      'the policy was changed without a new id',
      sts(
        [
          [policy('mail.musterstadt.example', 'enforce', 60), -83_000],
          [policy(both, 'enforce', 60), 0],
        ],
        'same',
      ),
      'gate-mta-sts',
      /raise its id/,
    ],
    [
      'the policy was changed without a new id, and another time with one',
      {
        ...sts([[policy(both, 'enforce', 60), 0]], 'same'),
        recorded: recordedToo(
          ...[
            seen('MTA-STS', `v=STSv1; id=0\n${policy('mail.musterstadt.example', 'enforce', 60)}`, {
              at: at(-85_000),
            }),
            seen('MTA-STS', `v=STSv1; id=1\n${policy(both, 'enforce', 60)}`, { at: at(-84_000) }),
            seen('MTA-STS', `v=STSv1; id=0\n${policy(both, 'enforce', 60)}`, { at: at(-83_000), ttl: 60 }),
            seen('MTA-STS', `v=STSv1; id=0\n${policy(both, 'enforce', 60)}`, { at: at(100), ttl: 60 }),
          ],
        ),
      },
      'gate-mta-sts',
      /raise its id/,
    ],
    [
      'the old policy may still be enforced by its max_age',
      sts([
        [policy('mail.musterstadt.example', 'enforce', 7200), -83_000],
        [policy(both, 'enforce', 60), 0],
      ]),
      'gate-mta-sts-aged',
      /until 2026-03-01T14:00:00Z/,
    ],
    [
      'the policy was removed, and may still be enforced by its max_age',
      {
        ...showing(seen('MTA-STS', '', { ttl: 0 })),
        recorded: recordedToo(
          seen('MTA-STS', 'v=STSv1; id=1\nx', { at: at(-83_000), ttl: 7200 }),
          seen('MTA-STS', '', { ttl: 0 }),
        ),
      },
      'gate-mta-sts-aged',
      /until 2026-03-01T14:00:00Z/,
    ],
    [
      'the server to which the MX goes back does not take its mail',
      { move: back, askedTo: [answering('mail.musterstadt.example', 0, 'connection refused')] },
      'gate-way-back',
      /connection refused/,
    ],
  ])('%s', (_, change, rules, says) => {
    const found = refusals(change);
    expect(Object.keys(found).sort().join(' ')).toBe(rules);
    expect(Object.values(found)[0]?.join('\n')).toMatch(says);
  });
});

describe('what a deploy may wait for', () => {
  const ttlRule = cutoverGateRules.find(({ id }) => id === 'gate-ttl-aged');
  const waits = (change: Partial<Cutover>) =>
    ttlRule?.check({ cutovers: [{ ...ready, ...change }] } as unknown as Edge)[0]?.waits;

  test('is a time that runs, and a server that may answer again', () => {
    expect(waits({ now: new Date(at(3699)) })).toEqual([
      {
        what: 'musterstadt.example: 192.0.2.53 was seen so since 2026-03-01T12:01:40Z',
        until: '2026-03-01T13:01:40Z',
      },
    ]);
    expect(waits(showing(silent('MX')))?.[0]?.until).toBeUndefined();
  });

  test('is not a TTL that somebody has to lower', () => {
    expect(waits(showing(seen('MX', oldMx, { ttl: 3600 })))).toBeUndefined();
  });
});

test('a server that shows the relay already, by an earlier attempt, is not waited for', () => {
  const moved = seen('MX', '10 mx1.relay.example.', { server: '192.0.2.54' });
  expect(refusals(showing(mxLowered, moved))).toEqual({});
});

test.each([
  ['its TTL', { ttl: 60 }],
  ['where reports go', { data: 'v=DMARC1; p=reject; rua=mailto:d@musterstadt.example' }],
])(
  'DMARC that was tightened after the way out was tested is not forgotten when %s changes too',
  (_, change) => {
    const strict = seen('DMARC', 'v=DMARC1; p=reject', { at: at(3000) });
    const again = { ...strict, at: at(3100), ...change };
    const recorded = recordedToo(seen('DMARC', 'v=DMARC1; p=none'), strict, again);
    expect(Object.keys(refusals({ ...showing(again), recorded }))).toEqual(['gate-dmarc']);
  },
);

test('DMARC tightened before the way out was tested was tested too', () => {
  expect(refusals(tightened(1500))).toEqual({});
});

test('a policy that lists both and is aged, or that is not enforced, stands against nothing', () => {
  expect(refusals(sts([[policy(both, 'enforce'), -83_000]]))).toEqual({});
  expect(refusals(sts([[policy('', 'testing'), -83_000]]))).toEqual({});
});

test.each([
  ['v=DMARC1; p=quarantine', 'v=DMARC1; p=none', true],
  ['v=DMARC1; p=none; rua=mailto:a@b.example', 'v=DMARC1; p=none', false],
  ['v=DMARC1; p=none; sp=reject', 'v=DMARC1; p=none', true],
  ['v=DMARC1; p=reject; pct=100', 'v=DMARC1; p=reject; pct=10', true],
  ['v=DMARC1; p=reject; aspf=s', 'v=DMARC1; p=reject', true],
  ['v=DMARC1; p=none', 'v=DMARC1; p=reject; adkim=s', false],
  ['', 'v=DMARC1; p=none', false],
  ['v=DMARC1; p=none', '', false],
])('%s is tighter than %s: %s', (now, before, tighter) => {
  expect(isTighter(now, before)).toBe(tighter);
});

test('every rule says why, what, and what to do', () => {
  for (const { id, why, summary, remedy } of cutoverRules) {
    expect(id).toMatch(/^gate-/);
    expect(why).toMatch(/^[A-Z].*\.$/s);
    expect(summary).toMatch(/^[a-z].*[A-Za-z]$/);
    expect(remedy).toMatch(/^[A-Z].*\.$/s);
  }
  expect(new Set(cutoverRules.map(({ id }) => id)).size).toBe(cutoverRules.length);
});
