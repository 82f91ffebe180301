import fc from 'fast-check';
import { check } from '../../lib/config/check.js';
import { municipalitySchema, toMunicipality } from '../../lib/config/municipality-file.js';
import type { Municipality } from '../../lib/config/municipality.js';
import { formatProblems } from '../../lib/config/problem.js';
import { rules } from '../../lib/config/rules/index.js';
import { toPlatform } from '../../lib/config/platform-file.js';
import { parseYaml } from '../../lib/config/yaml.js';
import { changeDomainStage } from '../../lib/migration/domain-change.js';
import { writeDomains } from '../../lib/migration/domain-writer.js';
import { stageOfDomain } from '../../lib/migration/domains.js';
import { dropKept } from '../../lib/migration/drop-kept.js';
import { settled } from '../../lib/migration/settled.js';
import { changeStage, isRefusal, type Refusal } from '../../lib/migration/stage-change.js';
import { writeStage } from '../../lib/migration/stage-writer.js';
import { fleet, municipalityText } from '../config/support.js';
import { after, now } from './examples.js';

/** A municipality's file, and what it says. */
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

const { platform: read } = fleet({
  platform: {
    senderQueueLifetime: '100s',
    loweredMxTtl: '60s',
    ndbDistribution: '20s',
    settlingTime: '30s',
    silenceTime: '50s',
  },
});
if (read === undefined) throw new Error('the platform file is not right');
const platform = toPlatform(read.file);

/** What a file says, by everything that a command asks of it. */
function readAs(text: string): Municipality {
  const source = parseYaml('musterstadt.yaml', text);
  const { value, draft = {}, problems } = check(source, municipalitySchema);
  const entry = { id: 'musterstadt', source, draft };
  const all = [
    ...problems,
    ...rules.flatMap((rule) => rule.check({ municipalities: [entry], platform: read })),
  ];
  if (value === undefined || all.length > 0) throw new Error(`${formatProblems(all)}\n${text}`);
  return toMunicipality('musterstadt', value, platform);
}

const four = `stage: 4, since: ${after(-50)}, until: ${after(200)}`;

/** Ways to write what is kept. */
const kept = fc.constantFrom(
  '',
  'kept: []\n',
  `kept:\n  - { ${four} }\n`,
  `kept: # held\n  # first\n  - { ${four} } # one\n  # last\n`,
  `kept:\n- ${four.replaceAll(', ', '\n  ')} # day\n\n# end\n`,
  `kept: [{ ${four} }] # one\n`,
);

const time = `since: ${after(0)}, until: ${after(30)}`;

const settling = fc.constantFrom(
  '',
  `settling: { ${time} }\n`,
  `settling: # a day\n  ${time.replace(', ', '\n  ')}\n`,
);

const domains = ['a.example', 'b.example']
  .map(
    (name) =>
      `  - name: ${name}\n    writer: ${name === 'b.example' ? 'hoster' : 'dns1'}\n    mx: { ttl: 90, records: [10 mail.${name}] }\n    spf: { value: v=spf1 mx -all }\n`,
  )
  .join('');

const others = municipalityText({ stage: undefined, domains: undefined });

const files: fc.Arbitrary<string> = fc
  .record({
    stage: fc.constantFrom('stage: 3 # now\n', 'stage:   2 # now\n'),
    kept,
    settling,
    order: fc.shuffledSubarray(['stage', 'kept', 'settling', 'domains'] as const, { minLength: 4 }),
    windows: fc.boolean(),
    ended: fc.boolean(),
  })
  .map(({ order, windows, ended, ...parts }) => {
    const all = { ...parts, domains: `domains:\n${domains}` };
    const lines = others + order.map((part) => all[part]).join('');
    const whole = ended ? lines : lines.trimEnd();
    return windows ? whole.replaceAll('\n', '\r\n') : whole;
  });

const forthOrBack = fc.constantFrom('forth' as const, 'back' as const);

const edges = fc.array(
  fc.record({
    what: fc.oneof(
      { weight: 3, arbitrary: forthOrBack },
      { weight: 2, arbitrary: fc.record({ domain: fc.nat({ max: 1 }), to: forthOrBack }) },
      fc.constantFrom<Edge>('drop', 'settled'),
    ),
    seconds: fc.constantFrom(0, 1, 40, 150, 90_000),
  }),
  { minLength: 1, maxLength: 10 },
);

/** Entries of `kept` have no order. */
const said = ({ kept, ...m }: Municipality) => ({ ...m, kept: new Set(kept) });

test('whatever edges are gone, forth and back, the file is right and says what the municipality became', () => {
  fc.assert(
    fc.property(files, edges, (text, way) => {
      let [here, time]: [Written, Date] = [{ text, m: readAs(text) }, now];
      for (const { what, seconds } of way) {
        time = new Date(time.getTime() + seconds * 1000);
        here = edge(here, what, time) ?? here;
        const m = readAs(here.text);
        expect(said(m)).toEqual(said(here.m));
        expect(here.text.includes('\r\n')).toBe(text.includes('\r\n'));
        expect(here.text).toContain('# now');
        here = { ...here, m };
      }
    }),
    { numRuns: 150 },
  );
});
