import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Project } from '../project.js';

/** Variables with which `npx cdktf` in this project is what the commands of this program call. */
export type EngineEnvironment = Record<string, string>;

export interface EngineEnvironmentProps {
  readonly project: Project;
  /** Path of the engine, or of what stands before it. */
  readonly engine: string;
  /** Path of the filesystem mirror with the project's providers. */
  readonly mirror: string;
}

/** Says where the engine finds its providers, and keeps it and CDKTF from talking to anybody else. */
export function engineEnvironment(props: EngineEnvironmentProps): EngineEnvironment {
  return {
    TERRAFORM_BINARY_NAME: props.engine,
    TF_CLI_CONFIG_FILE: writeEngineConfig(join(props.project.work, 'engine.tfrc'), props.mirror),
    // CDKTF locks providers against the public registry, whatever the configuration says.
    TF_CLI_ARGS_providers_lock: `'-fs-mirror=${props.mirror}'`,
    // A provider that was built anew has another version, and a lock file of before would refuse it.
    TF_CLI_ARGS_init: '-upgrade',
    // Two deploys at a time would write into one cache; a mirror on this machine needs none.
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: '1',
    CHECKPOINT_DISABLE: '1',
    DISABLE_VERSION_CHECK: '1',
  };
}

function writeEngineConfig(file: string, mirror: string): string {
  mkdirSync(dirname(file), { recursive: true });
  // At once: the engine of another deploy may be reading it.
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(
    temporary,
    `# Written by mailversand.
provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ["mailversand.example/*/*"]
  }
  direct {
    exclude = ["mailversand.example/*/*"]
  }
}
`,
  );
  renameSync(temporary, file);
  return file;
}

/** For `eval "$(npx mailversand env)"` in sh, bash and zsh. */
export function exportLines(environment: EngineEnvironment): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'\n`)
    .join('');
}
