import { readRecipients } from '../../lib/anbindung/recipient-list.js';
import { formatProblems } from '../../lib/config/problem.js';

const domains = {
  asked: ['musterstadt.example', 'stadtwerke.example'],
  notYet: new Map([['neu.example', 2]]),
};
const read = (text: string | Uint8Array) =>
  readRecipients(typeof text === 'string' ? Buffer.from(text) : text, 'liste.txt', domains);
const two = ['post@musterstadt.example', 'amt@stadtwerke.example'];

test.each<[string, string | Uint8Array]>([
  ['lines', 'post@musterstadt.example\namt@stadtwerke.example\n'],
  ['the last line without an end', 'post@musterstadt.example\namt@stadtwerke.example'],
  ['CRLF and a byte order mark', '\ufeffpost@musterstadt.example\r\namt@stadtwerke.example\r\n'],
  ['the line ends of old Macs', 'post@musterstadt.example\ramt@stadtwerke.example\r'],
  [
    'comments, blanks and blank lines',
    '# Ämter\n\n  post@musterstadt.example \t\n \namt@stadtwerke.example # neu\n',
  ],
  [
    'duplicates, domains in capitals',
    'post@MUSTERSTADT.example\namt@stadtwerke.example\npost@musterstadt.example\n',
  ],
  [
    'UTF-16, as PowerShell writes it',
    Buffer.from('\ufeffpost@musterstadt.example\r\namt@stadtwerke.example\r\n', 'utf16le'),
  ],
])('addresses are read from %s', (_, text) => {
  expect(read(text)).toEqual({ recipients: two, problems: [] });
});

test('capitals before the @ stay: a server may tell them apart', () => {
  expect(read('Amt.1@musterstadt.example\namt.1@musterstadt.example').recipients).toHaveLength(2);
});

test('all errors at once, each with its place, its value, what is allowed and what to do', () => {
  const { problems } = read(
    [
      'post@musterstadt.example',
      '  Poststelle <post@musterstadt.example>',
      'müller@musterstadt.example',
      'post@mustrstadt.example',
      'jemand@fremd.example',
      'amt@neu.example',
      'kein-at',
      'a@b@musterstadt.example',
      `${'x'.repeat(65)}@musterstadt.example`,
      'a..b@musterstadt.example',
      'x%fremd.example@musterstadt.example',
      '"a b"@musterstadt.example',
      'a\u0000b@musterstadt.example',
    ].join('\n'),
  );
  expect(problems.map(({ line, column, rule }) => [line, column, rule])).toEqual([
    [2, 3, 'recipient-address'],
    [3, 1, 'recipient-address'],
    [4, 1, 'recipient-domain'],
    [5, 1, 'recipient-domain'],
    [6, 1, 'recipient-domain'],
    ...[7, 8, 9, 10, 11, 12, 13].map((line) => [line, 1, 'recipient-address']),
  ]);
  expect(formatProblems(problems.slice(0, 5))).toMatchSnapshot();
});

test.each(['', '\ufeff', '# nobody\r\n\r\n'])(
  'a list without an address (%j) asks nobody, so it is an error',
  (text) => {
    expect(read(text).problems).toEqual([
      expect.objectContaining({ line: 1, column: 1, found: 'no address', rule: 'recipient-list' }),
    ]);
  },
);

test('whatever bytes: each line is an address or a problem, and no address can end its command', () => {
  for (let seed = 0; seed < 300; seed += 1) {
    const bytes = Uint8Array.from({ length: 80 }, (_, i) => (seed * 7919 + i * i * 104_729) % 256);
    const text = Buffer.concat([bytes, Buffer.from('@musterstadt.example\r\n'), bytes]);
    for (const address of read(text).recipients) expect(address).toMatch(/^[!-~]+@musterstadt\.example$/);
  }
});
