import { parse } from 'yaml';
import type { ServerEdit } from '../../lib/migration/server-change.js';
import { isRefusal } from '../../lib/migration/stage-change.js';
import { writeServers } from '../../lib/migration/server-writer.js';
import { after } from './examples.js';

const file = `stage: 4
servers:
  # the old one
  - inside: 192.168.10.5 # cellar
    transfer: 10.128.0.1

  - inside: 192.168.10.6
    transfer: 10.128.0.9
    joinedOn: 2025-06-01
# behind
domains: []
`;
const one = { inside: '192.168.10.5', transfer: '10.128.0.1', ports: [25] };
const two = { inside: '192.168.10.6', transfer: '10.128.0.9', ports: [25], joinedOn: '2025-06-01' };

function write(text: string, edit: ServerEdit): string {
  const result = writeServers(text, edit);
  if (isRefusal(result)) throw new Error(result.refused);
  return result;
}

test('a server comes behind the others', () => {
  const add = { inside: '192.168.10.7', transfer: '10.128.0.7', ports: [25, 2525], joinedOn: '2025-06-02' };
  expect(write(file, { add })).toBe(
    file.replace(
      '# behind',
      `  - inside: 192.168.10.7
    transfer: 10.128.0.7
    ports: [25, 2525]
    joinedOn: 2025-06-02
# behind`,
    ),
  );
});

test('without a day and with the usual port two lines are enough', () => {
  const { inside, transfer } = one;
  const added = write('servers:\n- inside: 10.0.0.1\n  transfer: 10.0.0.2\n', { add: one });
  expect(parse(added)).toEqual({
    servers: [
      { inside: '10.0.0.1', transfer: '10.0.0.2' },
      { inside, transfer },
    ],
  });
});

test('a passed test is one line, and the time of settling another', () => {
  const settling = { since: after(0), until: after(30) };
  expect(write(file, { tested: two, testedOn: '2025-06-02', settling })).toBe(
    file
      .replace('joinedOn: 2025-06-01\n', 'joinedOn: 2025-06-01\n    testedOn: 2025-06-02\n')
      .replace('stage: 4\n', `stage: 4\nsettling: { since: ${after(0)}, until: ${after(30)} }\n`),
  );
});

test('a server goes with its lines, and is kept', () => {
  const kept = { server: one, since: after(0), until: after(100) };
  const written = write(file, { remove: one, kept });
  expect(written).toContain('servers:\n  # the old one\n\n  - inside: 192.168.10.6\n');
  expect(written).toContain(
    `stage: 4\nkept:\n  - { server: { inside: 192.168.10.5, transfer: 10.128.0.1, ports: [25] }`,
  );
  expect(write(file, { remove: two })).not.toContain('10.128.0.9');
});

test.each([
  ['in brackets', 'servers: [{ inside: 10.0.0.1, transfer: 10.0.0.2 }]\n'],
  ['an entry in braces', 'servers:\n  - { inside: 10.0.0.1, transfer: 10.0.0.2 }\n'],
  ['missing', 'stage: 1\n'],
  ['no mapping', '- 1\n'],
])('%s: refused, with what to do', (_, text) => {
  expect(writeServers(text, { add: one })).toMatchObject({ rule: 'server-file' });
});

test('a way of writing that this does not understand is refused, never written wrongly', () => {
  const text = '? servers\n: - inside: 10.0.0.1\n    transfer: 10.0.0.2\n';
  expect(writeServers(text, { add: one })).toMatchObject({ rule: 'server-file' });
});
