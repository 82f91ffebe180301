import type { Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import {
  hosterRow,
  relayHosts,
  type HosterAnswer,
  type HosterRecord,
  type HosterRow,
} from '../migration/hoster-sheet.js';
import { unnamedVantagePoint } from '../provider/provider-config.js';
import { otherNames } from '../provider/resources/cutover/other-names.js';
import type { Observation } from '../provider/targets/dns/evidence.js';
import { openVantage } from '../provider/targets/vantage.js';
import type { Vantage } from '../provider/vantage.js';

/** The place that the platform file names. */
export const vantageOf = ({ vantagePoint }: Platform): Vantage =>
  openVantage({ ...unnamedVantagePoint, ...vantagePoint });

/**
 * What every authoritative server of a domain says about the record sets that a hoster writes, as it is seen from the
 * vantage point. A server that cannot be asked is among them.
 */
export async function observeHoster(
  records: readonly HosterRecord[],
  m: Municipality,
  p: Platform,
  vantage: Pick<Vantage, 'observe' | 'addresses'>,
): Promise<HosterRow[]> {
  const domains = [...new Set(records.map(({ domain }) => domain))];
  const seen = (await Promise.all(domains.map((domain) => vantage.observe(domain)))).flat();
  return Promise.all(
    records.map(async (record) => {
      const answers = seen.filter(
        ({ domain, type }) => domain === record.domain && type === observedAs[record.type],
      );
      // As the gate knows it: renamed, or by a name of the hoster's own, it is the relay still.
      const others = await otherNames(answers, relayHosts(m, p), vantage);
      return hosterRow(record, answers.map(answerOf), others, m, p);
    }),
  );
}

const observedAs = { MX: 'MX', TXT: 'SPF' } as const;

const answerOf = ({ server, data, ttl, authoritative, problem, fault }: Observation): HosterAnswer => ({
  server,
  ttl,
  data: data === '' ? [] : data.split('\n'),
  ...(problem === undefined && authoritative
    ? {}
    : { problem: problem ?? 'its answer has no authority', fault: faultOf(server, problem, fault) }),
});

/** Where no name server is known, an observation says that in words in place of an address. */
function faultOf(
  server: string,
  problem: Observation['problem'],
  fault: Observation['fault'],
): NonNullable<HosterAnswer['fault']> {
  if (server.includes(' ')) return 'no-server';
  if (problem === undefined || fault === 'zone') return 'zone';
  if (fault === undefined) return 'no-address';
  return fault === 'unreachable' ? 'silent' : 'failure';
}
