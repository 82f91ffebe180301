import fc from 'fast-check';
import { eicar, gtube, message, type MessageProps } from '../../lib/anbindung/message.js';
import { megabytes, needed, sizeClasses, sizeClassesOf } from '../../lib/anbindung/sizes.js';

const props: MessageProps = {
  from: 'anbindungstest@mx1.landesnetz.example',
  to: 'anbindungstest@musterstadt.example',
  id: 'anb-0123456789ab',
  host: 'mx1.landesnetz.example',
  date: new Date('2026-02-03T10:00:00Z'),
  subject: 'Größe',
};
const text = (more: Partial<MessageProps>): string =>
  Buffer.concat([...message({ ...props, ...more })]).toString('latin1');

test('a message has exactly the bytes that were asked for, and no line that SMTP would read as more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2000, max: 400_000 }), (bytes) => {
      const whole = text({ bytes });
      expect(whole).toHaveLength(bytes);
      expect(whole.endsWith('\r\n')).toBe(true);
      expect(whole).not.toMatch(/(^|\n)\.|[^\r]\n|[^\n\r -~]/);
      expect(Math.max(...whole.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
    }),
    { numRuns: 50 },
  );
});

test('the Message-ID begins with the id, so that every hop’s log has it', () => {
  expect(text({})).toContain('Message-ID: <anb-0123456789ab@mx1.landesnetz.example>');
});

test('umlauts are real, and ASCII on the wire', () => {
  const whole = text({});
  expect(whole).toContain('Subject: Anbindungstest: =?utf-8?Q?Gr=C3=B6=C3=9Fe?= anb-0123456789ab\r\n');
  expect(whole).toContain('charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n');
  expect(whole).toContain('\r\nSie kann gel=C3=B6scht werden.\r\n');
  const long = 'ä'.repeat(60);
  const body = text({ text: [long] }).split('\r\n\r\n')[1] ?? '';
  expect(Math.max(...body.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(76);
  expect(decodeURIComponent(body.replace(/=\r\n/g, '').trim().replaceAll('=', '%'))).toBe(long);
});

test('an attachment is what it was after decoding', () => {
  const whole = text({ attachment: { name: 'eicar.com', content: eicar() } });
  const body = /base64\r\n\r\n([^-]+)--/.exec(whole)?.[1] ?? '';
  expect(Buffer.from(body, 'base64')).toEqual(eicar());
  expect(eicar()).toHaveLength(68);
});

test('GTUBE stands in a line of its own', () => {
  expect(text({ text: [gtube] })).toContain(`\r\n${gtube}\r\n`);
  expect(gtube).toHaveLength(68);
});

test('the classes of a municipality, the smallest first, and what its server must take', () => {
  const classes = sizeClasses({ limits: { internalMb: 100, internetMb: 35 } });
  expect(classes.map((one) => [one.title, one.wire, needed(one)])).toEqual([
    ['Antragsdaten 13 MB', 17_799_478, 18_799_478],
    ['Internet 35 MB', 36_700_160, 37_700_160],
    ['intern 100 MB', 104_857_600, 105_857_600],
  ]);
  expect(megabytes(104_857_600)).toBe('104,9 MB');
});

test('by each listener come Antragsdaten and its own class, however small that was agreed', () => {
  const of = (internalMb: number, internetMb: number, listener: 'internal' | 'internet') =>
    sizeClassesOf({ limits: { internalMb, internetMb } }, listener).map(({ title }) => title);
  expect(of(100, 35, 'internal')).toEqual(['Antragsdaten 13 MB', 'intern 100 MB']);
  expect(of(100, 20, 'internet')).toEqual(['Antragsdaten 13 MB', 'Internet 20 MB']);
  expect(of(13, 13, 'internet')).toEqual(['Internet 13 MB', 'Antragsdaten 13 MB']);
});
