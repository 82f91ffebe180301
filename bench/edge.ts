import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { load } from '../lib/rehearsal/journey.js';
import { startRehearsal } from '../lib/rehearsal/rehearsal.js';
import { exported } from '../lib/rehearsal/tools.js';
import { atTheBeginning, withEvidence } from '../lib/rehearsal/working-copy.js';
import { medians } from './hyperfine.js';
import type { Figure } from './report.js';

const ID = 'musterstadt';

/**
 * The edge 0→1 in a rehearsal by `cdktf deploy`, against the bare engine on the JSON that it synthesised. Before
 * each counted run the municipality is taken back to stage 0, uncounted.
 */
export async function edge(root: string): Promise<Figure> {
  const platformFile = join(root, 'stacks/platforms/rehearsal.yaml');
  const municipalitiesDir = join(root, 'municipalities');
  const { municipality, platform } = load(ID, municipalitiesDir, platformFile);
  const rehearsal = await startRehearsal({
    municipalities: [municipality],
    platform,
    platformFile,
    municipalitiesDir,
  });
  try {
    const file = join(rehearsal.municipalitiesDir, `${ID}.yaml`);
    const zero = withEvidence(atTheBeginning(readFileSync(file, 'utf8')), 1, '2026-01-31');
    writeFileSync(`${file}.0`, zero);
    writeFileSync(`${file}.1`, zero.replace(/^stage: 0$/m, 'stage: 1'));
    writeFileSync(file, zero);

    const program = join(root, 'dist/lib/cli/main.js');
    const printed = await execa(process.execPath, [program, 'env'], { cwd: root, env: rehearsal.env });
    const output = join(rehearsal.runDir, 'out', ID);
    const env: Record<string, string> = {
      ...rehearsal.env,
      ...exported(printed.stdout),
      CDKTF_OUTPUT: output,
      MAILVERSAND_ONLY: ID,
    };
    const deploy = (stack: string) =>
      execa(process.execPath, [program, 'deploy', stack, '--yes'], { cwd: root, env });
    await deploy('platform');
    await deploy(ID);

    const engine = `${env['TERRAFORM_BINARY_NAME'] ?? ''} -chdir=${join(output, 'stacks', ID)}`;
    const synth = `CDKTF_OUTDIR=${output} node dist/stacks/main.js`;
    const at = (stage: 0 | 1): string => `cp ${file}.${String(stage)} ${file} && ${synth}`;
    const apply = `${engine} apply -auto-approve -input=false`;
    const prepare = `${at(0)} && ${apply} && ${at(1)}`;
    const [seconds = NaN, baselineSeconds = NaN] = await medians(
      [
        { name: 'cdktf', command: `npx cdktf deploy ${ID} --auto-approve`, prepare },
        { name: 'engine', command: `${engine} init -input=false && ${apply}`, prepare },
      ],
      { runs: 5, env },
    );
    return {
      what: 'edge 0→1 by cdktf deploy',
      seconds,
      baseline: 'bare engine, same JSON',
      baselineSeconds,
      goal: 1.5,
    };
  } finally {
    await rehearsal.stop();
  }
}
