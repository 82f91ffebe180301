import { isAlias, isScalar, isSeq, LineCounter, type Document, type ParsedNode } from 'yaml';
import { shown, type Explanation, type Problem } from './problem.js';
import { parse, placeAt, placesOf, type Places } from './yaml-places.js';
import { anchors, duplicateKey, noDirective, oddKey, syntax, tags, tooDeep } from './yaml-rules.js';

/** One file's content with the place of everything in it. */
export interface Source extends Places {
  /** Path as messages show it. */
  file: string;
  /** Plain values; undefined if the file is not readable as one YAML document. */
  value: unknown;
  /** What is wrong with the YAML itself. */
  problems: Problem[];
}

/** Reads one YAML document in one pass. Never throws: whatever is wrong is in `problems`. */
export function parseYaml(file: string, content: string): Source {
  const { value, problems } = readValue(file, content);
  return { file, value, problems, ...placesOf(file, content) };
}

/** Apart from `parseYaml`, so that nothing of a right file's document is kept in memory. */
function readValue(file: string, content: string): Pick<Source, 'value' | 'problems'> {
  const lines = new LineCounter();
  const problems: Problem[] = [];
  const complain: Complain = (offset, found, explanation) => {
    problems.push({ ...placeAt(file, lines, offset), found, ...explanation });
  };
  const document = parse(content, lines);
  reportSyntax(document, complain);
  const value = problems.length === 0 ? toValue(document.contents, complain, 0) : undefined;
  return { value: problems.length === 0 ? value : undefined, problems };
}

type Complain = (offset: number, found: string, explanation: Explanation) => void;

/** One bracket forgotten makes the parser complain about everything around it. */
const MOST_SYNTAX_PROBLEMS = 5;

function reportSyntax(document: Document.Parsed, complain: Complain): void {
  for (const { pos, message, code } of [...document.errors, ...document.warnings].slice(
    0,
    MOST_SYNTAX_PROBLEMS,
  )) {
    const { found, ...explanation } = syntax(code, message);
    complain(pos[0], found, explanation);
  }
  if (document.directives.yaml.explicit === true) complain(0, 'a %YAML directive', noDirective);
}

/** Our files have five. */
const DEEPEST = 16;

/** The plain value of a node. What we do not want in these files is refused on the way. */
function toValue(node: ParsedNode | null, complain: Complain, depth: number): unknown {
  if (node === null) return null;
  if (isAlias(node)) return complain(node.range[0], shown(`*${node.source}`), anchors);
  if (node.anchor !== undefined) complain(node.range[0], shown(`&${node.anchor}`), anchors);
  if (node.tag !== undefined) complain(node.range[0], shown(node.tag), tags);
  if (isScalar(node)) return node.value;
  if (depth === DEEPEST) return complain(node.range[0], 'lists or mappings inside each other', tooDeep);
  if (isSeq(node)) return node.items.map((item) => toValue(item, complain, depth + 1));
  const value: Record<string, unknown> = {};
  for (const { key, value: child } of node.items) {
    // `__proto__` as a key would set the object's prototype.
    if (!isScalar(key) || typeof key.value !== 'string' || key.value === '__proto__') {
      complain(key.range[0], 'a key that is not plain text', oddKey);
      continue;
    }
    if (key.anchor !== undefined) complain(key.range[0], shown(`&${key.anchor}`), anchors);
    if (Object.hasOwn(value, key.value))
      complain(key.range[0], shown(`${key.value}: a second time`), duplicateKey);
    value[key.value] = toValue(child, complain, depth + 1);
  }
  return value;
}
