import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { landesnetzProvider } from '../../../lib/provider/landesnetz.js';
import { definitions } from '../../../lib/provider/resources/index.js';
import { run } from '../../../lib/provider/run.js';
import { memoryFarEnds, type Memory, type Store } from '../../provider/memory-far-ends.js';

// The provider program with far ends in a file, for tests with real engines.

const file = process.env['MAILVERSAND_TEST_MEMORY'] ?? '';

const store: Store = {
  load: () => JSON.parse(readFileSync(file, 'utf8')) as Memory,
  save: (memory) => {
    const text = JSON.stringify(memory);
    // Every moment counts: what was absent in between shows here.
    appendFileSync(`${file}.history`, `${text}\n`);
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  },
};

run(() =>
  Promise.resolve(
    landesnetzProvider(definitions, (provider) => ({
      ...memoryFarEnds(store, provider),
      close: () => Promise.resolve(),
    })),
  ),
);
