import { toSeconds } from '../fields/time.js';
import { problemWith, withPlatform, type FleetRule } from '../fleet.js';
import type { PlatformFile } from '../platform-file.js';

type Time = 'loweredMxTtl' | 'ndbDistribution' | 'testValidity' | 'settlingTime' | 'silenceTime';

interface Bounds {
  least?: string;
  most?: string;
  because: string;
}

/** What the gate believes and waits for, where senders keep a mail for days. */
const bounds: Readonly<Record<Time, Bounds>> = {
  loweredMxTtl: { most: '1h', because: 'a way back takes that long to be seen' },
  ndbDistribution: { least: '1h', because: 'partners change their tables by hand' },
  testValidity: { most: '30d', because: 'what was tested earlier may have changed since' },
  settlingTime: { least: '12h', because: 'somebody has to see what is refused, also after an edge at night' },
  silenceTime: { least: '3d', because: 'a weekend is no silence' },
};

/** Whoever declares less has a laboratory, in which all times may be short. */
const day = 86_400;

export const platformTimes: FleetRule = {
  id: 'platform-times',
  why: 'A clock that is set too short lets go of what is still used, and no guard can tell.',
  check: withPlatform((_, platform) =>
    toSeconds(platform.file.senderQueueLifetime) < day
      ? []
      : (Object.keys(bounds) as Time[]).flatMap((name) => {
          const { least, most, because } = bounds[name];
          if (!isOutside(platform.file, name)) return [];
          return problemWith(platform, [name], 'platform-times', {
            found: `${name} ${platform.file[name]}`,
            expected: `${least === undefined ? `at most ${String(most)}` : `at least ${least}`} where senderQueueLifetime is a day or more: ${because}`,
            remedy: 'write a time within that; a laboratory declares a short senderQueueLifetime',
          });
        }),
  ),
};

function isOutside(file: PlatformFile, name: Time): boolean {
  const { least, most } = bounds[name];
  const seconds = toSeconds(file[name]);
  return (
    (least !== undefined && seconds < toSeconds(least)) || (most !== undefined && seconds > toSeconds(most))
  );
}
