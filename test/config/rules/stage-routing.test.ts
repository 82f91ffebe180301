import { stageRouting } from '../../../lib/config/rules/stage-routing.js';
import { saysOf } from '../support.js';

test('teilweise with stage 4 is refused', () => {
  expect(saysOf(stageRouting, { routing: 'teilweise', stage: 4 })).toMatchInlineSnapshot(`
   "musterstadt.yaml:3:8  stage 4 with routing teilweise
     stage 0 to 3 with teilweise, 0 to 4 with vollstaendig; write stage: 3, or routing: vollstaendig if the municipality has applied for it   [stage-routing]
   "
  `);
});

test('teilweise ends at 3, vollstaendig at 4', () => {
  expect(saysOf(stageRouting, { routing: 'teilweise', stage: 3 })).toBe('');
  expect(saysOf(stageRouting, { stage: 4 })).toBe('');
});
