import { platformTimes } from '../../../lib/config/rules/platform-times.js';
import { saysOf } from '../support.js';

test('where senders keep a mail for days, no time may be so short or so long that a guard believes what is not so', () => {
  const times = {
    loweredMxTtl: '2h',
    ndbDistribution: '59m',
    testValidity: '31d',
    settlingTime: '1s',
    silenceTime: '71h',
  };
  expect(saysOf(platformTimes, {}, times)).toMatchInlineSnapshot(`
   "platform.yaml:3:15  loweredMxTtl 2h
     at most 1h where senderQueueLifetime is a day or more: a way back takes that long to be seen; write a time within that; a laboratory declares a short senderQueueLifetime   [platform-times]
   platform.yaml:4:18  ndbDistribution 59m
     at least 1h where senderQueueLifetime is a day or more: partners change their tables by hand; write a time within that; a laboratory declares a short senderQueueLifetime   [platform-times]
   platform.yaml:50:15  testValidity 31d
     at most 30d where senderQueueLifetime is a day or more: what was tested earlier may have changed since; write a time within that; a laboratory declares a short senderQueueLifetime   [platform-times]
   platform.yaml:51:15  settlingTime 1s
     at least 12h where senderQueueLifetime is a day or more: somebody has to see what is refused, also after an edge at night; write a time within that; a laboratory declares a short senderQueueLifetime   [platform-times]
   platform.yaml:52:14  silenceTime 71h
     at least 3d where senderQueueLifetime is a day or more: a weekend is no silence; write a time within that; a laboratory declares a short senderQueueLifetime   [platform-times]
   "
  `);
});

test('at the bounds they are right, and in a laboratory whatever they are', () => {
  const times = {
    loweredMxTtl: '1h',
    ndbDistribution: '1h',
    testValidity: '30d',
    settlingTime: '12h',
    silenceTime: '3d',
  };
  expect(saysOf(platformTimes, {}, times)).toBe('');
  expect(saysOf(platformTimes, {}, { senderQueueLifetime: '1h', silenceTime: '1s' })).toBe('');
});
