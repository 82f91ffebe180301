import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { format } from 'prettier';
import { Language, Parser, type Node } from 'web-tree-sitter';
import { checkLines, checks, findingLines, findings, neededSize } from '../../lib/vorabpruefung/checks.js';
import { reportJsonSchema } from '../../lib/vorabpruefung/report.js';
import { foreignRecipient, unknownLocalPart } from '../../lib/vorabpruefung/smtp.js';

const folder = 'templates/vorabpruefung';
const scripts = ['mailversand-pruefung.sh', 'mailversand-pruefung.ps1'] as const;
const read = (file: string): string => readFileSync(`${folder}/${file}`, 'utf8');

// `UPDATE_TEXTS=1 npm run test:pure -- vorabpruefung/scripts` writes texts and schema anew after a change of lib/vorabpruefung.
const update = process.env.UPDATE_TEXTS === '1';

/** A script with the texts of lib/vorabpruefung/checks.ts in place of its own. */
function withTexts(script: string): string {
  const [firstCheck, lastCheck] = [Object.keys(checks).at(0), Object.keys(checks).at(-1)];
  const [firstFinding, lastFinding] = [Object.keys(findings).at(0), Object.keys(findings).at(-1)];
  const block = (first: string | undefined, last: string | undefined): RegExp =>
    new RegExp(`^${first ?? ''}\\|[^]*?^${last ?? ''}\\|.*\n`, 'm');
  return script
    .replace(block(firstCheck, lastCheck), checkLines)
    .replace(block(firstFinding, lastFinding), findingLines);
}

describe.each(scripts)('%s', (file) => {
  test('carries the texts of the command', () => {
    const wanted = withTexts(read(file));
    if (update) writeFileSync(`${folder}/${file}`, wanted);
    expect(read(file)).toBe(wanted);
    expect(wanted).toContain(checkLines());
    expect(wanted).toContain(findingLines());
  });

  test('asks for the same size and the same recipients', () => {
    expect(read(file)).toMatch(new RegExp(`^\\$?needed_?size ?= ?${neededSize}$`, 'im'));
    expect(read(file)).toMatch(new RegExp(`^\\$?unknown_?local_?part ?= ?'?${unknownLocalPart}'?$`, 'im'));
    expect(read(file)).toMatch(new RegExp(`^\\$?foreign_?recipient ?= ?'?${foreignRecipient}'?$`, 'im'));
  });

  test('can give every finding of every check', () => {
    const code = read(file).replace(checkLines(), '').replace(findingLines(), '');
    const named = (id: string): boolean => new RegExp(`(?<![\\w-])${id}(?![\\w-])`).test(code);
    // connect-refused and its like are put together from their parts.
    const whole = Object.keys(findings).filter((id) => !/^connect-(?!ok)/.test(id));
    expect([...Object.keys(checks), ...whole].filter((id) => !named(id))).toEqual([]);
    for (const part of ['refused', 'timeout', 'unreachable', 'not-from-here']) expect(named(part)).toBe(true);
  });

  test('prints the fields of the schema', () => {
    const { properties } = JSON.parse(reportJsonSchema()) as {
      properties: Record<string, { items?: { properties?: object } }>;
    };
    const fields = [
      ...Object.keys(properties),
      ...Object.keys(properties['results']?.items?.properties ?? {}),
    ];
    expect(fields.filter((field) => !new RegExp(`\\b${field}(\\\\":| = )`).test(read(file)))).toEqual([]);
  });
});

