#!/usr/bin/env node
import { ExitCode } from './exit.js';

/** Node 24 and others fail deep inside CDKTF (FACTS in docs/decisions); better to say so at once. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12);

if (supported) {
  const [{ runProgram }, { processIo }] = await Promise.all([import('./program.js'), import('./io.js')]);
  process.exitCode = await runProgram(process.argv.slice(2), processIo(process));
} else {
  process.stderr.write(
    `mailversand: Node ${process.versions.node} is not supported\n` +
      '  use Node 20.19 or newer of version 20, or 22.12 or newer of version 22   [node-version]\n',
  );
  process.exitCode = ExitCode.failed;
}
