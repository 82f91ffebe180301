import type { Attribute } from '../definition.js';
import * as checks from './checks.js';

// Attributes that several resources have.

export const gateway = {
  type: 'string',
  key: true,
  doc: 'Gateway that holds the element, by its name in the provider configuration.',
  check: checks.name,
} as const satisfies Attribute;

export const relay = {
  type: 'string',
  key: true,
  doc: 'Relay that holds the element, by its name in the provider configuration.',
  check: checks.name,
} as const satisfies Attribute;

export const municipality = {
  type: 'string',
  key: true,
  doc: 'Municipality, by the name of its file.',
  check: checks.name,
} as const satisfies Attribute;

export const ingress = {
  type: 'string',
  key: true,
  doc: 'Interface by which the connection comes in; part of the key because inside addresses overlap.',
  check: checks.link,
} as const satisfies Attribute;

export const protocol = {
  type: 'string',
  key: true,
  doc: 'Transport protocol: `tcp`.',
  check: checks.protocol,
} as const satisfies Attribute;

export const owner = {
  type: 'string',
  doc: 'AGS of the municipality that owns the element, 8 digits; what bears another is never touched.',
  check: checks.owner,
} as const satisfies Attribute;

export const order = {
  type: 'string',
  doc: 'Reference of the order (Freischaltung) that the element rests on.',
  check: checks.orderReference,
} as const satisfies Attribute;

export const validUntil = {
  type: 'string',
  optional: true,
  doc: 'Last day of the approval, YYYY-MM-DD. Nothing closes by itself: 30 days before it the plan warns, after it no stage forward is planned.',
  check: checks.date,
} as const satisfies Attribute;

export const stage = {
  type: 'number',
  doc: 'Stage of the migration, 0 to 4.',
  check: checks.stageNumber,
} as const satisfies Attribute;

export const declares = {
  type: { set: 'string' },
  doc: 'Ids (`<type>:<id>`) of everything that the stage declares, with what is kept.',
} as const satisfies Attribute;

export const holds = {
  type: { objects: { id: 'string', since: 'string', until: 'string' } },
  doc: 'What is declared only because it may still be used: its id, and from when until when (RFC 3339) it was planned to be held.',
} as const satisfies Attribute;

export const domain = {
  type: 'string',
  key: true,
  doc: 'Mail domain, lower case, no trailing dot, umlauts in their xn-- form.',
  check: checks.domain,
} as const satisfies Attribute;
