import { isToCome } from '../decision.js';
import type { Wait } from '../definition.js';
import { list, refusal, refusedWhile, type Edge, type GateRule } from './gate-rule.js';
import { notSilent, permitsSending } from './silence.js';

// What goes only when nobody has used it for a time, whatever was planned.

export const clientSilent: GateRule = {
  id: 'gate-client-silent',
  why: 'A municipality that still sends by the relay when its permission goes cannot send at all; nor can its users whose forwarding, or its domain whose mail, still comes by it.',
  remedy:
    'Have the municipality send by its old way again: all of it, one domain, or what its users forward under a foreign name. Then silenceTime of the platform file must go by without a connection, or without a mail under that name: npx mailversand beobachten records what the gateway has counted and what is in the log of the relay, npx mailversand deploy --wait waits.',
  check: (edge) =>
    refusedWhile(
      stillUsed(edge, permitsSending),
      clientSilent.id,
      'declares',
      `${edge.municipality} may still send by the relay`,
      clientSilent.remedy,
    ),
};

export const listenerSilent: GateRule = {
  id: 'gate-listener-silent',
  why: 'Tenants and NdB partners route by tables, not by the MX: who still has the old one would no longer get through.',
  remedy:
    'Find out from the log of the relay who still sends there, and have its table changed. Then silenceTime of the platform file must go by without a mail: npx mailversand beobachten records the last one, npx mailversand deploy --wait waits.',
  check: (edge) =>
    refusedWhile(
      stillUsed(edge, (id) => !permitsSending(id)),
      listenerSilent.id,
      'declares',
      `Mail for ${edge.municipality} may still come by what is kept`,
      listenerSilent.remedy,
    ),
};

const stillUsed = (
  { leaving, unmeasured, silent, silenceTime, now }: Edge,
  which: (id: string) => boolean,
): Wait[] => [
  ...unmeasured
    .filter(which)
    .map((id) => ({ what: `${id} cannot be measured: a gateway or relay does not answer` })),
  ...leaving
    .filter(({ id }) => which(id))
    .flatMap((path) => {
      const known = silent.find(({ id }) => id === path.id);
      return notSilent(path, known, silenceTime, now);
    }),
];

export const ndbWithdrawn: GateRule = {
  id: 'gate-ndb-withdrawn',
  why: 'As long as the NdB has not confirmed that a domain is withdrawn, its partners are told to send to the relay.',
  remedy:
    'Withdraw the domain at the NdB, and write the day of its confirmation into the file: ndb.withdrawnOn.',
  check: ({ municipality, declares, reached, withdrawn, now }) => {
    const stays = acceptedFromNdb(declares);
    const missing = [...acceptedFromNdb(reached.declares)].flatMap((domain) => {
      const day = withdrawn[domain];
      const fact = `domains[${domain}].ndb.withdrawnOn`;
      if (stays.has(domain)) return [];
      if (day === undefined) return [fact];
      return isToCome(day, now) ? [`${fact} is ${day}, which has not come yet`] : [];
    });
    return missing.length === 0
      ? []
      : [
          refusal(
            ndbWithdrawn.id,
            'withdrawn',
            `The NdB has not confirmed that ${municipality} is withdrawn`,
            `${list(missing)}\n${ndbWithdrawn.remedy}`,
          ),
        ];
  },
};

/** Domains that a relay accepts from the NdB, whichever relay it is. */
const acceptedFromNdb = (ids: Iterable<string>): Set<string> =>
  new Set([...ids].flatMap((id) => /^relay_acceptance:[^/]+\/([^/]+)\/ndb$/.exec(id)?.[1] ?? []));
