import { ExitCode } from '../../../lib/cli/exit.js';
import { removeFolders } from '../harness.js';
import { mailversand, musterstadt, project } from './project.js';

afterEach(removeFolders);

describe('validate', () => {
  test('without a problem', async () => {
    await expect(mailversand(project(), 'validate')).resolves.toEqual({
      exit: ExitCode.done,
      out: '1 municipality: no problem\n',
      note: '',
    });
  });

  test('every problem of every file, for people and for machines', async () => {
    const cwd = project({
      'municipalities/beispielhausen.yaml': 'name: [',
      'municipalities/musterstadt.yaml': musterstadt.replace('stage: 0', 'stage: 7\nstge: 1'),
    });
    const people = await mailversand(cwd, 'validate');
    expect(people.exit).toBe(ExitCode.badInput);
    expect(people.out).toBe('');
    expect(people.note).toContain('municipalities/beispielhausen.yaml:1:');
    const machines = await mailversand(cwd, 'validate', '--json');
    expect(machines.exit).toBe(ExitCode.badInput);
    const { valid, problems } = JSON.parse(machines.out) as { valid: boolean; problems: { rule: string }[] };
    expect(valid).toBe(false);
    expect(problems.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['stage']));
  });
});
