// `npm run bench`: every figure is a ratio to a baseline of the same run. Needs hyperfine, which it installs as root on
// Debian; the edge needs root.
import { join } from 'node:path';
import { failureText, Failure } from '../lib/cli/failure.js';
import { processIo } from '../lib/cli/io.js';
import { findProgram } from '../lib/cli/programs.js';
import { canInstall, installPackages } from '../lib/cli/setup/packages.js';
import { edge } from './edge.js';
import { handshake } from './handshake.js';
import { report, type Figure } from './report.js';
import { fleets, oneOfMany } from './synthesis.js';

const root = join(import.meta.dirname, '..', '..');
process.chdir(root);
await haveHyperfine();

const figures: Figure[] = [
  ...(await fleets([1, 218, 1000])),
  ...(await oneOfMany()),
  await handshake(join(root, 'dist/provider/terraform-provider')),
];
if (process.getuid?.() === 0) figures.push(await edge(root));
else console.error('The edge is not measured: its rehearsal needs root.');
console.log(report(figures));

async function haveHyperfine(): Promise<void> {
  const io = processIo(process);
  if (findProgram('hyperfine', io.env)) return;
  if (canInstall(io.env)) return installPackages(io, ['hyperfine']);
  const what = 'the benchmarks need the program hyperfine';
  console.error(failureText(new Failure({ what, remedy: 'install it and run this again', rule: 'bench' })));
  process.exit(1);
}
