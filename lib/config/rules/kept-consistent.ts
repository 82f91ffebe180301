import type { Draft } from '../check.js';
import { each, problemWith, type Entry, type FleetRule } from '../fleet.js';
import type { MunicipalityFile } from '../municipality-file.js';
import type { Problem } from '../problem.js';

export const keptConsistent: FleetRule = {
  id: 'kept-consistent',
  why: 'kept decides how long something stays that mail may still use: a contradiction in it loses mail.',
  check: ({ municipalities }) =>
    municipalities.flatMap((entry) => {
      const kept = each(entry.draft.kept, ['kept']);
      return kept.flatMap(({ item, path }, index) =>
        complaints(
          item,
          entry,
          kept.map(({ item }) => item),
          index,
        ).map(({ key, found, expected }): Problem =>
          problemWith(entry, [...path, key], 'kept-consistent', {
            found,
            expected,
            remedy: "let `npx mailversand stage` write kept; the file's history shows what it wrote last",
          }),
        ),
      );
    }),
};

type KeptDraft = Draft<MunicipalityFile['kept'][number]>;

interface Complaint {
  key: string;
  found: string;
  expected: string;
}

function complaints(
  { stage, domain, since, until }: KeptDraft,
  { draft }: Entry,
  all: KeptDraft[],
  index: number,
): Complaint[] {
  const found: Complaint[] = [];
  if (since !== undefined && until !== undefined && until < since) {
    found.push({
      key: 'until',
      found: `until ${until}`,
      expected: `an end not before its beginning ${since}`,
    });
  }
  if (stage === undefined) return found;
  // Entries about one domain, and those about the whole municipality, each for themselves.
  const isBeside = (other: KeptDraft): boolean => other.domain === domain;
  const stands = standsAt(draft, domain);
  if (stands !== undefined && stage <= stands) {
    const expected = `a stage that was left, above ${stands}: what stands is not kept`;
    found.push({ key: 'stage', found: `kept stage ${stage}`, expected });
  }
  if (draft.routing === 'teilweise' && stage === 4) {
    found.push({
      key: 'stage',
      found: 'kept stage 4 with routing teilweise',
      expected: 'a stage from 1 to 3',
    });
  }
  if (all.slice(0, index).some((other) => other.stage === stage && isBeside(other))) {
    found.push({ key: 'stage', found: `kept stage ${stage} a second time`, expected: 'each stage once' });
  }
  const longer = all.find((other) => isBeside(other) && longerAbove(other, stage, until));
  if (longer) {
    const expected = `an end not before that of stage ${String(longer.stage)}, whose mail runs over what stage ${stage} brought`;
    found.push({ key: 'until', found: `until ${String(until)}`, expected });
  }
  return found;
}

/** The stage at which the municipality stands, or one of its domains. */
function standsAt({ stage, domains }: Entry['draft'], name: string | undefined): number | undefined {
  const own = each(domains, []).find(({ item }) => name !== undefined && item.name === name)?.item.stage;
  return stage === undefined || own === undefined ? stage : Math.min(stage, own);
}

/** Whether a kept stage above this one is kept for longer. */
const longerAbove = (other: KeptDraft, stage: number, until: string | undefined): boolean =>
  until !== undefined && other.until !== undefined && (other.stage ?? 0) > stage && other.until > until;
