import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file to be written on a host. */
export interface PlacedFile {
  /** Absolute, as on the host. */
  path: string;
  content: string;
  /** @default 0o644 */
  mode?: number;
  /** @default root */
  owner?: { uid: number; gid: number };
}

/** The folder with package.json, whether this runs from lib/ or from dist/lib/. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'templates', 'rehearsal'))) {
    if (folder === dirname(folder))
      throw new Error('templates/rehearsal is missing: the package is not complete');
    folder = dirname(folder);
  }
  return folder;
}

/** A file below templates/. */
export const templatePath = (...parts: string[]): string => join(packageRoot(), 'templates', ...parts);

/** A template with every `@NAME@` filled in; a name nobody fills is a mistake of ours. */
export async function fillTemplate(file: string, values: Record<string, string>): Promise<string> {
  const template = await readFile(templatePath(...file.split('/')), 'utf8');
  return template.replace(/@([A-Z_]+)@/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`templates/${file} asks for @${name}@, which nobody gives`);
    return value;
  });
}

/** Where a path of a host lies below the host's folder: the counterpart of the mounts in host.sh. */
export function hostPath(hostFolder: string, path: string): string {
  if (/^\/(etc|home|opt|run|tmp|usr\/local|var)\//.test(path)) return join(hostFolder, path);
  throw new Error(`${path} is not private to a host of the rehearsal (see templates/rehearsal/host.sh)`);
}

export async function placeFile(
  hostFolder: string,
  { path, content, mode = 0o644, owner }: PlacedFile,
): Promise<void> {
  const real = hostPath(hostFolder, path);
  await mkdir(dirname(real), { recursive: true });
  await writeFile(real, content, { mode });
  // The mode of writeFile is cut by the umask and does not touch a file that is there already.
  await chmod(real, mode);
  if (owner) await chown(real, owner.uid, owner.gid);
}
