import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MxRecordSet } from '@cdktf/provider-dns/lib/mx-record-set/index.js';
import { DnsProvider } from '@cdktf/provider-dns/lib/provider/index.js';
import { TxtRecordSet } from '@cdktf/provider-dns/lib/txt-record-set/index.js';
import { Testing, TerraformStack } from 'cdktf';
import { build } from 'esbuild';
import { execa } from 'execa';
import { builtEngine } from '../../../lib/cli/setup/opentofu.js';
import { findProgram } from '../requirements.js';
import { secret, zone } from './servers.js';

/** Every engine that is on this machine. */
export const engines = [
  { title: 'OpenTofu', path: findProgram('tofu') ?? builtEngine(process.env) },
  { title: 'Terraform', path: findProgram('terraform') },
].flatMap(({ title, path }) => (path !== undefined && findProgramAt(path) ? [{ title, path }] : []));

function findProgramAt(path: string): boolean {
  return spawnSync(path, ['version'], { stdio: 'ignore' }).status === 0;
}

export interface Declared {
  ttl: number;
  exchange: string;
  spf: string;
  /** Id of the constructs. @default domain */
  id?: string;
}

/** What a user writes with the typed classes, as the engine's JSON. */
export function synthesised(port: number, { ttl, exchange, spf, id = 'domain' }: Declared): string {
  const stack = new TerraformStack(Testing.app(), 'musterstadt');
  new DnsProvider(stack, 'dns', {
    update: [{ server: '127.0.0.1', port, keyName: zone, keyAlgorithm: 'hmac-sha256' }],
  });
  stack.addOverride('terraform.required_providers.dns', {
    source: 'mailversand.example/interkommunal/dns',
    version: '0.0.1',
  });
  const lifecycle = { createBeforeDestroy: true };
  new MxRecordSet(stack, `${id}-mx`, { zone, ttl, mx: [{ preference: 10, exchange }], lifecycle });
  new TxtRecordSet(stack, `${id}-spf`, { zone, ttl: 3600, txt: [spf], lifecycle });
  return Testing.synth(stack);
}

/** Exit code and everything that was printed. */
export interface Said {
  code: number | undefined;
  text: string;
}

/** One working folder of an engine, with the drop-in in a mirror of its own. */
export class Engine {
  readonly folder = mkdtempSync(join(tmpdir(), 'mailversand-dns-'));
  private readonly mirror = join(this.folder, 'mirror');

  constructor(private readonly path: string) {}

  async install(): Promise<void> {
    const arch = process.arch === 'x64' ? 'amd64' : process.arch;
    const version = join(
      this.mirror,
      'mailversand.example/interkommunal/dns/0.0.1',
      `${process.platform}_${arch}`,
    );
    mkdirSync(version, { recursive: true });
    const program = join(version, 'terraform-provider-dns_v0.0.1');
    const { outputFiles } = await build({
      entryPoints: [join(import.meta.dirname, 'program.ts')],
      bundle: true,
      write: false,
      platform: 'node',
      format: 'cjs',
      banner: { js: '#!/usr/bin/env node' },
      logLevel: 'silent',
    });
    writeFileSync(program, outputFiles[0]?.contents ?? '', { mode: 0o755 });
    writeFileSync(join(version, 'package.json'), '{ "type": "commonjs" }\n');
    writeFileSync(
      join(this.folder, 'rc'),
      `provider_installation {\n  filesystem_mirror {\n    path = "${this.mirror}"\n  }\n}\n`,
    );
  }

  write(json: string): void {
    writeFileSync(join(this.folder, 'main.tf.json'), json);
  }

  /** Beside the test, so that it can go on asking the server. */
  async run(...argv: string[]): Promise<Said> {
    const { exitCode, all } = await execa(this.path, [...argv, '-no-color'], {
      cwd: this.folder,
      all: true,
      reject: false,
      extendEnv: false,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        TF_CLI_CONFIG_FILE: join(this.folder, 'rc'),
        CHECKPOINT_DISABLE: '1',
        TF_IN_AUTOMATION: '1',
        DNS_UPDATE_KEYSECRET: secret,
      },
    });
    // The engine wraps long lines and draws a box at their left.
    return { code: exitCode, text: all.replace(/[│╷╵]/g, '').replace(/\s+/g, ' ') };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
