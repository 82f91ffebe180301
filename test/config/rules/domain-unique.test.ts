import { domainUnique } from '../../../lib/config/rules/domain-unique.js';
import { municipalityText, other, says } from '../support.js';
import { parse } from 'yaml';

const { domains } = parse(municipalityText()) as { domains: object[] };

test('a domain in two files is refused, the first is named', () => {
  const municipalities = { musterstadt: {}, beispielhausen: { ...other, domains } };
  expect(says(domainUnique, { municipalities })).toMatchInlineSnapshot(`
   "beispielhausen.yaml:16:11  domain musterstadt.example belongs to musterstadt (musterstadt.yaml:16:11)
     a domain once, in the file of one municipality; remove it where it does not belong   [domain-unique]
   "
  `);
});

test('twice in one file is as wrong', () => {
  const municipalities = { musterstadt: { domains: [...domains, ...domains] } };
  expect(says(domainUnique, { municipalities })).toContain('belongs to musterstadt (musterstadt.yaml:');
});

test('different ones are right', () => {
  expect(says(domainUnique, { municipalities: { musterstadt: {}, beispielhausen: other } })).toBe('');
});
