import fc from 'fast-check';
import { parse } from 'yaml';
import type { Kept } from '../../lib/config/municipality.js';
import type { KeptEdit } from '../../lib/migration/kept-edit.js';
import { isRefusal } from '../../lib/migration/stage-change.js';
import { writeStage } from '../../lib/migration/stage-writer.js';
import { after } from './examples.js';

const kept = (stage: 1 | 2 | 3 | 4) => ({ stage, since: after(0), until: after(100 * stage) });
const server: Kept = {
  server: { inside: '192.168.10.4', transfer: '10.128.0.9', ports: [25] },
  since: after(0),
  until: after(50),
};

function write(text: string, edit: Partial<KeptEdit>): string {
  const result = writeStage(text, { drop: [], add: [], ...edit });
  if (typeof result !== 'string') throw new Error(`${result.refused}; ${result.remedy}`);
  return result;
}

const line = (stage: 1 | 2 | 3 | 4, indent = '  ') =>
  `${indent}- { stage: ${stage}, since: ${kept(stage).since}, until: ${kept(stage).until} }\n`;

describe('the reviewer sees the edge and nothing else', () => {
  const file = `# Musterstadt\nname: "Musterstadt"\n\nstage: 3   # since March\n\ndomains: [a.example]  # one\n`;

  test('the stage changes, its comment stays', () => {
    expect(write(file, { stage: 4 })).toBe(file.replace('stage: 3', 'stage: 4'));
  });

  test('what is kept stands behind the stage, a line an entry', () => {
    expect(write(file, { stage: 2, add: [kept(3)] })).toBe(
      file.replace('stage: 3   # since March\n', `stage: 2   # since March\nkept:\n${line(3)}`),
    );
  });

  test('forward again the file is as it was before', () => {
    const back = write(file, { stage: 2, add: [kept(3)] });
    expect(write(back, { stage: 3, drop: [kept(3)] })).toBe(file);
  });

  test('so it is when a new time of settling comes with that', () => {
    const settling = { since: after(0), until: after(30) };
    const back = write(file, { stage: 2, add: [kept(3)] });
    expect(write(back, { stage: 3, drop: [kept(3)], settling })).toBe(
      file.replace(
        'stage: 3   # since March\n',
        `stage: 3   # since March\nsettling: { since: ${settling.since}, until: ${settling.until} }\n`,
      ),
    );
  });

  test('a replaced server is written with its ports', () => {
    expect(write('stage: 2\n', { add: [server] })).toBe(
      `stage: 2\nkept:\n  - { server: { inside: 192.168.10.4, transfer: 10.128.0.9, ports: [25] }, since: ${after(0)}, until: ${after(50)} }\n`,
    );
  });

  test('a second entry comes behind the first, indented like it', () => {
    const text = `stage: 2\nkept:\n- ${line(3, '').slice(2)}# end\n`;
    expect(write(text, { stage: 1, add: [kept(2)] })).toBe(
      `stage: 1\nkept:\n${line(3, '')}${line(2, '')}# end\n`,
    );
  });

  test('an entry goes with its lines; what was written beside the others stays', () => {
    const others = [
      '  # replaced after the flood\n',
      `  - server: { inside: 192.168.10.4, transfer: 10.128.0.9 }   # old one\n`,
      `    since: "${after(0)}"\n    until: "${after(50)}"\n`,
      '  # and the NdB\n',
    ].join('');
    const text = `stage: 2\nkept:\n${others}  -\n    stage: 3\n    since: ${after(0)}\n    until: ${after(300)} # soon\n\n# end\n`;
    expect(write(text, { drop: [kept(3)] })).toBe(`stage: 2\nkept:\n${others}\n# end\n`);
    expect(write(text, { drop: [server] })).toBe(text.replace(/ {2}- server[^#]*# old one\n.*\n.*\n/, ''));
  });

  test('an entry that ends in a list goes with it', () => {
    const entry = `  - since: ${after(0)}\n    until: ${after(50)}\n    server:\n      transfer: 10.128.0.9\n      ports:\n        - 25\n        - 26\n`;
    expect(write(`stage: 2\nkept:\n${entry}${line(3)}`, { drop: [server] })).toBe(
      `stage: 2\nkept:\n${line(3)}`,
    );
  });

  test('the time of settling stands behind the stage; the next edge replaces it, and it goes with its line', () => {
    const time = (n: number) => ({ since: after(n), until: after(n + 30) });
    const entry = (n: number) => `settling: { since: ${time(n).since}, until: ${time(n).until} }`;
    const begun = write(file, { stage: 4, settling: time(0) });
    expect(begun).toBe(file.replace('stage: 3   # since March\n', `stage: 4   # since March\n${entry(0)}\n`));
    const again = write(begun.replace(entry(0), `${entry(0)} # mind`), { stage: 4, settling: time(9) });
    expect(again).toBe(begun.replace(entry(0), `${entry(9)} # mind`));
    expect(write(begun, { settling: null })).toBe(file.replace('stage: 3', 'stage: 4'));
    expect(write(file, { settling: null })).toBe(file);
    const block = `stage: 4\nsettling:\n  since: ${after(0)}\n  until: ${after(30)} # soon\n# end\n`;
    expect(write(block, { settling: null })).toBe('stage: 4\n# end\n');
    expect(parse(write(block, { settling: time(9) }))).toEqual({ stage: 4, settling: time(9) });
    expect(parse(write(begun, { stage: 3, add: [kept(4)] }))).toMatchObject({ stage: 3, kept: [kept(4)] });
  });

  test('a domain that goes with its municipality is written at its own stage', () => {
    const text =
      'stage: 3\ndomains:\n  - name: a.example\n    stage: 0\n  - { name: b.example, stage: 3 } # new\nx: 3\n';
    expect(write(text, { stage: 4, carries: ['b.example'] })).toBe(
      text.replace(/^stage: 3/, 'stage: 4').replace('stage: 3 }', 'stage: 4 }'),
    );
  });

  test('a comment on a list that gets empty stays', () => {
    const text = `kept: # because of mail\n  # more\n${line(4)}stage: 3\n`;
    expect(write(text, { drop: [kept(4)] })).toBe('kept: [] # because of mail\n  # more\nstage: 3\n');
  });
});

describe('however the file was written', () => {
  test.each([
    ['kept: []\nstage: 3\n', `kept:\n${line(4)}stage: 3\n`],
    ['kept:   # none\nstage: 3', `kept:   # none\n${line(4)}stage: 3`],
    ['kept:\n  null # none\nstage: 3\n', `kept: # none\n${line(4)}stage: 3\n`],
    ['kept: ~\nstage: 3\n', `kept:\n${line(4)}stage: 3\n`],
    ['name: a\nstage: 3', `name: a\nstage: 3\nkept:\n${line(4).trimEnd()}`],
    ['name: a\r\nstage: 3\r\nx: 1\r\n', `name: a\r\nstage: 3\r\nkept:\r\n${line(4).trimEnd()}\r\nx: 1\r\n`],
    ['\uFEFFstage: 3\nx: 1\n', `\uFEFFstage: 3\nkept:\n${line(4)}x: 1\n`],
    ['"stage": 3\n', `"stage": 3\nkept:\n${line(4)}`],
  ])('%j', (text, written) => {
    expect(write(text, { stage: 3, add: [kept(4)] })).toBe(written);
  });

  test('a list in brackets stays one', () => {
    const text = `kept: [${line(3).slice(4).trimEnd()}]   # one\nstage: 2\n`;
    const both = write(text, { stage: 1, add: [kept(2)] });
    expect(both.split('\n')).toHaveLength(3);
    expect(write(both, { stage: 2, drop: [kept(2)] })).toBe(text);
    expect(write(text, { drop: [kept(3)] })).toBe('kept: []   # one\nstage: 2\n');
  });

  test('without anything to write it is not touched', () => {
    for (const text of [
      'stage: 3\n',
      'name: a\nstage: 3',
      'stage: 3\nkept: []\n',
      `kept:\n${line(3)}stage: 2`,
    ]) {
      expect(write(text, {})).toBe(text);
    }
  });

  test.each([
    'stage: [\n',
    'just text\n',
    '{ name: a, stage: 3 }\n',
    `stage: 2\nkept: [ # why\n  ${line(3).slice(4)}]\n`,
    '? kept\n: []\nstage: 2\n',
    '  name: a\n  stage: 3\n',
    'kept: { stage: 3 }\nstage: 2\n',
    'kept: three\nstage: 2\n',
    'name: without a stage\n',
    'stage:\nname: a\n',
  ])('what it cannot edit safely is refused: %j', (text) => {
    const result = writeStage(text, { stage: 1, drop: [kept(3)], add: [kept(2)] });
    expect(isRefusal(result) && result).toMatchObject({ rule: 'stage-file' });
  });
});

test('whatever else stands in the file, it stays byte for byte', () => {
  const comment = fc.constantFrom('', '', '# kept: no\n', '   # stage: 9\n', '\n', '\n\n');
  const other = (n: number) =>
    fc.constantFrom(
      `k${n}: 'quoted: # yes'\n`,
      `k${n}: "äöü"   # stage: 1\n`,
      `k${n}:\n  stage: 7\n  kept: [1, 2]\n`,
      `k${n}:\n  - a: 1\n\n  # inside\n  - b: 2\n`,
      `k${n}: |\n  stage: 0\n  kept:\n`,
      `k${n}: >-\n  folded\n\n  text\n`,
    );
  const listed = fc.constantFrom(
    '',
    `kept:\n${line(4)}`,
    `kept: # held\n  # first\n${line(4)}  # second\n  - server: { inside: 192.168.10.4, transfer: 10.128.0.9 }\n    since: ${after(0)}\n    until: ${after(50)}\n`,
  );
  const file = fc
    .tuple(
      other(1),
      comment,
      fc.constantFrom('stage: 3\n', 'stage:   3 # now\n'),
      comment,
      listed,
      comment,
      other(2),
      comment,
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(file, fc.boolean(), fc.boolean(), (lines, windows, dropping) => {
      const text = windows ? lines.replaceAll('\n', '\r\n') : lines;
      const edit = { stage: 2 as const, drop: dropping ? [kept(4)] : [], add: [kept(3)] };
      const written = write(text, edit);
      const rest = (t: string) =>
        t.split('\n').filter((one) => !/^stage:|^kept:|^ {2}- \{ stage: [34]/.test(one));
      expect(rest(written)).toEqual(rest(text));
      expect(written.includes('\r\n')).toBe(windows);
      const before = parse(text) as { kept?: unknown[] };
      const staying = (before.kept ?? []).filter(
        (entry) => !(dropping && (entry as Kept & { stage?: number }).stage === 4),
      );
      expect(parse(written)).toEqual({ ...before, stage: 2, kept: [...staying, kept(3)] });
      const again = write(written, { stage: 3, drop: [kept(3)] });
      if (!dropping) expect(again).toBe(text);
    }),
  );
});
