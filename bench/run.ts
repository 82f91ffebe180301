// `npm run bench`: every figure is a ratio to a baseline of the same run. Needs hyperfine; the edge needs root.
import { join } from 'node:path';
import { edge } from './edge.js';
import { handshake } from './handshake.js';
import { report, type Figure } from './report.js';
import { fleets, oneOfMany } from './synthesis.js';

const root = join(import.meta.dirname, '..', '..');
process.chdir(root);

const figures: Figure[] = [
  ...(await fleets([1, 218, 1000])),
  await oneOfMany(),
  await handshake(join(root, 'dist/provider/terraform-provider')),
];
if (process.getuid?.() === 0) figures.push(await edge(root));
else console.error('The edge is not measured: its rehearsal needs root.');
console.log(report(figures));
