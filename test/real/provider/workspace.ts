import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { execa } from 'execa';
import { installProviders } from '../../../lib/provider/install.js';
import type { Element } from '../../../lib/provider/element.js';
import { emptyMemory, type Memory } from '../../provider/memory-far-ends.js';

const version = '0.0.1';

/** As in build.mjs: the program needs no CDKTF. */
const withoutCdktf: Plugin = {
  name: 'without-cdktf',
  setup: (bundler) => {
    bundler.onResolve({ filter: /^cdktf$/ }, () => ({ path: 'cdktf', namespace: 'without-cdktf' }));
    bundler.onLoad({ filter: /.*/, namespace: 'without-cdktf' }, () => ({
      contents: 'export class TerraformProvider {} export class TerraformResource {} export const Lazy = {};',
    }));
  },
};

/**
 * A provider program of the tests, bundled as the real one is.
 * @param source the one with far ends in a file, if it is not said
 */
export async function buildProgram(
  folder: string,
  { source = join(import.meta.dirname, 'program.ts'), name = 'program' } = {},
): Promise<string> {
  const program = join(folder, name);
  const { outputFiles } = await build({
    entryPoints: [source],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    banner: { js: '#!/usr/bin/env node' },
    plugins: [withoutCdktf],
    logLevel: 'silent',
  });
  writeFileSync(program, outputFiles[0]?.contents ?? '', { mode: 0o755 });
  return program;
}

export interface Said {
  code: number | undefined;
  text: string;
}

export type Resources = Record<string, Record<string, object>>;

const endpoint = { host: '192.0.2.1', user: 'mv', host_key: 'ssh-ed25519 AAAA' };

/** One engine's working folder, with far ends in a file that both it and the test see. */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'mailversand-provider-'));
  private readonly memoryFile = join(this.folder, 'memory.json');

  constructor(private readonly engine: string) {}

  async open(): Promise<void> {
    const mirror = join(this.folder, 'mirror');
    installProviders(mirror, { version, program: await buildProgram(this.folder) });
    const rc = `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`;
    writeFileSync(join(this.folder, 'rc'), rc);
    this.memory = emptyMemory();
    this.declare({});
    const { code, text } = await this.run('init');
    if (code !== 0) throw new Error(text);
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** Everything is torn down but the folder and its providers. */
  reset(): void {
    for (const name of ['terraform.tfstate', 'terraform.tfstate.backup', 'memory.json.history'])
      rmSync(join(this.folder, name), { force: true });
    this.memory = emptyMemory();
  }

  set memory(memory: Memory) {
    writeFileSync(this.memoryFile, JSON.stringify(memory));
  }

  get memory(): Memory {
    return JSON.parse(readFileSync(this.memoryFile, 'utf8')) as Memory;
  }

  /** Every state that the far ends were in since {@link reset}. */
  history(): Memory[] {
    const lines = readFileSync(`${this.memoryFile}.history`, 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as Memory);
  }

  live(farEnd: string, map: string): Element | undefined {
    return this.memory.elements[farEnd]?.find((element) => element.map === map);
  }

  declare(resource: Resources): void {
    const landesnetz = { source: 'mailversand.example/interkommunal/landesnetz', version };
    const provider = {
      gateways: [{ name: 'gw1', ...endpoint }],
      relays: [{ name: 'relay1', ...endpoint, mx_hosts: ['mx1.example'] }],
      register: endpoint,
    };
    const json = {
      terraform: { required_providers: { landesnetz } },
      provider: { landesnetz: [provider] },
      ...(Object.keys(resource).length > 0 ? { resource } : {}),
    };
    writeFileSync(join(this.folder, 'main.tf.json'), JSON.stringify(json));
  }

  async run(...argv: string[]): Promise<Said> {
    const { exitCode, all } = await execa(this.engine, [...argv, '-no-color'], {
      cwd: this.folder,
      all: true,
      reject: false,
      extendEnv: false,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        TF_CLI_CONFIG_FILE: join(this.folder, 'rc'),
        CHECKPOINT_DISABLE: '1',
        MAILVERSAND_TEST_MEMORY: this.memoryFile,
      },
    });
    // The engine wraps long lines and draws a box at their left.
    return { code: exitCode, text: all.replace(/[│╷╵]/g, '').replace(/\s+/g, ' ') };
  }

  async must(...argv: string[]): Promise<string> {
    const { code, text } = await this.run(...argv);
    if (code !== 0) throw new Error(text);
    return text;
  }

  apply = (...argv: string[]): Promise<string> => this.must('apply', '-auto-approve', ...argv);

  /** 0: nothing to do; 2: changes. */
  plan = (...argv: string[]): Promise<Said> => this.run('plan', '-detailed-exitcode', ...argv);
}
