import { withoutProgress } from '../../lib/cli/progress.js';

const escape = String.fromCharCode(27);

test('of what CDKTF draws, only what the engine said remains', () => {
  const lines: string[] = [];
  const line = withoutProgress((text) => lines.push(text));
  for (const text of [
    '',
    '⠦  Synthesizing',
    '0 Stacks deploying     0 Stacks done     1 Stack waiting',
    `${escape}[2K${escape}[1A${escape}[2K${escape}[Gmusterstadt  Plan: 2 to add, 0 to change, 0 to destroy.   `,
    '',
    '',
    '1 Stack deploying     0 Stacks done     0 Stacks waiting',
    `${escape}[2K${escape}[1A${escape}[2K${escape}[Gmusterstadt  ${escape}[1mApply complete!${escape}[0m`,
  ]) {
    line(text);
  }
  expect(lines).toEqual([
    'musterstadt  Plan: 2 to add, 0 to change, 0 to destroy.',
    '',
    `musterstadt  ${escape}[1mApply complete!${escape}[0m`,
  ]);
});
