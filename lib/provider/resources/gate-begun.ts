import { domainEdges, stageOfDomainIn } from './domain-edges.js';
import type { Edge } from './gate-rule.js';

// What an edge forwards has begun that was not finished, where the file says no more that it is taken.

/** Senders may use it already. On a gateway it carries nothing by itself. */
export function begunUnkept(edge: Edge): string[] {
  const { stage, reached, declares, held } = edge;
  if (!reached.recorded || stage !== reached.stage || domainEdges(reached, edge).length > 0) return [];
  return held
    .map(({ id }) => id)
    .filter((id) => id.startsWith('relay_') && !declares.has(id) && !reached.declares.has(id));
}

/** The commands write what the edge brought, and then `kept`. */
export function howToGoBack(edge: Edge, begun: readonly string[]): string {
  const commands = [...ofDomains(edge, begun), ...ofServers(edge, begun)];
  const back = commands.length > 0 ? commands : [ofMunicipality(edge, begun)];
  return `An edge was begun that ${edge.municipality}.yaml does not have any more. Deploy it again; or go back from it by the commands, which write kept, and deploy that:\n${back.join('\n')}`;
}

function ofMunicipality({ municipality, stage }: Edge, begun: readonly string[]): string {
  return thereAndBack(stage, highest(begun), (to) => `npx mailversand stage ${municipality} ${to}`);
}

/** Domains that stand behind their municipality: each goes by itself. */
function ofDomains({ municipality, stage, declares, holds }: Edge, begun: readonly string[]): string[] {
  const names = begun.flatMap((id) => domainOf(id) ?? []);
  return [...new Set(names)].sort().flatMap((domain) => {
    const stands = stageOfDomainIn({ declares, holds }, domain);
    const top = Math.min(stage, highest(begun.filter((id) => domainOf(id) === domain)));
    return stands < stage
      ? thereAndBack(stands, top, (to) => `npx mailversand domain ${municipality} stage ${domain} ${to}`)
      : [];
  });
}

/** Where servers may send already, another one that may has joined, and no stage was entered. */
function ofServers({ municipality, declares }: Edge, begun: readonly string[]): string[] {
  if (![...declares].some((id) => clientOf(id) !== undefined)) return [];
  return begun
    .flatMap((id) => clientOf(id) ?? [])
    .sort()
    .map(
      (transfer) =>
        `npx mailversand server ${municipality} add ${transfer} --inside ADDRESS, then npx mailversand server ${municipality} remove ${transfer}`,
    );
}

/** Edge by edge up to the stage that brings all of it, and down again. */
function thereAndBack(from: number, top: number, command: (to: number) => string): string {
  const up = Array.from({ length: Math.max(top - from, 1) }, (_, i) => from + 1 + i);
  return [...up, ...up.map((to) => to - 1).reverse()].map(command).join(', then ');
}

const domainOf = (id: string): string | undefined =>
  /^relay_(?:route|acceptance):[^/]+\/([^/]+)/.exec(id)?.[1];

const clientOf = (id: string): string | undefined => /^relay_client:[^/]+\/(.+)$/.exec(id)?.[1];

const highest = (ids: readonly string[]): number => Math.max(...ids.map(broughtBy));

/** The stage that brings an element of a relay. */
function broughtBy(id: string): number {
  if (clientOf(id) !== undefined || id.endsWith('/internet')) return 4;
  return id.endsWith('/ndb') ? 3 : 2;
}
