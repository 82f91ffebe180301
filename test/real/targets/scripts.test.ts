import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describeReal } from '../requirements.js';

const templates = join(import.meta.dirname, '../../../templates');

describeReal('the shell scripts of the far ends', { programs: ['shellcheck'] }, () => {
  test.each([
    'mailversand-session',
    'gateway/mailversand-gateway',
    'relay/mailversand-relay',
    'relay/mailversand-policy',
    'relay/mailversand-sizes',
    'relay/mailversand-probe',
    'register/mailversand-register',
  ])('%s passes shellcheck', (file) => {
    execFileSync('shellcheck', ['-x', '-P', 'SCRIPTDIR', join(templates, file)], { encoding: 'utf8' });
  });
});
