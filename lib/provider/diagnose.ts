import type { Attributes, Diagnostic, ResourceDefinition, Settled } from './definition.js';
import {
  ConflictError,
  type Element,
  OtherSettingsError,
  RefusedError,
  type Target,
  UnreachableError,
} from './element.js';
import { declaredId } from './values.js';

// What a person reads when a far end is not as it should be.

/** The complaint that stands for a far end's error; anything else is a fault of the program and goes on. */
export function farEndDiagnostic(error: unknown): Diagnostic {
  if (error instanceof UnreachableError)
    return {
      severity: 'error',
      summary: 'A far end cannot be reached',
      detail: `${error.message}\n\nNothing is known of what it holds, so nothing was concluded and nothing changed. Try again when it answers. If mail has to go back without a gateway or relay, declare its \`outage\` in the platform file; one there counts on its day and the next.`,
      rule: 'unreachable',
    };
  if (error instanceof ConflictError)
    return {
      severity: 'error',
      summary: 'A far end is not as the plan saw it',
      detail: `${error.message}\n\nNothing was written. Plan again, and look at what changed in between.`,
      rule: 'conflict',
    };
  if (error instanceof OtherSettingsError)
    return {
      severity: 'error',
      summary: 'A relay is set otherwise',
      detail: error.message,
      rule: 'gate-relay-settings',
    };
  if (error instanceof RefusedError)
    return { severity: 'error', summary: 'A far end refused', detail: error.message, rule: 'refused' };
  throw error;
}

/** Somebody else's element is never overwritten. */
export function foreignOwner(
  definition: ResourceDefinition,
  settled: Settled<Attributes>,
  { title }: Target,
  { owner }: Element,
): Diagnostic {
  const id = declaredId(definition, settled);
  return owner === undefined
    ? {
        severity: 'error',
        summary: `${id} is there already, and nobody owns it`,
        detail: `Somebody wrote it by hand on ${title}. Look whether it may become ${describeOwner(settled)}'s; then import it by the id ${id.slice(id.indexOf(':') + 1)}, and plan again.`,
        rule: 'foreign-owner',
      }
    : {
        severity: 'error',
        summary: `${id} belongs to ${owner}`,
        detail: `${title} holds it for the owner ${owner}; it was to be put for ${describeOwner(settled)}. One of the two files has a wrong address, link or domain.`,
        attribute: 'owner',
        rule: 'foreign-owner',
      };
}

const describeOwner = ({ owner }: Settled<Attributes>): string =>
  typeof owner === 'string' ? owner : 'the platform';

/** Value and who put it there, for a message. */
export const describe = (element: Omit<Element, 'instance'> | undefined): string =>
  element === undefined
    ? 'nothing'
    : `${element.map} ${element.key.join('/')} = ${element.value.join(',') || '-'} (owner ${element.owner ?? 'nobody'}, order ${element.order ?? '-'})`;
