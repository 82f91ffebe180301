import type { ErrorCode } from 'yaml';
import { shown, type Explanation, type Problem } from './problem.js';

// What is said about YAML that cannot be read, or that we do not want to read.

export const tooDeep: Explanation = {
  rule: 'yaml-too-deep',
  expected: 'a file of a few levels',
  remedy: 'start again from templates/municipality.yaml',
};

export const noDirective: Explanation = {
  rule: 'yaml-directive',
  expected: 'YAML 1.2, which needs no directive',
  remedy: 'remove the lines that begin with %',
};

export const anchors: Explanation = {
  rule: 'yaml-anchor',
  expected: 'every value written where it belongs: anchors (&) and aliases (*) are not read',
  remedy: 'write the value out; if it begins with & or *, put it in quotes',
};

export const tags: Explanation = {
  rule: 'yaml-tag',
  expected: 'plain values: tags (!) are not read',
  remedy: 'remove the tag; if the value begins with !, put it in quotes',
};

export const oddKey: Explanation = {
  rule: 'yaml-key',
  expected: 'keys that are plain text',
  remedy: 'see templates/municipality.yaml for the keys that there are',
};

export const duplicateKey: Explanation = {
  rule: 'yaml-duplicate-key',
  expected: 'each key once in its mapping',
  remedy: 'remove one of the two',
};

/** What to say for a syntax error: where we have no words for it, the parser's. */
export const syntax = (code: ErrorCode, message: string): Described =>
  syntaxByCode[code] ?? { found: shown(message, LONGEST_MESSAGE), ...anySyntax };

type Described = Pick<Problem, 'found'> & Explanation;

/** The parser's messages are sentences. */
const LONGEST_MESSAGE = 120;

const anySyntax: Explanation = {
  rule: 'yaml-syntax',
  expected: 'readable YAML 1.2',
  remedy: 'check indentation, colons, brackets and quotes here and in the line before',
};

const syntaxByCode: Partial<Record<ErrorCode, Described>> = {
  RESOURCE_EXHAUSTION: { found: 'lists or mappings inside each other', ...tooDeep },
  TAB_AS_INDENT: {
    found: 'a tab in the indentation',
    rule: 'yaml-tab',
    expected: 'indentation by spaces: YAML allows no tabs there',
    remedy: 'replace the tab by two spaces',
  },
  MULTIPLE_DOCS: {
    found: 'a second document',
    rule: 'yaml-several-documents',
    expected: 'one document a file',
    remedy: 'put what follows --- into a file of its own',
  },
};
