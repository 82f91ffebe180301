import { z } from 'zod';
import { municipalitySchema } from './municipality-file.js';
import { platformSchema } from './platform-file.js';

/** JSON Schemas for editors and the files in which they lie; the files name them in their first line. */
export const jsonSchemas = [
  { file: 'municipalities/schema.json', text: () => schemaText(municipalitySchema, 'A municipality') },
  { file: 'stacks/platforms/schema.json', text: () => schemaText(platformSchema, 'A platform') },
] as const;

/** Draft 7, which the YAML language server of most editors knows best. */
function schemaText(schema: z.ZodType, title: string): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input', reused: 'inline' });
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
}
