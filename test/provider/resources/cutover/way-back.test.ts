import { answering, back, seen, silent } from './examples.js';
import { both, policy, refusals, showing, sts } from './refusals.js';

test('going back asks only for the way back', () => {
  expect(
    refusals({
      move: back,
      askedTo: [answering('mail.musterstadt.example', 250)],
      routed: false,
      recorded: [],
    }),
  ).toEqual({});
});

const oldHost = [answering('mail.musterstadt.example', 250)];

test.each([
  [
    'an enforced policy does not list',
    sts([[policy('mx1.relay.example', 'enforce'), 0]]),
    /policy does not list mail\.musterstadt/,
  ],
  [
    'an enforced policy wants another certificate of',
    {
      ...sts([[policy(both, 'enforce'), 0]]),
      askedTo: oldHost.map((asked) => ({
        ...asked,
        answers: asked.answers.map((one) => ({ ...one, untrusted: 'it is self-signed' })),
      })),
    },
    /certificate of mail\.musterstadt\.example .* does not count: it is self-signed/,
  ],
  [
    'a TLSA record rules out',
    {
      tlsa: {
        'mail.musterstadt.example': [{ usage: 3, selector: 1, matchingType: 1, data: Buffer.from('other') }],
      },
    },
    /mail\.musterstadt\.example \(192\.0\.2\.25\) shows another certificate/,
  ],
])('an MX does not go back to a server that %s', (_, change, said) => {
  const found = refusals({ move: back, askedTo: oldHost, routed: false, recorded: [], ...change });
  expect(Object.keys(found)).toEqual(['gate-way-back']);
  expect(found['gate-way-back']?.join('\n')).toMatch(said);
  expect(found['gate-way-back']).toHaveLength(1);
});

test.each([
  [
    'an earlier policy did not list it, and senders may still have that',
    sts([
      [policy('mx1.relay.example', 'enforce', 7200), -83_000],
      [policy(both, 'enforce', 60), 0],
    ]),
    /^the enforced policy does not list mail\.musterstadt\.example; .* senders may still have it: until 2026-03-01T14:00:00Z$/,
  ],
  [
    'an earlier policy did not list it, whatever others and other ids followed',
    sts([
      [policy('mx1.relay.example', 'enforce', 7200), -83_000],
      [policy(both, 'enforce', 60), 0],
      [policy(both, 'enforce', 60), 50],
      [policy(both, 'enforce', 90), 60],
    ]),
    /^the enforced policy does not list mail\.musterstadt\.example; .* senders may still have it: until 2026-03-01T14:00:00Z$/,
  ],
  [
    'the policy that was seen last does not list it, and no server says anything now',
    { ...sts([[policy('mx1.relay.example', 'enforce'), 0]]), ...showing(silent('MTA-STS', '192.0.2.53')) },
    /^the enforced policy does not list mail\.musterstadt\.example; 192\.0\.2\.53 showed it last at 2026-03-01T12:01:40Z$/,
  ],
  [
    'the policy that was recorded does not list it, and another is shown that has no clock yet',
    {
      ...sts([[policy('mx1.relay.example', 'enforce'), 0]]),
      ...showing(seen('MTA-STS', `v=STSv1; id=9\n${policy(both, 'enforce')}`)),
    },
    /^the enforced policy does not list mail\.musterstadt\.example; .* showed it last/,
  ],
])('an MX does not go back to a server while %s; time heals it', (_, change, said) => {
  expect(refusals({ move: back, askedTo: oldHost, ...change })['gate-way-back']).toEqual([
    expect.stringMatching(said),
  ]);
});

test('a policy that no sender has any more, or that is enforced no more, forbids no way back', () => {
  const gone = sts([
    [policy('mx1.relay.example', 'enforce', 60), -83_000],
    [policy(both, 'enforce', 60), 0],
  ]);
  expect(refusals({ move: back, askedTo: oldHost, ...gone })).toEqual({});
});

test('an MX goes back where nobody says whether there is a policy or a TLSA record, or it is not enforced', () => {
  const askedTo = oldHost;
  const unknown = {
    ...showing(silent('MTA-STS')),
    tlsa: { 'mail.musterstadt.example': 'it answers SERVFAIL' },
  };
  expect(refusals({ move: back, askedTo, ...unknown })).toEqual({});
  expect(refusals({ move: back, askedTo, ...sts([[policy('mx1.relay.example', 'testing'), 0]]) })).toEqual(
    {},
  );
});
