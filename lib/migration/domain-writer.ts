import type { YAMLMap, YAMLSeq } from 'yaml';
import type { Domain } from '../config/municipality.js';
import type { DomainEdit } from './domain-change.js';
import { writeList, type Entries } from './list-writer.js';
import type { Refusal } from './stage-change.js';
import { writeStage } from './stage-writer.js';
import { indentAt, insertLines, lineEnd, lineStart, type TextEdit } from './text-edit.js';
import { dashes, entryOf, span, type Entry } from './yaml-text.js';

/**
 * Writes a change of domains into the text of a municipality's file, which lib/config has read without a problem.
 * As with servers, only its lines change; what this does not understand is refused, never written wrongly.
 */
export function writeDomains(text: string, edit: DomainEdit): string | Refusal {
  const written = writeList(text, 'domains', {
    edits: (list, items) => [editOf(text, list, items, edit)],
    edited: (before) => edited(before, edit),
  });
  if (written === undefined) return refusal();
  return 'domain' in edit ? writeStage(written, edit.kept) : written;
}

const refusal = (): Refusal => ({
  refused: '`domains` is not written in a way that this command can change without touching anything else',
  remedy:
    'write each domain as a list entry of its own with one value a line, as templates/municipality.yaml does',
  rule: 'domain-file',
});

function editOf(text: string, list: YAMLSeq, items: readonly YAMLMap[], edit: DomainEdit): TextEdit {
  const begins = dashes(list);
  const ends = items.map((item) => lineEnd(text, span(item).end));
  if ('add' in edit) {
    const indent = indentAt(text, begins[0] as number);
    return insertLines(
      text,
      ends.at(-1) as number,
      domainLines(edit.add).map((line) => indent + line),
    );
  }
  const name = 'remove' in edit ? edit.remove : edit.domain;
  const at = items.findIndex((item) => item.get('name') === name);
  const dash = begins[at] as number;
  if ('remove' in edit) return { start: lineStart(text, dash), end: ends[at] as number, text: '' };
  const item = items[at] as YAMLMap;
  const stage = entryOf(item, 'stage');
  if (stage) return { ...span(stage.value), text: String(edit.stage) };
  const indent = ' '.repeat(span(item).start - lineStart(text, dash));
  const { value } = entryOf(item, 'name') as Entry;
  return insertLines(text, lineEnd(text, span(value).end), [`${indent}stage: ${edit.stage}`]);
}

const domainLines = ({ name, stage, zone, writer, mx, spf }: Domain): string[] => [
  `- name: ${name}`,
  ...(stage === undefined ? [] : [`  stage: ${stage}`]),
  ...(zone === name ? [] : [`  zone: ${zone}`]),
  `  writer: ${writer}`,
  '  mx:',
  `    ttl: ${mx.ttl}`,
  '    records:',
  ...mx.records.map((record) => `      - ${mxText(record)}`),
  ...(spf === undefined ? [] : ['  spf:', `    value: ${quoted(spf.value)}`, `    ttl: ${spf.ttl}`]),
];

const mxText = ({ preference, host }: Domain['mx']['records'][number]): string => `${preference} ${host}`;

/** SPF has characters that mean something in YAML; in single quotes only the quote itself does. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function edited(domains: Entries, edit: DomainEdit): Entries {
  if ('remove' in edit) return domains.filter(({ name }) => name !== edit.remove);
  if ('domain' in edit) {
    return domains.map((domain) =>
      domain['name'] === edit.domain ? { ...domain, stage: edit.stage } : domain,
    );
  }
  const { zone, mx, ...rest } = edit.add;
  return [
    ...domains,
    {
      ...rest,
      ...(zone === rest.name ? {} : { zone }),
      mx: { ...mx, records: mx.records.map(mxText) },
    },
  ];
}
