import { readFile } from 'node:fs/promises';
import type { Municipality } from '../config/municipality.js';
import type { Rehearsal } from './running.js';

type Hosts = Pick<Rehearsal, 'exec' | 'path'>;

/** What is not as it was before the migration, after the way back: a line each. */
export async function notRestored(hosts: Hosts, municipality: Municipality): Promise<string[]> {
  const { ags, domains } = municipality;
  const [gateway, relay, ...records] = await Promise.all([
    hosts.exec('gateway', ['nft', 'list', 'ruleset']).then(({ stdout }) => stdout),
    readFile(hosts.path('relay', 'var/lib/mailversand-relay/elements'), 'utf8').catch(() => ''),
    ...domains.map((domain) => changedRecords(hosts, domain)),
  ]);
  const of = (text: string, mark: string): string[] => text.split('\n').filter((line) => line.includes(mark));
  return [
    // Elements bear their owner first in the comment, rows in a column.
    ...of(gateway, `comment "${ags} `).map((line) => `gateway still has ${line.trim()}`),
    ...of(relay, ` ${ags} `).map((line) => `relay still has ${line}`),
    ...records.flat(),
  ];
}

async function changedRecords(
  hosts: Hosts,
  { name, mx, spf }: Municipality['domains'][number],
): Promise<string[]> {
  const live = async (type: string): Promise<string> => {
    const { stdout } = await hosts.exec('dns', ['dig', '+noall', '+answer', '@127.0.0.1', `${name}.`, type]);
    const rows = stdout.split('\n').filter((line) => line !== '');
    return rows
      .map((row) => row.split(/\s+/))
      .map(([, ttl = '', , , ...data]) => `${ttl} ${data.join(' ')}`)
      .sort()
      .join(', ');
  };
  const before = {
    MX: mx.records.map(({ preference, host }) => `${mx.ttl} ${preference} ${host}.`),
    TXT: spf ? [`${spf.ttl} "${spf.value}"`] : [],
  };
  const compared = Object.entries(before).map(async ([type, rows]) => {
    const wanted = rows.sort().join(', ');
    const found = await live(type);
    return found === wanted ? [] : [`${name} ${type} is ${found || 'absent'}, it was ${wanted || 'absent'}`];
  });
  return (await Promise.all(compared)).flat();
}
