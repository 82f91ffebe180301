import { randomBytes } from 'node:crypto';
import type { LiveElements } from './definition.js';
import type { Element, Target } from './element.js';

/** `anbindungstest`: the connection test; `ausgehend`: a real mail over the outgoing path. */
export type TestKind = 'anbindungstest' | 'ausgehend';

/** A test as the register has it. */
export interface PassedTest {
  /** RFC 3339, UTC. */
  passedAt: string;
  /** Of what was tested (lib/migration/test-digest.ts). */
  digest: string;
}

export const testsMap = 'tests';

/** The last passed test of a kind; undefined: none was recorded, or what stands there is none. */
export function passedTest(
  live: Pick<LiveElements, 'get'>,
  municipality: string,
  kind: TestKind,
): PassedTest | undefined {
  const [passedAt, digest, ...more] = live.get(testsMap, [municipality, kind])?.value ?? [];
  if (passedAt === undefined || digest === undefined || more.length > 0) return undefined;
  return Number.isNaN(Date.parse(passedAt)) ? undefined : { passedAt, digest };
}

/**
 * Records a passed test in place of the one before. No address and no mail is recorded, only when and of what.
 * @throws ConflictError when somebody else recorded one at the same time
 */
export async function recordPassedTest(
  register: Target,
  {
    municipality,
    owner,
    order,
    kind,
  }: { municipality: string; owner: string; order: string; kind: TestKind },
  { passedAt, digest }: PassedTest,
): Promise<void> {
  const at = { map: testsMap, key: [municipality, kind] };
  const found = (await register.list()).find(
    ({ map, key }) => map === testsMap && key[0] === municipality && key[1] === kind,
  );
  const element: Element = {
    ...at,
    value: [passedAt, digest],
    owner,
    instance: randomBytes(4).toString('hex'),
    order,
  };
  await register.apply({ expect: [{ at, found }], put: [element], remove: [] });
}
