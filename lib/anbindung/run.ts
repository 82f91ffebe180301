import type { Municipality } from '../config/municipality.js';
import type { Platform } from '../config/platform.js';
import { relayOf } from '../migration/site.js';
import type { Context, Place, Sides, TestTimes } from './context.js';
import { Protocol, type Outcome } from './finding.js';
import { correlation } from './steps/correlation.js';
import { answersOutside, type SavedMail } from './steps/answer-outside.js';
import { answers } from './steps/answers.js';
import { knownRecipients } from './steps/known-recipients.js';
import { listeners } from './steps/listeners.js';
import { outgoing } from './steps/outgoing.js';
import { relaySizes } from './steps/relay-sizes.js';
import { server } from './steps/server.js';

export interface ConnectionTestProps {
  municipality: Municipality;
  platform: Platform;
  deployed: Context['deployed'];
  sides: Sides;
  times: TestTimes;
  /** Gets a word about what is being tried. */
  say: (detail: string) => void;
}

/** The times of a real network: a content filter may take minutes over 100 MB. */
export const usualTimes: TestTimes = {
  connect: 10_000,
  reply: 30_000,
  message: 300_000,
  delivery: 120_000,
  // Longer than the relay keeps to a 4xx before it asks again (address_verify_negative_refresh_time, 2 min).
  verification: 150_000,
  answer: 900_000,
};

/**
 * The connection test (Anbindungstest, task 12): from the relay through the NAT to each mail server, and what the
 * relay and the gateway must and must not do at the municipality's stage.
 * @param recipients of a list, whom the relay shall know before the MX moves
 * @throws UnreachableError when relay or gateway cannot be asked: then nothing is known
 */
export async function connectionTest(
  props: ConnectionTestProps,
  recipients: readonly string[] = [],
): Promise<Outcome> {
  const context = contextOf(props);
  const { municipality, protocol } = context;
  // Each is a host of its own. The ports of one are not: together they might be throttled.
  const taking = await Promise.all(
    municipality.servers.map(async (one) => {
      const places: (Place | undefined)[] = [];
      for (const port of one.ports) places.push(await server(context, one, port));
      return places;
    }),
  );
  await listeners(context);
  const place = taking.flat().find((one) => one !== undefined);
  const delivers = place !== undefined;
  await correlation(context, delivers);
  await relaySizes(context);
  await knownRecipients(context, recipients, place);
  await outgoing(context);
  await answers(context, delivers);
  return protocol;
}

/** An {@link Outcome} of the second half of the outgoing direction. */
export interface OutsideOutcome extends Outcome {
  /** When it was proven, for all domains that send; undefined: it was not. */
  provenAt: Date | undefined;
}

/**
 * Judges the answers that the mailbox outside received: the second half of the outgoing direction, which only somebody
 * who reads that mailbox can bring back.
 * @throws UnreachableError, NoAnswerError
 */
export async function outsideTest(
  props: ConnectionTestProps,
  mails: readonly SavedMail[],
): Promise<OutsideOutcome> {
  const context = contextOf(props);
  const provenAt = await answersOutside(context, mails);
  const { steps, findings, answered, missingAnswers } = context.protocol;
  return { steps, findings, answered, missingAnswers, provenAt };
}

function contextOf({ municipality, platform, deployed, sides, times, say }: ConnectionTestProps): Context {
  const relay = relayOf(municipality, platform);
  const host = relay.mx.records[0]?.host ?? relay.name;
  return {
    municipality,
    platform,
    relay,
    host,
    deployed,
    sides,
    times,
    protocol: new Protocol(say, () => sides.now()),
  };
}
