import { z } from 'zod';
import { checks, findings, type CheckId, type FindingId } from './checks.js';

const keys = <T extends string>(table: Record<T, unknown>): [T, ...T[]] => Object.keys(table) as [T, ...T[]];

const resultSchema = z.strictObject({
  check: z.enum(keys<CheckId>(checks)),
  /** The domain; empty for what concerns the host. */
  domain: z.string(),
  /** `mail.x.example` (its records), `mail.x.example [198.51.100.25]` or `[192.168.10.5]` (its dialogue), or empty. */
  server: z.string(),
  finding: z.enum(keys<FindingId>(findings)),
  severity: z.enum(['ok', 'note', 'problem', 'unchecked']),
  title: z.string(),
  /** The value as seen, printable ASCII, at most 200 characters. */
  found: z.string().max(200),
  text: z.string(),
  remedy: z.string(),
});

/** What the command and both scripts print with `--json`. */
export const reportSchema = z.strictObject({
  version: z.literal(1),
  program: z.enum(['mailversand', 'mailversand-pruefung.sh', 'mailversand-pruefung.ps1']),
  /** `host`: on the mail server itself. */
  view: z.enum(['outside', 'host']),
  /** RFC 3339, UTC, seconds. */
  at: z.iso.datetime({ precision: 0 }),
  domains: z.array(z.string()).min(1),
  results: z.array(resultSchema),
});

export type Report = z.output<typeof reportSchema>;
export type Result = z.output<typeof resultSchema>;

/** Where a result belongs. */
export type Subject = Pick<Result, 'domain' | 'server'>;

/** One line of printable ASCII, whatever a foreign server said, as the scripts cut it as well. */
export const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);

/** A result with the texts of its check and finding. */
export const result = (check: CheckId, subject: Subject, finding: FindingId, found = ''): Result => ({
  check,
  ...subject,
  finding,
  severity: findings[finding].severity,
  title: checks[check],
  found: printable(found),
  text: findings[finding].text,
  remedy: findings[finding].remedy,
});

/** The JSON Schema of {@link reportSchema}, templates/vorabpruefung/bericht.schema.json. */
export function reportJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(reportSchema, { target: 'draft-7', reused: 'inline' });
  return `${JSON.stringify({ $schema, title: 'Report of the Vorabprüfung', ...rest }, null, 2)}\n`;
}
