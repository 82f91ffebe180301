import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Mails in a Maildir that answer a message of the connection test (to name+id@…): sender's domain → the last file. */
export async function answersIn(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of (await readdir(folder).catch(() => [])).sort()) {
    const path = join(folder, name);
    const head = (await readFile(path, 'latin1')).split('\n\n', 1)[0] ?? '';
    const [, domain] = /^From: <[^@>]+@([^>]+)>$/m.exec(head) ?? [];
    if (domain !== undefined && /^To: <[^@>]+\+anb-[^@>]+@/m.test(head)) found.set(domain, path);
  }
  return found;
}
