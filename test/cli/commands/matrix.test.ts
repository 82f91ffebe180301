import { ExitCode } from '../../../lib/cli/exit.js';
import { removeFolders } from '../harness.js';
import { mailversand, project } from './project.js';

afterEach(removeFolders);

describe('matrix', () => {
  test('a table in German: the stage, and what the next edge adds', async () => {
    const { exit, out } = await mailversand(project(), 'matrix', 'musterstadt');
    expect(exit).toBe(ExitCode.done);
    expect(out).toMatchSnapshot();
  });

  test('CSV', async () => {
    const { out } = await mailversand(project(), 'matrix', 'musterstadt', '--csv');
    expect(out).toMatchSnapshot();
  });

  test('JSON', async () => {
    const { out } = await mailversand(project(), 'matrix', 'musterstadt', '--json');
    expect(JSON.parse(out)).toMatchObject([
      { source: '10.64.0.10', destination: '10.128.0.1', stage: 1, change: 'neu' },
    ]);
  });
});
