import { problemWith, type FleetRule } from '../fleet.js';

export const stageRouting: FleetRule = {
  id: 'stage-routing',
  why: 'Partial routing (teilweise) is incoming internal and NdB mail only: stage 4 would move all the rest.',
  check: ({ municipalities }) =>
    municipalities.flatMap((entry) => {
      const { stage, routing } = entry.draft;
      if (routing !== 'teilweise' || stage !== 4) return [];
      return problemWith(entry, ['stage'], 'stage-routing', {
        found: 'stage 4 with routing teilweise',
        expected: 'stage 0 to 3 with teilweise, 0 to 4 with vollstaendig',
        remedy: 'write stage: 3, or routing: vollstaendig if the municipality has applied for it',
      });
    }),
};
