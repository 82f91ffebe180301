import { germanDay, germanTime } from '../../lib/migration/german-time.js';

test('a time is that of clocks in Germany, in summer and in winter, wherever the program runs', () => {
  expect(germanTime('2025-06-01T12:02:40Z')).toBe('01.06.2025, 14:02:40 Uhr');
  expect(germanTime(new Date('2025-12-31T23:30:00Z'))).toBe('01.01.2026, 00:30:00 Uhr');
});

test('a day is that of a calendar in Germany', () => {
  expect(germanDay('2025-05-31T22:30:00Z')).toBe('01.06.2025');
});
