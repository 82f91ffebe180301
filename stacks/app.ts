import { join } from 'node:path';
import { App } from 'cdktf';
import { loadFleet } from '../lib/config/load.js';
import { formatProblems } from '../lib/config/problem.js';
import { MunicipalityStack } from './municipality-stack.js';
import { PlatformStack } from './platform-stack.js';
import { loadSelected } from './selection.js';
import { rescueStates, stateFolder, type StrandedState } from './state.js';

export interface AppRun {
  readonly env: NodeJS.ProcessEnv;
  /** Takes what goes to standard error. */
  readonly complain: (text: string) => void;
  /** @default the version that was built with this package */
  readonly providerVersion?: string;
}

/** As the command's: done, failed, bad input. */
type ExitCode = 0 | 1 | 4;

/**
 * Synthesises a stack for the platform and one for each municipality, or those that MAILVERSAND_ONLY names.
 * What is in them comes from the files; the environment says only where these are.
 */
export function runApp({ env, complain, providerVersion }: AppRun): ExitCode {
  const state = stateFolder(env);
  const stranded = rescueStates(state);
  if (stranded.length > 0) {
    complain(stranded.map(strandedText).join(''));
    return 1;
  }

  const places = {
    municipalitiesDir: env.MAILVERSAND_MUNICIPALITIES ?? 'municipalities',
    platformFile: env.MAILVERSAND_PLATFORM ?? join('stacks', 'platforms', 'rehearsal.yaml'),
  };
  const only = (env.MAILVERSAND_ONLY ?? '').split(',').filter((name) => name !== '');
  const all = only.length === 0;
  const { platform, municipalities, problems } = all ? loadFleet(places) : loadSelected(only, places);
  if (problems.length > 0 || !platform) {
    complain(formatProblems(problems));
    return 4;
  }

  const app = new App({ outdir: state.output });
  const common = { platform, state, ...(providerVersion === undefined ? {} : { providerVersion }) };
  if (all || only.includes(PlatformStack.id)) new PlatformStack(app, common);
  for (const municipality of municipalities) new MunicipalityStack(app, { ...common, municipality });
  app.synth();
  return 0;
}

const strandedText = ({ file, state, reason }: StrandedState): string =>
  `${file}: a state that could not be written to ${state}, and ${reason}\n` +
  '  nothing is synthesised, because that could delete it; find out which of the two is right, put it in place and delete the other   [state-stranded]\n';
