import { problemWith, withPlatform, type FleetRule } from '../fleet.js';

export const platformLinks: FleetRule = {
  id: 'platform-links',
  why: 'The mark alone tells two municipalities with equal inside addresses apart.',
  check: withPlatform((_, platform) =>
    Object.entries(platform.file.gateways).flatMap(([gateway, { links, landesnetzLink }]) => {
      const owners = new Map<number, string>();
      return Object.entries(links).flatMap(([link, mark]) => {
        const path = ['gateways', gateway, 'links', link];
        const owner = owners.get(mark);
        owners.set(mark, owner ?? link);
        if (link === landesnetzLink) {
          return problemWith(platform, path, 'platform-links', {
            found: `customer link ${link}, which is the landesnetzLink`,
            expected: 'interfaces towards municipalities',
            remedy: 'remove it from links, or correct landesnetzLink',
          });
        }
        if (owner === undefined) return [];
        return problemWith(platform, path, 'platform-links', {
          found: `mark ${mark} belongs to ${owner}`,
          expected: 'one mark a link on a gateway',
          remedy: `write ${freeMark(Object.values(links))}`,
        });
      });
    }),
  ),
};

function freeMark(marks: readonly number[]): number {
  const used = new Set([...marks, 253, 254, 255]);
  let mark = 1;
  while (used.has(mark)) mark++;
  return mark;
}
