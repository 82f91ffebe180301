import { pathNames } from '../paths.js';
import { toNeighbour, type Entry } from './ledger.js';
import type { Sampled } from './mx-watch.js';

/** What the load must have done at each edge, so that an account without harm says anything. */
export interface Least {
  /** Mails a second, all paths together. @default any */
  mails?: number;
  /** Answers a second about the MX. @default any */
  mxAnswers?: number;
  /** One large mail per path, but where only a neighbour's line is measured. */
  large: boolean;
}

/** What a load fell short of, in words; empty: it did what was asked. */
export function shortOf(
  least: Least,
  { entries, mx, rate }: { entries: readonly Entry[]; mx: Sampled; rate: number },
): string[] {
  const accepted = entries.filter((entry) => entry.accepted !== undefined);
  const neighbour = entries.some(({ path }) => path === toNeighbour);
  const without = (of: readonly Entry[], what: string): string[] =>
    pathNames
      .filter((name) => !of.some(({ path }) => path === name))
      .map((name) => `no ${what} was sent on ${name}`);
  const answers = mx.answered / mx.seconds;
  return [
    ...without(accepted, 'mail'),
    ...(least.large && !neighbour
      ? without(
          accepted.filter(({ large }) => large),
          'large mail',
        )
      : []),
    ...tooFew(rate, least.mails, 'mails'),
    ...(mx.answered === 0 ? ['the MX was never answered'] : tooFew(answers, least.mxAnswers, 'MX answers')),
  ];
}

const tooFew = (found: number, asked: number | undefined, what: string): string[] =>
  asked === undefined || found >= asked
    ? []
    : [`${found.toFixed(1)} ${what} a second instead of at least ${asked}`];
