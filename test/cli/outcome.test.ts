import { ExitCode } from '../../lib/cli/exit.js';
import { exitOfFailure } from '../../lib/cli/outcome.js';
import { changesOf } from '../../lib/cli/plan.js';

const escape = String.fromCharCode(27);

describe('what a failed run was about, by the rule ids in it', () => {
  test.each([
    ['Error: stage 2 is not the next stage [gate-one-step]', ExitCode.refused],
    [`${escape}[31m│ Error: something is kept ${escape}[1m[gate-kept]${escape}[0m`, ExitCode.refused],
    ['Error: gateway gw1 cannot be reached [unreachable]\nError: kept [gate-kept]', ExitCode.refused],
    ['Error: gateway gw1 cannot be reached [unreachable]', ExitCode.unreachable],
    [
      'Warning: relay1 is silent [gate-relay-silent]\n\nwhy\n\nError: relay1 cannot be reached [unreachable]',
      ExitCode.unreachable,
    ],
    ['Error: relay1 cannot be reached [unreachable]\nWarning: mail waits [gate-queue]', ExitCode.unreachable],
    ['Warning: mail waits [gate-queue]\nError: no space left', ExitCode.failed],
    ['Error: somebody changed it meanwhile [conflict]', ExitCode.failed],
    ['the gate-keeper is unreachable', ExitCode.failed],
    ['relay:[10.0.0.1]:25, attribute [gateway]', ExitCode.failed],
  ])('%j', (output, exit) => {
    expect(exitOfFailure(output)).toBe(exit);
  });
});

describe('what a plan does', () => {
  const change = (...actions: string[]) => ({ address: 'a.b', change: { actions } });
  test.each([
    ['nothing in it', {}, []],
    ['all as it is', { resource_changes: [change('no-op'), change('no-op')] }, []],
    [
      'one update',
      { resource_changes: [change('no-op'), change('update')] },
      [{ address: 'a.b', actions: ['update'] }],
    ],
    [
      'a replacement',
      { resource_changes: [change('create', 'delete')] },
      [{ address: 'a.b', actions: ['create', 'delete'] }],
    ],
    [
      'an import',
      { resource_changes: [{ address: 'a.b', change: { actions: ['no-op'], importing: {} } }] },
      [{ address: 'a.b', actions: ['import'] }],
    ],
    [
      'an output',
      { output_changes: { x: { actions: ['create'] } } },
      [{ address: 'output.x', actions: ['create'] }],
    ],
  ])('%s', (_, plan, expected) => {
    expect(changesOf(plan)).toEqual(expected);
  });
});
