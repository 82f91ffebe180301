import { mapping } from './field.js';
import { day } from './time.js';
import { reference } from './words.js';

/** A decision of a person, for its day and the next. */
export const decision = mapping({
  reference: reference.describe('Who decided it, where.'),
  on: day.describe('Counts on this day and the next.'),
});
