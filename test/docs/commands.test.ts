import { copyFileSync, cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode } from '../../lib/cli/exit.js';
import { runProgram } from '../../lib/cli/program.js';
import { packageRoot } from '../../lib/rehearsal/files.js';
import { folderWith, testIo } from '../cli/harness.js';

const root = packageRoot();

/** The repository's files, and the municipality that the README makes of the skeleton. */
function repository(): string {
  const cwd = folderWith({ 'cdktf.json': '{}' });
  for (const folder of ['municipalities', 'stacks/platforms'])
    cpSync(join(root, folder), join(cwd, folder), { recursive: true });
  mkdirSync(join(cwd, 'templates'));
  copyFileSync(join(root, 'templates/municipality.yaml'), join(cwd, 'municipalities/neustadt.yaml'));
  return cwd;
}

/** What needs no far end, or says so before it looks for one. */
const own = /^(validate|matrix|stage|server|domain|rueckweg|hosterblatt)\b/;

/** Commands of a page as they are to be typed, section by section: examples, not patterns. */
const sections = (page: string): [string, string[]][] =>
  readFileSync(join(root, page), 'utf8')
    .split(/^## /m)
    .map((section): [string, string[]] => [
      section.split('\n', 1)[0] ?? '',
      [...section.matchAll(/npx mailversand ([^`\n]+?)(?=\s+#|`|\)"|\n|$)/g)]
        .map(([, words = '']) => words)
        .filter((words) => own.test(words) && !/[<…]|--help/.test(words)),
    ])
    .filter(([, commands]) => commands.length > 0);

const wordsOf = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');

/** `unreachable`: here are no name servers of invented domains. */
const fine: readonly ExitCode[] = [ExitCode.done, ExitCode.unreachable];

describe.each(['README.md', 'docs/rueckweg.md', 'docs/relay.md', 'docs/architecture.md'])(
  'commands of %s work as they stand there, one after the other',
  (page) => {
    test.each(sections(page))('%s', async (_, commands) => {
      const cwd = repository();
      for (const command of commands) {
        const io = testIo({ cwd, env: { PATH: cwd, MAILVERSAND_CACHE: cwd } });
        const exit = await runProgram(wordsOf(command), io);
        const needsFarEnd = io.printed.note.includes('[no-host-keys]');
        expect([command, fine.includes(exit) || needsFarEnd, io.printed.note]).toEqual([
          command,
          true,
          io.printed.note,
        ]);
      }
    });
  },
);
