import type { Observation } from './dns/evidence.js';
import { policyText, type StsPolicy } from './sts-policy.js';

/**
 * An MTA-STS record points to a policy, which senders keep for a time of its own: both are one observation, and caches
 * have it for the longer of the two times. Where the policy cannot be fetched nothing is known: an outage is no change,
 * and starts no clock.
 */
export async function withPolicy(
  observations: readonly Observation[],
  fetch: () => Promise<StsPolicy>,
): Promise<Observation[]> {
  if (!observations.some(pointsToPolicy)) return [...observations];
  const policy = await fetch().catch((error: unknown) => error as Error);
  return observations.map((observation) =>
    !pointsToPolicy(observation)
      ? observation
      : policy instanceof Error
        ? {
            ...observation,
            ...{ authoritative: false, data: '', ttl: 0 },
            problem: `its MTA-STS policy cannot be fetched: ${policy.message}`,
          }
        : {
            ...observation,
            data: `${observation.data}\n${policyText(policy)}`,
            ttl: Math.max(observation.ttl, policy.maxAge),
          },
  );
}

const pointsToPolicy = ({ type, data }: Observation): boolean => type === 'MTA-STS' && data !== '';
