import {
  agedAt,
  noted,
  observeAndRecord,
  recordedIn,
} from '../../../../lib/provider/resources/cutover/recorded.js';
import { liveElements } from '../../../../lib/provider/live.js';
import { timestamp } from '../../../../lib/provider/time.js';
import type { Observation } from '../../../../lib/provider/targets/dns/evidence.js';
import { emptyMemory, memoryFarEnds, storeOf } from '../../memory-far-ends.js';
import { at, domain, evidenceOf, oldMx, seen, silent } from './examples.js';

const aged = (declaredTtl: number, ...observations: Observation[]): string => {
  const [row] = evidenceOf(...observations);
  if (!row) throw new Error('nothing was recorded');
  return timestamp(agedAt(row, declaredTtl));
};

const lowered = (seconds: number) => seen('MX', oldMx, { at: at(seconds), ttl: 300 });
const high = (seconds: number, ttl = 3600) => seen('MX', oldMx, { at: at(seconds), ttl });

test('the clock starts when a server first shows the new value, and runs for the old TTL', () => {
  expect(aged(0, high(0), high(50), lowered(100))).toBe(at(3700));
});

test('seeing it again does not start the clock again', () => {
  expect(aged(0, high(0), lowered(100), lowered(500))).toBe(at(3700));
});

test('what was there before the old one may outlive it', () => {
  expect(aged(0, high(0, 86_400), high(100), lowered(200))).toBe(at(86_500));
});

test('raised and lowered again, it starts anew', () => {
  expect(aged(0, high(0), lowered(100), high(5000), lowered(5100))).toBe(at(8700));
});

test('never seen otherwise, it starts at the first observation with the longest time that can be meant', () => {
  expect(aged(3600, lowered(0), lowered(100))).toBe(at(86_400));
  expect(aged(172_800, lowered(0))).toBe(at(172_800));
  expect(aged(0, high(0, 604_800))).toBe(at(604_800));
});

test('only an answer with authority counts', () => {
  expect(noted(undefined, silent('MX'), 'ops', 3600)).toBeUndefined();
  expect(aged(0, high(0), { ...lowered(100), authoritative: false }, lowered(200))).toBe(at(3800));
});

test('every server has its own clock', () => {
  const other = { server: '192.0.2.54' };
  const rows = evidenceOf(high(0), { ...high(0), ...other }, lowered(100), { ...lowered(900), ...other });
  expect(rows.map((row) => timestamp(agedAt(row, 0)))).toEqual([at(3700), at(4500)]);
});

test('evidence says since when, when last and from where', () => {
  expect(evidenceOf(high(0), lowered(100), lowered(500))).toMatchObject([
    { since: at(100), seenAt: at(500), from: 'ops', before: { data: oldMx, goneBy: at(3700) } },
  ]);
});

const halfLowered = (seconds: number) => seen('MX', oldMx, { at: at(seconds), ttl: 600 });

test('a first value that nobody declared does not hide what was before it', () => {
  expect(aged(0, halfLowered(0), lowered(60))).toBe(at(86_400));
  expect(aged(172_800, halfLowered(0), lowered(60))).toBe(at(86_400));
});

test('after a day without a look the clock begins anew, however long ago the change was', () => {
  const day = 86_400;
  expect(aged(0, high(0), lowered(100), lowered(day + 101))).toBe(at(2 * day + 101));
  expect(aged(0, high(0), lowered(100), lowered(day + 100))).toBe(at(3700));
  expect(aged(0, high(0), lowered(day + 1))).toBe(at(2 * day + 1));
});

test('that there was none is no value that the file has declared', () => {
  const none = seen('MTA-STS', '', { at: at(0), ttl: 0 });
  const policy = seen('MTA-STS', 'v=STSv1; id=1', { at: at(60), ttl: 300 });
  expect(aged(0, none, policy)).toBe(at(86_400));
});

test('since when its data is there is known whatever its TTL, and however long nobody looked', () => {
  expect(evidenceOf(high(0), lowered(100), lowered(200_000))).toMatchObject([
    { dataSince: at(0), since: at(200_000) },
  ]);
  const moved = seen('MX', '10 mx1.landesnetz.example.', { at: at(500), ttl: 300 });
  expect(evidenceOf(high(0), moved)).toMatchObject([{ dataSince: at(500) }]);
});

test('what DMARC was before is kept, whenever it is looked at again', () => {
  const [none, reject] = ['v=DMARC1; p=none', 'v=DMARC1; p=reject'];
  const late = [seen('DMARC', none), seen('DMARC', reject, { at: at(60) })];
  const [row] = evidenceOf(...late, seen('DMARC', reject, { at: at(200_000) }));
  expect(row).toMatchObject({ since: at(60), before: { data: none } });
});

test('the register is written when something changed, and otherwise once a minute', async () => {
  const memory = emptyMemory();
  const farEnds = memoryFarEnds(storeOf(memory));
  const seenAt = async (...observations: Observation[]): Promise<string | undefined> => {
    memory.observations = { [domain]: observations };
    await observeAndRecord('15084490', [{ domain, mxTtl: 3600, spfTtl: 3600 }], farEnds);
    return memory.elements['register']?.[0]?.value[4];
  };
  expect(await seenAt(high(0))).toBe(at(0));
  expect(await seenAt(high(59))).toBe(at(0));
  expect(await seenAt(high(60))).toBe(at(60));
  expect(await seenAt(lowered(61))).toBe(at(61));
  expect(await seenAt(silent('MX'))).toBe(at(61));
});

test('a policy that senders have for a year is not forgotten because nobody looked for days', () => {
  const year = 365 * 86_400;
  const sts = (id: number, seconds: number, ttl: number) =>
    seen('MTA-STS', `v=STSv1; id=${id}\nmode=enforce mx=x max_age=${ttl}`, { at: at(seconds), ttl });
  const looks = [sts(1, 0, year), sts(2, 100, 300), sts(2, 400_000, 300)];
  expect(aged(0, ...looks)).toBe(at(year + 100));
  expect(evidenceOf(...looks)[0]?.earlier).toEqual([
    { data: looks[0]?.data, until: at(100), goneBy: at(year + 100) },
  ]);
});

test('each policy that was there is remembered once, also in the register, with when it was replaced last', async () => {
  const dmarc = (p: string, seconds: number) => seen('DMARC', `v=DMARC1; p=${p}`, { at: at(seconds) });
  const looks = [
    dmarc('none', 0),
    dmarc('reject', 10),
    dmarc('none', 20),
    dmarc('reject', 30),
    dmarc('reject', 40),
  ];
  const memory = emptyMemory();
  const farEnds = memoryFarEnds(storeOf(memory));
  for (const look of looks) {
    memory.observations[domain] = [look];
    await observeAndRecord('15084490', [{ domain }], farEnds);
  }
  const register = await liveElements(farEnds.targets({ kind: 'register' }));
  const [row] = recordedIn(register, domain);
  expect(row?.earlier).toEqual([
    { data: 'v=DMARC1; p=reject', until: at(20), goneBy: at(320) },
    { data: 'v=DMARC1; p=none', until: at(30), goneBy: at(330) },
  ]);
});
