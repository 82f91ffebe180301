import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { liftingCommands, locksText, possibleLocks } from '../../lib/migration/relay-lock.js';
import { packageRoot } from '../../lib/rehearsal/files.js';
import { after, at, doppelstadt, musterstadt, platform } from './examples.js';

const locked = (...args: Parameters<typeof possibleLocks>): string[] =>
  possibleLocks(...args).map(({ relay, domain }) => `${relay} ${domain}`);

describe('a lock may be left', () => {
  test('at stage 1 as at stage 0, once the route has gone', () => {
    for (const stage of [0, 1] as const)
      expect(locked({ ...at(stage), kept: [] }, platform)).toEqual(['relay1 musterstadt.example']);
  });

  test('not while there is a route, in use or kept', () => {
    expect(locked(at(2), platform)).toEqual([]);
    const kept = [{ stage: 2 as const, since: after(0), until: after(9) }];
    expect(locked({ ...at(1), kept }, platform)).toEqual([]);
  });

  test('not where no connection test was passed: it was never at stage 2', () => {
    const fresh = { ...at(1), kept: [], connectionTestPassedOn: undefined };
    expect(locked(fresh, platform)).toEqual([]);
  });

  test('of a domain that has gone by itself, and only of the one that is asked for', () => {
    const [first, second] = doppelstadt.domains.map(({ name }) => name);
    const domains = doppelstadt.domains.map((domain, i) =>
      i === 0 ? domain : { ...domain, stage: 1 as const, connectionTestPassedOn: '2025-04-01' },
    );
    const alone = { ...at(4, doppelstadt), domains };
    expect(locked(alone, platform)).toEqual([`relay1 ${second}`]);
    expect(locked(alone, platform, first)).toEqual([]);
    expect(locked(alone, platform, second)).toEqual([`relay1 ${second}`]);
  });
});

test('as people read it; nothing where there can be none', () => {
  expect(locksText([])).toBe('');
  expect(locksText(possibleLocks({ ...at(1), kept: [] }, platform))).toMatchSnapshot();
});

test('of a relay that was asked, it is said that the lock stands and what waits behind it', () => {
  const [lock] = possibleLocks({ ...at(1), kept: [] }, platform);
  const [first = '', , , ...rest] = locksText(lock ? [{ ...lock, waiting: 3 }] : [])
    .trim()
    .split('\n');
  expect(first).toMatch(/^Offen von einem früheren Rückweg: Das Relay hält die Domain noch gesperrt\./);
  expect(rest).toEqual([
    '  Dataport Techniker: hebt am Relay relay1 die Sperre von musterstadt.example auf (zurzeit wartet dort Mail an 3 Empfänger)',
    ...liftingCommands('musterstadt.example').map((command) => `    Befehl    ${command}`),
  ]);
  expect(locksText(lock ? [{ ...lock, waiting: 0 }] : [])).toContain('(zurzeit wartet dort keine Mail)\n');
});

test('the commands are those of docs/relay.md', () => {
  const page = readFileSync(join(packageRoot(), 'docs/relay.md'), 'utf8');
  const [domain] = musterstadt.domains.map(({ name }) => name);
  for (const command of liftingCommands(domain ?? '')) expect(page).toContain(`\n${command}`);
});
