import { messageOf } from '../../../lib/rehearsal/load/message.js';

describe('a mail of the load', () => {
  const mail = (size: number): Buffer =>
    Buffer.concat([...messageOf('load-1@a.example', 'load-1@b.example', size)]);

  test.each([2000, 100_000, 1_000_003])('of %i bytes has less than a line fewer', (size) => {
    expect(mail(size).length).toBeLessThanOrEqual(size);
    expect(mail(size).length).toBeGreaterThan(size - 78);
  });

  test('has lines that every server takes, ended by CRLF, none beginning with a dot', () => {
    const lines = mail(100_000).toString().split('\r\n');
    expect(lines.pop()).toBe('');
    expect(lines.filter((line) => line.includes('\n') || line.length > 76 || line.startsWith('.'))).toEqual(
      [],
    );
    expect(lines.slice(0, 2)).toEqual(['From: <load-1@a.example>', 'To: <load-1@b.example>']);
  });
});
