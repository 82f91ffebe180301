import { extensions } from '../../lib/smtp/extensions.js';

test('what a server offers', () => {
  expect(extensions(['mail.example', 'PIPELINING', 'size 120000000', 'StartTLS'])).toEqual({
    startTls: true,
    pipelining: true,
    size: 120_000_000,
    overwritten: false,
  });
});

test('SIZE without a number names no limit, no SIZE offers none', () => {
  expect(extensions(['mail.example', 'SIZE']).size).toBe(0);
  expect(extensions(['mail.example', 'SIZE x']).size).toBe(0);
  expect(extensions(['mail.example']).size).toBeUndefined();
});

test.each(['XXXXXXXA', 'XXXX', '********'])('%s was a keyword before something wrote over it', (word) => {
  expect(extensions(['mail.example', word])).toMatchObject({ startTls: false, overwritten: true });
});

test.each(['XCLIENT NAME ADDR', 'XFORWARD', 'X-EXPS NTLM', 'XRDST'])(
  '%s is a keyword of a server',
  (word) => {
    expect(extensions(['mail.example', word]).overwritten).toBe(false);
  },
);

test('the server’s name is no keyword', () => {
  expect(extensions(['STARTTLS']).startTls).toBe(false);
});
