import { problemWith, withPlatform, type FleetRule } from '../fleet.js';

export const agsLand: FleetRule = {
  id: 'ags-land',
  why: 'A municipality of another Land is most likely a typing error: the programme belongs to one Land.',
  check: withPlatform(({ municipalities }, { file: { land } }) =>
    municipalities.flatMap((entry) => {
      const { ags } = entry.draft;
      if (land === undefined || ags === undefined || ags.startsWith(land)) return [];
      return problemWith(entry, ['ags'], 'ags-land', {
        found: `AGS ${ags}`,
        expected: `a municipality of the platform's Land: the AGS begins with ${land}`,
        remedy: 'correct the AGS, or the land in the platform file',
      });
    }),
  ),
};
