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
  { stage, since, until }: KeptDraft,
  { draft }: Entry,
  kept: KeptDraft[],
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
  if (draft.stage !== undefined && stage <= draft.stage) {
    const expected = `a stage that was left, above ${draft.stage}: what stands is not kept`;
    found.push({ key: 'stage', found: `kept stage ${stage}`, expected });
  }
  if (draft.routing === 'teilweise' && stage === 4) {
    found.push({
      key: 'stage',
      found: 'kept stage 4 with routing teilweise',
      expected: 'a stage from 1 to 3',
    });
  }
  if (kept.slice(0, index).some((other) => other.stage === stage)) {
    found.push({ key: 'stage', found: `kept stage ${stage} a second time`, expected: 'each stage once' });
  }
  const longer = kept.find((other) => longerAbove(other, stage, until));
  if (longer) {
    const expected = `an end not before that of stage ${String(longer.stage)}, whose mail runs over what stage ${stage} brought`;
    found.push({ key: 'until', found: `until ${String(until)}`, expected });
  }
  return found;
}

/** Whether a kept stage above this one is kept for longer. */
const longerAbove = (other: KeptDraft, stage: number, until: string | undefined): boolean =>
  until !== undefined && other.until !== undefined && (other.stage ?? 0) > stage && other.until > until;
