import { isProgram } from '../../../lib/cli/programs.js';
import { builtEngine } from '../../../lib/cli/setup/opentofu.js';
import type { StageNumber } from '../../../lib/config/municipality.js';
import { doppelstadt, musterstadt, teilhausen } from '../../migration/examples.js';
import { domainJourney, journey, synth, type Deploy } from '../../stacks/synthesis.js';
import { describeReal, findProgram } from '../requirements.js';
import { EdgeRules } from './edge-rules.js';
import { GraphEngine } from './graph-engine.js';

const straightTo = (stage: StageNumber): Deploy => ({
  edge: `straight to ${stage}`,
  municipality: { ...doppelstadt, stage },
});

const domains = doppelstadt.domains.map((domain) => ({ ...domain, writer: 'dns1' }));

const ways: [string, Deploy[]][] = [
  ['all stages and back, what was kept goes after each edge', journey(doppelstadt, 'after each edge')],
  ['all stages and back, what was kept goes at the end', journey(musterstadt, 'at the end')],
  ['partial routing', journey(teilhausen, 'after each edge')],
  ['a domain joins beside another, and leaves again', domainJourney({ ...doppelstadt, stage: 4, domains })],
  ['edges that no gate would let pass', ([0, 4, 1, 4, 3, 4, 0] as const).map(straightTo)],
];

const engines = [findProgram('tofu') ?? builtEngine(process.env), findProgram('terraform')].filter(
  (engine) => engine !== undefined && isProgram(engine),
) as string[];

const requirements = engines.length > 0 ? {} : { programs: ['tofu'] };

describeReal('the order in which the engine applies', requirements, () => {
  const rules = new EdgeRules();

  describe.each(engines)('%s', (path) => {
    test.each(ways)(
      '%s',
      (_, deploys) => {
        const engine = new GraphEngine(path);
        try {
          for (const { edge, municipality } of deploys) {
            const violations = rules.violations(engine.apply(synth(municipality)));
            expect({ edge, violations }).toEqual({ edge, violations: [] });
          }
        } finally {
          engine.remove();
        }
      },
      120_000,
    );
  });

  test('every rule had something to compare', () => {
    expect(rules.unused()).toEqual([]);
  });
});