test('the texts can stand in a line with bars between them', () => {
  for (const line of `${checkLines()}${findingLines()}`.trimEnd().split('\n')) {
    expect(line).toMatch(/^[a-z0-9-]+(\|[^|"\\]*)+$/);
    // A here-string of PowerShell ends with '@ at the beginning of a line; a here-document with EOF.
    expect(line).not.toMatch(/^('@|EOF)/);
  }
});

test('docs/vorabpruefung.md explains every check', () => {
  const explained = readFileSync('docs/vorabpruefung.md', 'utf8');
  expect(Object.values(checks).filter((title) => !explained.includes(`| ${title} |`))).toEqual([]);
});

test('bericht.schema.json says what the programs print', async () => {
  const wanted = await format(reportJsonSchema(), { parser: 'json', printWidth: 110 });
  if (update) writeFileSync(`${folder}/bericht.schema.json`, wanted);
  expect(read('bericht.schema.json')).toBe(wanted);
});

/** Nobody has run it here: no PowerShell can be had where the tests run. What can be known without one is tested. */
describe('the PowerShell file', () => {
  const builtIn = [
    'ConvertTo-Json',
    'ForEach-Object',
    'Get-Command',
    'New-Object',
    'Resolve-DnsName',
    'Select-Object',
    'Set-StrictMode',
    'Sort-Object',
    'Where-Object',
    'Write-Verbose',
    // Of Exchange, and only after Get-Command has found it.
    'Get-ReceiveConnector',
    'Get-TransportConfig',
  ];
  /** Variables that PowerShell sets, or that the environment does. */
  const given = ['$_', '$true', '$false', '$null', '$matches', '$erroractionpreference', '$env:computername'];
  let nodes: Node[];

  beforeAll(async () => {
    await Parser.init();
    const grammar = createRequire(import.meta.url).resolve(
      'tree-sitter-powershell/tree-sitter-powershell.wasm',
    );
    const parser = new Parser().setLanguage(await Language.load(grammar));
    const tree = parser.parse(read('mailversand-pruefung.ps1').replace(/^\ufeff/, ''));
    nodes = tree ? flat(tree.rootNode) : [];
  });

  const texts = (type: string): string[] => [
    ...new Set(nodes.filter((node) => node.type === type).map(({ text }) => text)),
  ];

  test('is PowerShell', () => {
    expect(nodes.length).toBeGreaterThan(1000);
    expect(nodes.filter((node) => node.isError || node.isMissing).map(({ text }) => text)).toEqual([]);
  });

  test('begins with a byte order mark, without which Windows PowerShell 5.1 reads Umlauts wrong', () => {
    expect(read('mailversand-pruefung.ps1').startsWith('\ufeff#')).toBe(true);
  });

  test('calls its own functions and what Windows PowerShell 5.1 brings, nothing else', () => {
    expect(
      texts('command_name').filter((name) => ![...texts('function_name'), ...builtIn].includes(name)),
    ).toEqual([]);
  });

  test('gives every function as many arguments as it takes at most', () => {
    const takes = new Map(
      nodes
        .filter(({ type }) => type === 'function_statement')
        .map((node) => [
          node.children.find((child) => child.type === 'function_name')?.text ?? '',
          flat(node.children.find((child) => child.type === 'function_parameter_declaration') ?? node).filter(
            ({ type }) => type === 'script_parameter',
          ).length,
        ]),
    );
    const wrong = nodes.filter((node) => {
      const name = node.type === 'command' ? node.childForFieldName('command_name')?.text : undefined;
      const limit = takes.get(name ?? '');
      const elements = node.childForFieldName('command_elements')?.namedChildren ?? [];
      return (
        limit !== undefined &&
        elements.filter((child) => child.type !== 'command_argument_sep').length > limit
      );
    });
    expect(takes.size).toBeGreaterThan(20);
    expect(wrong.map(({ text }) => text)).toEqual([]);
  });

  test('reads no variable that neither its function nor the script sets', () => {
    const names = (within: readonly Node[]): string[] =>
      within
        .filter(({ type }) => type === 'variable')
        .map(({ text }) => text.toLowerCase().replace(/[{}]/g, ''));
    const set = (within: readonly Node[]): string[] =>
      within.flatMap((node) => {
        if (['left_assignment_expression', 'script_parameter'].includes(node.type)) return names(flat(node));
        // `foreach ($a in …)` sets its first variable only.
        return node.type === 'foreach_statement' ? names(flat(node)).slice(0, 1) : [];
      });
    const functions = nodes.filter(({ type }) => type === 'function_statement').map(flat);
    const inFunctions = new Set(functions.flat().map(({ id }) => id));
    const script = nodes.filter(({ id }) => !inFunctions.has(id));
    const known = [...set(script), ...given];
    const unset = [script, ...functions].flatMap((part) => {
      const own = set(part);
      return names(part).filter((name) => !known.includes(name) && !own.includes(name));
    });
    expect(unset).toEqual([]);
  });

  test('has nothing that came after 5.1', () => {
    const code = nodes.filter(({ childCount }) => childCount === 0).map(({ text }) => text);
    expect(code.filter((text) => ['??', '??=', '?.', '&&', '||', '?'].includes(text))).toEqual([]);
  });
});

const flat = (node: Node): Node[] => [node, ...node.children.flatMap((child) => flat(child))];
