import type { Diagnostic } from '../definition.js';
import type { Value } from '../served.js';
import { DnsError } from '../targets/dns/fault.js';

export const problem = (rule: string, summary: string, detail: string, attribute?: string): Diagnostic => ({
  severity: 'error',
  rule,
  summary,
  detail,
  ...(attribute === undefined ? {} : { attribute }),
});

export const warning = (rule: string, summary: string, detail: string, attribute?: string): Diagnostic => ({
  ...problem(rule, summary, detail, attribute),
  severity: 'warning',
});

/** What a DNS server or nsupdate said no to. Anything else is a fault of the program and goes on. */
export function fromError(error: unknown): Diagnostic {
  if (!(error instanceof DnsError)) throw error;
  const { fault, message, remedy } = error;
  const rule = fault === 'unreachable' || fault === 'conflict' ? fault : `dns-${fault}`;
  return problem(rule, message, remedy);
}

/** A value as a message shows it. */
export const shown = (value: Value | undefined): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);
