import type { Attribute, Diagnostic, ResourceDefinition } from './definition.js';
import { snakeCase } from './names.js';
import type { ValueObject } from './served.js';
import { complaint, isKnown, plainOf } from './values.js';

/** Every known attribute against its own check, offline. */
export function validate(definition: ResourceDefinition, config: ValueObject): Diagnostic[] {
  return Object.entries(definition.attributes).flatMap(([name, attribute]) =>
    wrong(snakeCase(name), attribute, config),
  );
}

function wrong(name: string, attribute: Attribute, config: ValueObject): Diagnostic[] {
  const value = config[name] ?? null;
  const plain = isKnown(value) ? plainOf(attribute, value) : undefined;
  const allowed = plain === undefined ? undefined : complaint(attribute, plain);
  if (allowed === undefined) return [];
  return [
    {
      severity: 'error',
      summary: `${name} is not of the canonical form`,
      detail: `Found ${JSON.stringify(plain)}; ${allowed}. Nothing is rewritten: what is declared is what is live.`,
      attribute: name,
      rule: 'canonical-form',
    },
  ];
}
