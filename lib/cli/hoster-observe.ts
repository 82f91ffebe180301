import type { Platform } from '../config/platform.js';
import type { HosterAnswer, HosterRecord } from '../migration/hoster-sheet.js';
import { unnamedVantagePoint } from '../provider/provider-config.js';
import type { Observation } from '../provider/targets/dns/evidence.js';
import { openVantage } from '../provider/targets/vantage.js';

/**
 * What every authoritative server of a domain says about the record sets that a hoster writes, as the platform's
 * vantage point sees it. A server that cannot be asked is among them.
 */
export async function observeHoster(
  records: readonly HosterRecord[],
  { vantagePoint }: Platform,
): Promise<{ record: HosterRecord; answers: HosterAnswer[] }[]> {
  const vantage = openVantage({ ...unnamedVantagePoint, ...vantagePoint });
  const domains = [...new Set(records.map(({ domain }) => domain))];
  const seen = (await Promise.all(domains.map((domain) => vantage.observe(domain)))).flat();
  return records.map((record) => ({
    record,
    answers: seen
      .filter(({ domain, type }) => domain === record.domain && type === observedAs[record.type])
      .map(answerOf),
  }));
}

const observedAs = { MX: 'MX', TXT: 'SPF' } as const;

const answerOf = ({ server, data, ttl, authoritative, problem }: Observation): HosterAnswer => ({
  server,
  ttl,
  data: data === '' ? [] : data.split('\n'),
  ...(problem === undefined && authoritative ? {} : { problem: problem ?? 'hält die Zone nicht' }),
});
