import { isInstructed, type HosterRow } from '../migration/hoster-sheet.js';
import { spfWithinLimits } from '../provider/resources/cutover/spf.js';
import { newSpfTooCostly } from '../provider/resources/cutover/spf-written.js';
import type { Vantage } from '../provider/vantage.js';
import { ExitCode } from './exit.js';
import { Failure } from './failure.js';
import type { Held } from './hoster-held.js';

/** A hoster is not told to write an SPF record that receivers give up on: the gate asks that only of what a deploy writes. */
export async function heldBySpfLimits(
  rows: readonly HosterRow[],
  vantage: Pick<Vantage, 'spfCost'>,
): Promise<Held[]> {
  const written = rows.filter(({ record }) => record.type === 'TXT').filter((row) => isInstructed(row, []));
  const found = await Promise.all(
    written.map(async ({ record: { domain, data } }) => ({
      domain,
      lines: await newSpfTooCostly(domain, data.join(''), vantage),
    })),
  );
  const costly = found.filter(({ lines }) => lines.length > 0);
  const domains = costly.map(({ domain }) => domain);
  if (domains.length === 0) return [];
  const failure = new Failure({
    what: `the SPF record of ${domains.join(', ')} would ask too much of receivers`,
    details: costly.flatMap(({ domain, lines }) => lines.map((line) => `${domain}: ${line}`)),
    remedy: `${spfWithinLimits.remedy} Write that into spf.value, then print the sheet again`,
    rule: spfWithinLimits.id,
    exit: ExitCode.refused,
  });
  return [{ domains, type: 'TXT', reason: 'spf-limits', failure }];
}
