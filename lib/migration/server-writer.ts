import type { YAMLMap, YAMLSeq } from 'yaml';
import type { MailServer } from '../config/municipality.js';
import { writeList, type Entries } from './list-writer.js';
import type { ServerEdit } from './server-change.js';
import type { Refusal } from './stage-change.js';
import { writeStage } from './stage-writer.js';
import { indentAt, insertLines, lineEnd, lineStart, type TextEdit } from './text-edit.js';
import { dashes, span } from './yaml-text.js';

/**
 * Writes a change of servers into the text of a municipality's file, which lib/config has read without a problem.
 * As with a stage, only its lines change; what this does not understand is refused, never written wrongly.
 */
export function writeServers(text: string, edit: ServerEdit): string | Refusal {
  const written = writeList(text, 'servers', {
    edits: (list, items) => [editOf(text, list, items, edit)],
    edited: (before) => edited(before, edit),
  });
  if (written === undefined) return refusal();
  if ('tested' in edit) return writeStage(written, { drop: [], add: [], settling: edit.settling });
  return 'remove' in edit && edit.kept ? writeStage(written, { drop: [], add: [edit.kept] }) : written;
}

const refusal = (): Refusal => ({
  refused: '`servers` is not written in a way that this command can change without touching anything else',
  remedy:
    'write each server as a list entry of its own with one value a line, as templates/municipality.yaml does',
  rule: 'server-file',
});

function editOf(text: string, list: YAMLSeq, items: readonly YAMLMap[], edit: ServerEdit): TextEdit {
  const begins = dashes(list);
  const ends = items.map((item) => lineEnd(text, span(item).end));
  if ('add' in edit) {
    const indent = indentAt(text, begins[0] as number);
    return insertLines(text, ends.at(-1) as number, serverLines(indent, edit.add));
  }
  const { transfer } = 'tested' in edit ? edit.tested : edit.remove;
  const at = items.findIndex((item) => item.get('transfer') === transfer);
  if ('remove' in edit) {
    return { start: lineStart(text, begins[at] as number), end: ends[at] as number, text: '' };
  }
  const indent = ' '.repeat(span(items[at] as YAMLMap).start - lineStart(text, begins[at] as number));
  return insertLines(text, ends[at] as number, [`${indent}testedOn: ${edit.testedOn}`]);
}

const serverLines = (indent: string, { inside, transfer, ports, joinedOn }: MailServer): string[] => [
  `${indent}- inside: ${inside}`,
  `${indent}  transfer: ${transfer}`,
  ...(ports.join() === '25' ? [] : [`${indent}  ports: [${ports.join(', ')}]`]),
  ...(joinedOn === undefined ? [] : [`${indent}  joinedOn: ${joinedOn}`]),
];

function edited(servers: Entries, edit: ServerEdit): Entries {
  if ('add' in edit) {
    const { ports, ...rest } = edit.add;
    return [...servers, { ...rest, ...(ports.join() === '25' ? {} : { ports }) }];
  }
  if ('remove' in edit) return servers.filter(({ transfer }) => transfer !== edit.remove.transfer);
  return servers.map((server) =>
    server['transfer'] === edit.tested.transfer ? { ...server, testedOn: edit.testedOn } : server,
  );
}
