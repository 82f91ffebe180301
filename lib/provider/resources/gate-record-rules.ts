import { list, plannedEnd, refusal, second, type GateRule } from './gate-rule.js';
import { earliestEnd, lengthOf, type Hold } from './reached.js';

// What an edge rests on besides the municipality's file: the register, the state, what was recorded as kept.

/** A relay's element exists from stage 2 on, and stage 2 is not entered before stage 1 is recorded. */
const onRelay = (id: string): boolean => id.startsWith('relay_');

export const registerThere: GateRule = {
  id: 'gate-register-lost',
  why: 'Without its record a municipality seems to stand at stage 0, and everything it uses to be nobody’s.',
  remedy: 'Bring the file elements of the register back from its backup, then plan again.',
  check: ({ municipality, reached, held }) => {
    const carrying = held.map(({ id }) => id).filter(onRelay);
    return reached.recorded || carrying.length === 0
      ? []
      : [
          refusal(
            registerThere.id,
            'stage',
            `The register has lost the record of ${municipality}`,
            `Nothing is recorded, but mail flows over:\n${list(carrying)}\nBring the file \`elements\` of the register back from its backup, then plan again.`,
          ),
        ];
  },
};

export const oneName: GateRule = {
  id: 'gate-other-name',
  why: 'What stands in the register under another name would never be taken away again.',
  remedy: 'Give the file its old name again; rename at stage 0, when nothing is kept.',
  check: ({ municipality, otherNames }) =>
    otherNames.length === 0
      ? []
      : [
          refusal(
            oneName.id,
            'municipality',
            `The register knows the municipality of ${municipality}.yaml by another name`,
            `${list(otherNames.map(({ name, stage }) => `${name}, at stage ${stage}`))}\nGive the file its old name again. A municipality can be renamed at stage 0, when nothing is kept.`,
          ),
        ],
};

export const stateThere: GateRule = {
  id: 'gate-state-lost',
  why: 'A state that does not know an element cannot take it away: it would stay for ever, and nobody would see it.',
  remedy:
    'Use the state that knows it, or deploy the file as it was at the stage reached first, which takes everything over.',
  check: ({ municipality, stage, hasState, reached, declares }) => {
    const gone = [...reached.declares].filter((id) => !declares.has(id)).sort();
    return hasState || gone.length === 0
      ? []
      : [
          refusal(
            stateThere.id,
            'declares',
            `This state does not know what ${municipality} has at stage ${reached.stage}`,
            `The plan should take away:\n${list(gone)}\nIs it another engineer’s state that knows them? Otherwise deploy the file as it was at stage ${reached.stage} first, which takes everything over; then ${stage === reached.stage ? 'this' : `stage ${stage}`}.`,
          ),
        ];
  },
};

export const keptNoShorter: GateRule = {
  id: 'gate-kept-shortened',
  why: 'The time for which something is kept was promised to those who may still use it.',
  remedy:
    'Write the end that was recorded into the file again, or wait with npx mailversand deploy --wait: a time that begins with a later deploy ends later.',
  check: ({ municipality, holds, reached, now }) => {
    const shortened = reached.holds.flatMap((recorded) => {
      const planned = holds.find(({ id }) => id === recorded.id);
      if (planned === undefined || now >= earliestEnd(recorded)) return [];
      const end = plannedEnd(planned, { reached, now });
      const was = earliestEnd(recorded);
      return end < was ? [{ id: recorded.id, end, was, longEnough: startsAt(planned, was) }] : [];
    });
    return shortened.length === 0
      ? []
      : [
          refusal(
            keptNoShorter.id,
            'holds',
            `${municipality} would keep for less time than was recorded`,
            `${list(shortened.map(({ id, end, was }) => `${id}, until ${second(end)} instead of ${second(was)}`))}\nPut \`since\` and \`until\` under kept in ${municipality}.yaml back to what they were. Did npx mailversand stage --drop-kept write them, wait instead: npx mailversand deploy --wait.`,
            shortened.map(({ id, longEnough }) => ({
              what: `${id}: its time would end too early`,
              until: second(longEnough),
            })),
          ),
        ];
  },
};

/** When a hold has to be deployed at the earliest, to end not before a time. */
const startsAt = (hold: Hold, end: Date): Date => new Date(end.getTime() - lengthOf(hold));
