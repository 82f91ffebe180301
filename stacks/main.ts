import { inspect } from 'node:util';
import { runApp } from './app.js';

// What `cdktf` runs (cdktf.json). It shows standard error when the exit code is not 0.
const complain = (text: string) => process.stderr.write(text);
try {
  process.exitCode = runApp({ env: process.env, complain });
} catch (error) {
  // A folder that cannot be written, a build that is missing: the sentence helps, the stack does not.
  const explained = error instanceof Error && ('code' in error || error.cause !== undefined);
  complain(`${explained ? error.message : inspect(error)}\n`);
  process.exitCode = 1;
}
