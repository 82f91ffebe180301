import type { Municipality, StageNumber } from '../../lib/config/municipality.js';
import { desiredState } from '../../lib/migration/desired-state.js';
import { hosterRecords, hosterRow, type HosterRow } from '../../lib/migration/hoster-sheet.js';
import type { Element } from '../../lib/provider/element.js';
import { musterstadt, platform } from '../migration/examples.js';

const [domain] = musterstadt.domains;
if (!domain) throw new Error('no domain');

/** Two zones at a hoster; the second domain stands where it is told to, the first with the municipality. */
export const withNew = (stage?: StageNumber): Municipality => ({
  ...musterstadt,
  domains: [
    { ...domain, writer: 'hoster' },
    {
      ...domain,
      ...{ name: 'neu.example', zone: 'neu.example', writer: 'hoster', outgoingTestPassedOn: '2025-04-01' },
      ...(stage !== undefined && { stage }),
    },
  ],
});

export const relayMx = '10 mx1.relay.example.';

/** With every MX at the relay. */
export const rowsOf = (m: Municipality): HosterRow[] =>
  hosterRecords(desiredState(m, platform), m, platform).map((record) =>
    hosterRow(record, [{ server: 'a', ttl: 60, data: [relayMx] }], [], m, platform),
  );

export const element = (map: string, key: string, ...value: string[]): Element => ({
  map,
  key: [key],
  value,
  instance: 'a',
});

/** What deploys of such a file left in the register. */
export const registerOf = (m: Municipality): Element[] => [
  element('stages', m.id, String(m.stage)),
  element('declares', m.id, ...desiredState(m, platform).gate.declares),
];

export const announced = (name: string): Element[] => [
  element('accept_internet', name, 'OK'),
  element('transport', name, 'relay:[10.128.0.1]:25'),
];
