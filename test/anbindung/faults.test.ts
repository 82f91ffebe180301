import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faults, type Fault } from '../../lib/anbindung/faults.js';
import { packageRoot } from '../../lib/rehearsal/files.js';

const page = readFileSync(join(packageRoot(), 'docs/anbindungstest.md'), 'utf8');

test('what nobody can check behind the relay is Dataport’s task before it; the relay itself checks no sender', () => {
  for (const id of ['sender-check', 'greylisting'] as const) {
    expect(faults[id].meaning).toContain('Aufgabe von Dataport, bevor das Relay eine Nachricht weitergibt');
    expect(faults[id].meaning).not.toMatch(/Relay (hat|prüft)/);
  }
});

test.each(Object.entries<Fault>(faults))(
  '%s has a cause, a remedy, somebody who ends it, and is on the page',
  (id, fault) => {
    expect(page).toContain(`\`${id}\``);
    for (const sentence of [fault.meaning, fault.remedy]) expect(sentence).toMatch(/^[A-ZÄÖÜ„1-9n].*\.$/);
    expect(fault.title).toMatch(/^[A-ZÄÖÜ].*[^.]$/);
    expect(JSON.stringify(fault)).not.toMatch(/ae|oe(?!s)|fuer|ueber/);
  },
);
