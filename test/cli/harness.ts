import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Io } from '../../lib/cli/io.js';

/** What a command printed, and a world that it cannot leave. */
export interface TestIo extends Io {
  readonly printed: { out: string; note: string };
}

export function testIo(props: Partial<Pick<Io, 'env' | 'cwd' | 'interactive'>> = {}): TestIo {
  const printed = { out: '', note: '' };
  return {
    env: {},
    cwd: '/',
    interactive: false,
    colour: false,
    width: undefined,
    ...props,
    printed,
    out: (text) => void (printed.out += text),
    note: (text) => void (printed.note += `${text}\n`),
    step: (title, work) => {
      printed.note += `${title}\n`;
      return work(() => undefined);
    },
    confirm: () => Promise.reject(new Error('nobody sits here')),
  };
}

const folders: string[] = [];

/** A folder with these files, removed by {@link removeFolders}. */
export function folderWith(files: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailversand-cli-'));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** A program that a test puts on the PATH. */
export function program(folder: string, name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
