import type { Observation } from './evidence.js';

/** TXT records that a name has in the end, as text, with the TTL in seconds. @throws where nobody says */
export type LookUpTexts = (name: string) => Promise<{ texts: string[]; ttl: number }>;

/**
 * A DMARC record is often an alias (CNAME) of one that somebody else keeps: what it asks for is what stands there.
 * Followed by the resolver, and added to the observation; where nobody says what stands there, nothing is known.
 */
export async function withDmarcTarget(
  observations: readonly Observation[],
  lookUp: LookUpTexts,
): Promise<Observation[]> {
  return Promise.all(
    observations.map(async (observation) => {
      const [, target] = (observation.type === 'DMARC' && /^CNAME (\S+)$/m.exec(observation.data)) || [];
      if (target === undefined) return observation;
      try {
        const { texts, ttl } = await lookUp(target);
        const records = texts.filter((text) => /^v=DMARC1\s*(?:;|$)/i.test(text)).sort();
        return {
          ...observation,
          data: [observation.data, ...records].join('\n'),
          ttl: Math.max(observation.ttl, ttl),
        };
      } catch (error) {
        const problem = `it shows ${observation.data}, and what stands there cannot be looked up: ${(error as Error).message}`;
        return { ...observation, authoritative: false, data: '', ttl: 0, problem };
      }
    }),
  );
}
