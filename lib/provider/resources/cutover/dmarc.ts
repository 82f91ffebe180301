import { shownNow, unseen, type CutoverRule } from './cutover.js';

export const dmarcNotTightened: CutoverRule = {
  id: 'gate-dmarc',
  why: 'Whoever tightens DMARC in the same change as the path of the mail cannot tell which of the two lost it.',
  towards: 'relay',
  summary: 'its DMARC policy was tightened, and nothing has been sent by the relay since',
  remedy:
    'Publish the old policy again and tighten it after the move, or repeat the test of the outgoing path, in which DMARC must pass.',
  check: (cutover) => [
    ...unseen(cutover, 'DMARC'),
    ...shownNow(cutover, 'DMARC').flatMap(({ server, data }) => {
      const known = cutover.recorded.find((row) => row.type === 'DMARC' && row.server === server);
      const tested = Date.parse(cutover.tests.ausgehend?.passedAt ?? '');
      const replaced = (known?.earlier ?? []).filter(({ until }) => !(tested > Date.parse(until)));
      const since = known && known.data !== data ? [...replaced, known] : replaced;
      const laxer = since.find((one) => isTighter(data, one.data));
      if (!laxer) return [];
      const [shows, was] = [data, laxer.data].map((text) => text.replaceAll('\n', ', '));
      return [`${server} shows ${shows ?? ''}, before it was ${was || 'none'}`];
    }),
  ],
};

/**
 * Whether a DMARC record asks more of mail than another (RFC 7489 6.3); none asks nothing. Before a record that was
 * found by an alias stands the alias.
 */
export function isTighter(now: string, before: string): boolean {
  const was = strictness(before);
  return strictness(now).some((value, i) => value > (was[i] ?? 0));
}

const policies = ['none', 'quarantine', 'reject'];

/** What the domain and its subdomains ask for, for which share of mail, and how closely names must be aligned. */
function strictness(record: string): number[] {
  const tags = new Map(
    record.split(/[;\n]/).flatMap((tag) => {
      const [, name, value] = /^\s*([a-z]+)\s*=\s*(.*?)\s*$/i.exec(tag) ?? [];
      return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value.toLowerCase()]];
    }),
  );
  const policy = (name: string, otherwise: number): number => {
    const value = tags.get(name);
    return value === undefined ? otherwise : Math.max(policies.indexOf(value), 0);
  };
  const p = policy('p', 0);
  const share = p === 0 ? 0 : Number(tags.get('pct') ?? 100);
  const strict = (name: string): number => Number(tags.get(name) === 's');
  return [p, policy('sp', p), share, strict('adkim'), strict('aspf')];
}
