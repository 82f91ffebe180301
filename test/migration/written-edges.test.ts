import fc from 'fast-check';
import { parse } from 'yaml';
import type { Municipality } from '../../lib/config/municipality.js';
import { changeDomainStage } from '../../lib/migration/domain-change.js';
import { writeDomains } from '../../lib/migration/domain-writer.js';
import { stageOfDomain } from '../../lib/migration/domains.js';
import { dropKept } from '../../lib/migration/drop-kept.js';
import { settled } from '../../lib/migration/settled.js';
import { changeStage, isRefusal, type Refusal } from '../../lib/migration/stage-change.js';
import { writeStage } from '../../lib/migration/stage-writer.js';
import { after, doppelstadt, now, platform, withdrawn } from './examples.js';

/** A municipality's file, as far as an edge writes it, and what it says. */
interface Written {
  text: string;
  m: Municipality;
}

type Edge = 'forth' | 'back' | 'drop' | 'settled' | { domain: number; to: 'forth' | 'back' };

const step = { forth: 1, back: -1 } as const;

/** What was changed, and its text; undefined where the edge is not allowed. */
function edge({ text, m }: Written, what: Edge, time: Date): Written | undefined {
  if (what === 'drop') {
    const { after, edit } = dropKept(m, platform, time);
    return { m: after, text: written(writeStage(text, edit)) };
  }
  if (what === 'settled') {
    const over = settled(m, time);
    return over?.due ? { m: over.after, text: written(writeStage(text, over.edit)) } : undefined;
  }
  if (typeof what === 'string') {
    const change = changeStage(m, platform, m.stage + step[what], time);
    return isRefusal(change) ? undefined : { m: change.after, text: written(writeStage(text, change.edit)) };
  }
  const domain = m.domains[what.domain] as Municipality['domains'][number];
  const to = stageOfDomain(m, domain) + step[what.to];
  const change = changeDomainStage(m, platform, domain.name, to, time);
  return isRefusal(change) ? undefined : { m: change.after, text: written(writeDomains(text, change.edit)) };
}

function written(text: string | Refusal): string {
  if (isRefusal(text)) throw new Error(`${text.refused}; ${text.remedy}`);
  return text;
}

const four = { stage: 4 as const, since: after(-50), until: after(200) };
const times = ({ since, until }: { since: string; until: string }) => `since: ${since}, until: ${until}`;
const time = { since: after(0), until: after(30) };

/** Ways to write what is kept, and whether stage 4 is. */
const kept = fc.constantFrom(
  { lines: '', kept: [] },
  { lines: 'kept: []\n', kept: [] },
  { lines: 'kept: # nothing\n', kept: [] },
  { lines: `kept:\n  - { stage: 4, ${times(four)} }\n`, kept: [four] },
  { lines: `kept: # held\n  # first\n  - { stage: 4, ${times(four)} } # one\n  # last\n`, kept: [four] },
  {
    lines: `kept:\n- stage: 4\n  since: ${four.since}\n  until: ${four.until} # day\n\n# end\n`,
    kept: [four],
  },
  { lines: `kept: [{ stage: 4, ${times(four)} }] # one\n`, kept: [four] },
);

const settling = fc.constantFrom(
  { lines: '', settling: undefined },
  { lines: `settling: { ${times(time)} }\n`, settling: time },
  { lines: `settling: # a day\n  since: ${time.since}\n  until: ${time.until}\n`, settling: time },
);

const domains = `domains:\n${doppelstadt.domains.map(({ name }) => `  - name: ${name}\n    mx:\n      ttl: 60\n`).join('')}`;

const files: fc.Arbitrary<Written> = fc
  .record({
    kept,
    settling,
    order: fc.shuffledSubarray(['stage', 'kept', 'settling', 'domains'] as const, { minLength: 4 }),
    windows: fc.boolean(),
    ended: fc.boolean(),
  })
  .map(({ kept, settling, order, windows, ended }) => {
    const parts = { stage: 'stage: 3 # now\n', kept: kept.lines, settling: settling.lines, domains };
    const lines = order.map((part) => parts[part]).join('');
    const whole = ended ? lines : lines.trimEnd();
    return {
      text: windows ? whole.replaceAll('\n', '\r\n') : whole,
      m: { ...withdrawn(doppelstadt), stage: 3, kept: kept.kept, settling: settling.settling },
    };
  });

const edges = fc.array(
  fc.record({
    what: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom<Edge>('forth', 'back') },
      fc.constantFrom<Edge>('drop', 'settled'),
      fc.record({ domain: fc.nat({ max: 1 }), to: fc.constantFrom('forth' as const, 'back' as const) }),
    ),
    seconds: fc.constantFrom(0, 1, 40, 150, 90_000),
  }),
  { minLength: 1, maxLength: 8 },
);

/** What an edge may change, as the file and as the municipality say it. Entries of `kept` have no order. */
const said = ({ stage, kept, settling, domains }: Municipality) => ({
  stage,
  kept: new Set(kept ?? []),
  settling,
  domains: domains.map(({ name, stage }) => ({ name, stage })),
});

test('whatever edges are gone, forth and back, the file says what the municipality became', () => {
  fc.assert(
    fc.property(files, edges, (begin, way) => {
      let [here, time] = [begin, now];
      for (const { what, seconds } of way) {
        time = new Date(time.getTime() + seconds * 1000);
        here = edge(here, what, time) ?? here;
        expect(said(parse(here.text) as Municipality)).toEqual(said(here.m));
        expect(here.text.includes('\r\n')).toBe(begin.text.includes('\r\n'));
        expect(here.text).toContain('# now');
      }
    }),
    { numRuns: 150 },
  );
});
