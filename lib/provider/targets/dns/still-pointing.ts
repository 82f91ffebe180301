import type { Observation } from './evidence.js';
import { sameName } from './names.js';
import { fqdn } from './query.js';

/**
 * Why mail may still go to one of the hosts, by what every server of the parent's delegation and of the zone's own NS
 * set shows: it names one of them, or says nothing of its own. A server that refuses, is silent, or answers without
 * authority may tell a resolver anything.
 */
export const stillPointing = (observations: readonly Observation[], hosts: readonly string[]): string[] =>
  observations
    .filter(({ type }) => type === 'MX')
    .flatMap(({ server, authoritative, data, problem }) => {
      if (!authoritative) {
        const why = problem ?? 'its answer has no authority';
        return [`${server} says nothing of its own (${why}), and counts as one that still answers`];
      }
      const named = data.split('\n').map((record) => record.replace(/^\d+ /, ''));
      return named.some((name) => hosts.some((host) => sameName(fqdn(name), fqdn(host))))
        ? [`${server} shows ${data.replaceAll('\n', ', ')}`]
        : [];
    });
