import type { Attribute, ResourceDefinition } from './definition.js';
import { snakeCase } from './names.js';
import { schemaOf } from './values.js';

/** A resource's page in the form of the registries: `docs/resources/<type>.md`. */
export function documentation(definition: ResourceDefinition): string {
  const { type, doc, attributes, example } = definition;
  const name = `landesnetz_${type}`;
  const all = Object.entries(attributes);
  const computed = all.filter(([, attribute]) => attribute.computed);
  const configured = all.filter(([, attribute]) => !attribute.computed);
  return `---
page_title: "${name} Resource - landesnetz"
description: ${JSON.stringify(doc.split('. ')[0])}
---

<!-- Made from lib/provider/resources/${type.replaceAll('_', '-')}.ts and kept up to date by test/provider/documentation.test.ts. -->

# ${name} (Resource)

${doc}

## Example Usage

\`\`\`terraform
resource "${name}" "example" {
${configuredLines(example).join('\n')}
}
\`\`\`

## Argument Reference

${configured.map(argument).join('\n')}

## Attribute Reference

${computed.map(([key, attribute]) => `- \`${snakeCase(key)}\` — ${attribute.doc}`).join('\n')}${computed.length > 0 ? '\n' : ''}${added(definition)}

## Import

\`\`\`shell
tofu import ${name}.example '${importId(definition)}'
\`\`\`
`;
}

const argument = ([key, attribute]: [string, Attribute]): string =>
  `- \`${snakeCase(key)}\` (${typeName(attribute)}${attribute.optional ? ', optional' : ''}) — ${attribute.doc}${attribute.key ? ' A change makes a new resource.' : ''}`;

function typeName({ type }: Attribute): string {
  if (typeof type === 'string') return type;
  if ('list' in type) return 'list of string';
  if ('set' in type) return 'set of string';
  if ('map' in type) return 'map of string';
  const members = Object.entries(type.objects).map(([name, of]) => `${snakeCase(name)}: ${of}`);
  return `list of { ${members.join(', ')} }`;
}

const added = (definition: ResourceDefinition): string =>
  Object.entries(schemaOf(definition).attributes ?? {})
    .filter(([name]) => name === 'id' || name === 'instance')
    .map(([name, { description = '' }]) => `- \`${name}\` — ${description}`)
    .join('\n');

const importId = ({ attributes, example }: ResourceDefinition): string =>
  Object.entries(attributes)
    .filter(([, { key }]) => key)
    .map(([name]) => JSON.stringify(example[name]).replaceAll('"', ''))
    .join('/');

/** Members of an object have names of ours; a map's keys are data. */
const snakeCased = (item: object): object =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [snakeCase(name), value as unknown]));

/** HCL, aligned as its formatter does. */
function configuredLines(example: Readonly<Record<string, unknown>>): string[] {
  const width = Math.max(...Object.keys(example).map((name) => snakeCase(name).length));
  return Object.entries(example).map(
    ([name, value]) => `  ${snakeCase(name).padEnd(width)} = ${hcl(value, '  ')}`,
  );
}

function hcl(value: unknown, indent: string): string {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    if (!items.some((item) => typeof item === 'object'))
      return `[${items.map((item) => hcl(item, indent)).join(', ')}]`;
    const members = items.map((item) => snakeCased(item as object));
    return `[\n${members.map((item) => `${indent}  ${hcl(item, `${indent}  `)},\n`).join('')}${indent}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, item]) => {
    const key = /^[a-z]\w*$/i.test(name) ? name : JSON.stringify(name);
    return `${key} = ${hcl(item, indent)}`;
  });
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
