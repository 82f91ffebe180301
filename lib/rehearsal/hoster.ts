import type { Municipality } from '../config/municipality.js';
import { desiredState } from '../migration/desired-state.js';
import type { Rehearsal } from './running.js';

/**
 * Does at a municipality's hoster what it was instructed to do: zones that the platform cannot write get the
 * records that the desired state names.
 */
export async function followInstructions(
  rehearsal: Pick<Rehearsal, 'must' | 'platform'>,
  municipality: Municipality,
): Promise<void> {
  const { mxRecordSets, spfRecordSets } = desiredState(municipality, rehearsal.platform);
  const sets = [
    ...mxRecordSets.map(({ records, ...set }) => ({
      ...set,
      type: 'MX',
      data: records.map(({ preference, host }) => `${preference} ${host}.`),
    })),
    ...spfRecordSets.map(({ value, ...set }) => ({ ...set, type: 'TXT', data: [`"${value}"`] })),
  ].filter(({ writer }) => writer === 'hoster');
  // Before stage 1 nothing is declared: the records are as they were.
  for (const { domain, zone, type, ttl, data } of sets) {
    const knotc = (action: string, ...argv: string[]): string[] => [`zone-${action}`, `${zone}.`, ...argv];
    const commands = [
      knotc('begin'),
      knotc('unset', `${domain}.`, type),
      ...data.map((record) => knotc('set', `${domain}.`, String(ttl), type, record)),
      knotc('commit'),
    ];
    for (const command of commands) await rehearsal.must('dns', ['knotc', ...command]);
  }
}
