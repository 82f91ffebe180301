import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { jsonSchemas } from '../../lib/config/json-schema.js';

// `UPDATE_SCHEMAS=1 npm test -- json-schema` writes them anew after a change of lib/config.
const update = process.env.UPDATE_SCHEMAS === '1';

test.each(jsonSchemas)('$file, which editors check by, says what lib/config says', async ({ file, text }) => {
  const wanted = await format(text(), { parser: 'json', printWidth: 110 });
  if (update) writeFileSync(file, wanted);
  expect(readFileSync(file, 'utf8')).toBe(wanted);
});
