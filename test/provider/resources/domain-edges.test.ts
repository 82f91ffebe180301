import { domainEdges } from '../../../lib/provider/resources/domain-edges.js';

const side = (ids: string[], held: string[] = []) => ({
  declares: new Set([...ids, ...held]),
  holds: held.map((id) => ({ id })),
});
const mx = 'mx:a.example';
const [internal, ndb, internet] = ['internal', 'ndb', 'internet'].map(
  (listener) => `relay_acceptance:relay1/a.example/${listener}`,
) as [string, string, string];

test.each([
  [[], [mx], 0, 1],
  [[mx], [mx, internal, 'relay_route:relay1/a.example'], 1, 2],
  [[mx, internal], [mx, internal, ndb], 2, 3],
  [[mx, internal, ndb, internet], [], 4, 0],
])('%j → %j is an edge from %i to %i', (before, after, from, to) => {
  expect(domainEdges(side(before), side(after))).toEqual([{ domain: 'a.example', from, to }]);
});

test('what is only kept does not stand', () => {
  const stands = [mx, internal, ndb];
  expect(domainEdges(side([...stands, internet]), side(stands, [internet]))).toEqual([
    { domain: 'a.example', from: 4, to: 3 },
  ]);
});

test('who stays has no edge; several are in order', () => {
  expect(domainEdges(side([mx]), side([mx, 'spf:a.example']))).toEqual([]);
  expect(domainEdges(side([]), side(['mx:b.example', mx])).map(({ domain }) => domain)).toEqual([
    'a.example',
    'b.example',
  ]);
});
