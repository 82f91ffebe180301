import { setTimeout as sleep } from 'node:timers/promises';
import type { Diagnostic, Wait } from '../provider/definition.js';
import { RefusedError, UnreachableError } from '../provider/element.js';
import { findingText } from '../provider/resources/gate-rule.js';
import { ExitCode } from './exit.js';
import { Failure } from './failure.js';
import type { Io } from './io.js';

export interface GateWait {
  /** Seconds, at most. */
  patience: number;
  /** What the gate refuses now. */
  look: () => Promise<Diagnostic[]>;
  /** For a remedy. */
  command: string;
  /** Milliseconds; gives tests another clock. @default Date.now */
  now?: () => number;
  /** @default setTimeout */
  pause?: (milliseconds: number) => Promise<unknown>;
}

/**
 * Waits until time has healed what the gate refuses. Returns when nothing is refused any more, and also when something
 * is that time does not heal, or when nobody can be asked: the plan that follows says it.
 * @throws Failure when the time is over before that
 */
export async function waitForGate(io: Io, props: GateWait): Promise<void> {
  const { patience, look, command, now = Date.now, pause = sleep } = props;
  const end = now() + patience * 1000;
  let waits = await openWaits(look, []);
  if (waits.length === 0) return;
  const title = `Waiting at most until ${stamp(end)}; Ctrl-C ends it, the same command takes it up again`;
  await io.step(title, async (say) => {
    for (let shown = ''; waits.length > 0; waits = await openWaits(look, unasked)) {
      const what = waits.map(findingText).join('\n');
      if (what !== shown) io.note(waits.map((wait) => `- ${waitLine(wait, now())}`).join('\n'));
      shown = what;
      say(waitLine(waits[0] as Wait, now()));
      if (now() >= end) throw isOver(waits, command, now());
      await pause(Math.min(untilNextLook(waits, now()), end - now()));
    }
  });
}

/** A wait, its end by the clock, and how long that is from now: `in 1:02:05`. */
export function waitLine(wait: Wait, now: number): string {
  if (wait.until === undefined) return wait.what;
  const left = Math.max(0, Math.ceil((Date.parse(wait.until) - now) / 1000));
  const [hours, minutes, seconds] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${findingText(wait)} (in ${hours}:${two(minutes)}:${two(seconds)})`;
}

/** Milliseconds: until the first end, if that is known of all; else sooner, because they may end at any time. */
function untilNextLook(waits: readonly Wait[], now: number): number {
  const ends = waits.map(({ until }) => (until === undefined ? now + often : Date.parse(until)));
  return Math.min(seldom, Math.max(atLeast, Math.min(...ends) - now));
}

const [atLeast, often, seldom] = [1000, 5000, 60_000] as const;

/** What is waited for; empty where nothing is refused, or something that time does not heal. */
async function openWaits(look: GateWait['look'], otherwise: readonly Wait[]): Promise<readonly Wait[]> {
  try {
    const refused = await look();
    return refused.every(({ waits }) => waits) ? refused.flatMap(({ waits = [] }) => waits) : [];
  } catch (error) {
    if (!(error instanceof UnreachableError || error instanceof RefusedError)) throw error;
    return otherwise;
  }
}

/** A far end that is away for a while ends no wait that has begun. */
const unasked: readonly Wait[] = [{ what: 'a far end cannot be asked at the moment' }];

const stamp = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');

const isOver = (waits: readonly Wait[], command: string, now: number): Failure =>
  new Failure({
    what: 'the time to wait is over, and the gate still refuses',
    details: waits.map((wait) => waitLine(wait, now)),
    remedy: `nothing was changed; call ${command} again, the clocks are in the register`,
    rule: 'gate-wait-over',
    exit: ExitCode.refused,
  });
