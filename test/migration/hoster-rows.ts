import type { Municipality } from '../../lib/config/municipality.js';
import { desiredState } from '../../lib/migration/desired-state.js';
import {
  hosterRecords,
  hosterRow,
  type HosterAnswer,
  type HosterRow,
} from '../../lib/migration/hoster-sheet.js';
import { musterstadt, platform } from './examples.js';

/** Its zones are at a hoster. */
export const atHoster: Municipality = {
  ...musterstadt,
  domains: musterstadt.domains.map((domain) => ({ ...domain, writer: 'hoster', zone: domain.name })),
};

export const records = (m: Municipality) => hosterRecords(desiredState(m, platform), m, platform);

export const says = (server: string, ttl: number, ...data: string[]): HosterAnswer => ({ server, ttl, data });
export const silent = (server: string): HosterAnswer => ({
  ...says(server, 0),
  problem: 'no answer within 3 s',
});

/** One of its record sets, with what the servers say. */
export const row = (m: Municipality, i: number, ...answers: HosterAnswer[]): HosterRow => {
  const record = records(m)[i];
  if (!record) throw new Error('no such record');
  return hosterRow(record, answers, [], m, platform);
};

export const own = '10 mail.musterstadt.example.';
export const relay = '10 mx1.relay.example.';
