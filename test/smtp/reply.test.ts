import fc from 'fast-check';
import { isOk, isPermanent, ReplyReader, replyText } from '../../lib/smtp/reply.js';

const taken = (...pieces: string[]) => {
  const reader = new ReplyReader();
  return pieces.flatMap((piece) => reader.take(piece));
};

test('an answer is complete with its last line, however its bytes come', () => {
  const text = '250-mail.musterstadt.example\r\n250-SIZE 1000\r\n250 DSN\r\n220 next\r\n';
  const whole = taken(text);
  expect(whole).toEqual([
    { code: 250, lines: ['mail.musterstadt.example', 'SIZE 1000', 'DSN'] },
    { code: 220, lines: ['next'] },
  ]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: text.length }), (at) => {
      expect(taken(text.slice(0, at), text.slice(at))).toEqual(whole);
    }),
  );
});

test('an answer without a text, and one without a carriage return', () => {
  expect(taken('250\r\n', '354 go\n')).toEqual([
    { code: 250, lines: [''] },
    { code: 354, lines: ['go'] },
  ]);
});

test.each(['HTTP/1.1 400 Bad Request', 'SSH-2.0-x', '25', '199 no', '600 no', '250_no'])(
  '%j is no answer',
  (line) => {
    expect(taken(`${line}\r\n`)).toEqual([{ notSmtp: line }]);
  },
);

test('nothing that a server says reaches a report as more than one line of printable ASCII', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (words) => {
      for (const found of taken(`550 ${words}\n`)) {
        expect('notSmtp' in found ? found.notSmtp : replyText(found)).toMatch(/^[ -~]{0,600}$/);
      }
    }),
  );
});

test('codes say whether to go on, to come back or to give up', () => {
  const answer = (code: number) => ({ code, lines: [] });
  expect([250, 354, 450, 550].map((code) => isOk(answer(code)))).toEqual([true, true, false, false]);
  const comesBack = (code: number) => !isOk(answer(code)) && !isPermanent(answer(code));
  expect([399, 400, 499, 500].map(comesBack)).toEqual([false, true, true, false]);
  expect([499, 500].map((code) => isPermanent(answer(code)))).toEqual([false, true]);
});
