import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describeReal } from '../requirements.js';
import { installFarEnd, removeFarEnd, type FarEnd } from './lab.js';

const large = 60_000_000;

describe.each([['dash'], ['busybox', 'sh']])('the policy service for sizes, under %s', (...shell) => {
  describeReal('asked as Postfix asks', { programs: ['postmap', ...shell.slice(0, 1)] }, () => {
    let farEnd: FarEnd;
    const map = (): string => join(farEnd.folder, 'sizes');
    beforeAll(() => {
      farEnd = installFarEnd();
      execFileSync('postmap', ['-i', `lmdb:${map()}`], {
        input: [
          'klein.example 52428800 26214400',
          'innen.example 50000000 -',
          'aussen.example - 26214400',
          'hand.example viel -',
          'kurz.example 52428800',
          'lang.example 52428800 26214400 13631488',
          'leer.example  26214400',
          '',
        ].join('\n'),
      });
    });
    afterAll(() => removeFarEnd(farEnd));

    /** @returns the actions, one for each request */
    function asked(requests: Record<string, string | number>[], from = 'internal', path = map()): string[] {
      const [program = '', ...args] = [...shell, join(farEnd.programs, 'mailversand-sizes'), path, from];
      const lines = requests.map((request) =>
        Object.entries({ request: 'smtpd_access_policy', instance: 'one', size: 0, ...request })
          .map(([name, value]) => `${name}=${value}\n`)
          .join(''),
      );
      const said = execFileSync(program, args, { input: `${lines.join('\n')}\n`, encoding: 'utf8' });
      return said
        .split('\n\n')
        .slice(0, -1)
        .map((action) => action.replace('action=', ''));
    }
    const recipient = (address: string, size = 0, instance = 'one') => ({
      protocol_state: 'RCPT',
      recipient: address,
      size,
      instance,
    });
    const end = (count: number, size = large, address = '', instance = 'one') => ({
      protocol_state: 'END-OF-MESSAGE',
      recipient: address,
      recipient_count: count,
      size,
      instance,
    });
    const code = (actions: string[]): string[] => actions.map((action) => action.slice(0, 3));
    const tooLarge = (domain: string, limit: number): string =>
      `552 5.3.4 Message is too large: ${domain} takes ${limit} bytes at most`;

    test('each class has its limit, to the byte', () => {
      const at = (size: number) => [recipient('a@klein.example', size)];
      expect(asked(at(52_428_800))).toEqual(['DUNNO']);
      expect(asked(at(52_428_801))).toEqual([tooLarge('klein.example', 52_428_800)]);
      expect(asked(at(26_214_400), 'internet')).toEqual(['DUNNO']);
      expect(asked(at(26_214_401), 'internet')).toEqual([tooLarge('klein.example', 26_214_400)]);
    });

    test('who has none for a class has the listener’s', () => {
      const of = (domain: string) => [recipient(`a@${domain}`, large)];
      expect(code(asked(of('innen.example')))).toEqual(['552']);
      expect(asked(of('innen.example'), 'internet')).toEqual(['DUNNO']);
      expect(asked(of('aussen.example'))).toEqual(['DUNNO']);
      expect(asked(of('anderswo.example'))).toEqual(['DUNNO']);
      // A domain means this domain, not those below it, and a mailbox that is called like one is none.
      expect(asked(of('x.klein.example'))).toEqual(['DUNNO']);
      expect(asked([recipient('klein.example@archiv.example', large)])).toEqual(['DUNNO']);
    });

    test('of several recipients the smallest limit counts at the end, of those that were not refused', () => {
      const both = [recipient('a@klein.example'), recipient('b@innen.example'), recipient('c@x.example')];
      expect(asked([...both, end(3)])).toEqual([
        'DUNNO',
        'DUNNO',
        'DUNNO',
        tooLarge('innen.example', 50_000_000),
      ]);
      const announced = [recipient('a@klein.example', large), recipient('c@x.example', large)];
      expect(code(asked([...announced, end(1, large, 'c@x.example')]))).toEqual(['552', 'DUN', 'DUN']);
    });

    test('recipients of one mail are not those of the next, and who are not known is not guessed', () => {
      const first = [recipient('a@klein.example'), recipient('b@klein.example')];
      const second = [recipient('c@x.example', 0, 'two'), recipient('d@x.example', 0, 'two')];
      expect(code(asked([...first, ...second, end(2, large, '', 'two')])).at(-1)).toBe('DUN');
      expect(asked([end(2)])).toEqual(['451 4.3.0 The recipients are not known any more']);
      expect(code(asked([...first, end(3)])).at(-1)).toBe('451');
      expect(code(asked([end(1, large, 'a@klein.example')]))).toEqual(['552']);
    });

    test('up to 13 MB nothing is looked up; what cannot be is never taken', () => {
      const away = '/nowhere/sizes';
      const mail = (size: number) => [recipient('a@klein.example', size), end(1, size, 'a@klein.example')];
      expect(asked(mail(13_631_488), 'internal', away)).toEqual(['DUNNO', 'DUNNO']);
      expect(code(asked(mail(13_631_489), 'internal', away))).toEqual(['451', '451']);
      const byHand = ['hand.example', 'kurz.example', 'lang.example', 'leer.example'];
      const answers = byHand.map((domain) => asked([recipient(`a@${domain}`, large)], 'internet')[0]);
      expect(answers.map((answer) => answer?.slice(0, 3))).toEqual(['DUN', '451', '451', '451']);
      expect(code(asked([recipient('a@hand.example', large)]))).toEqual(['451']);
    });

    test('no character of an address reaches a program as anything but a domain', () => {
      const evil = ['$(id)', '`id`', ';id', '*', '\\', "'", '"', '-q', 'ü', 'a b', '', '%', '../x'];
      const requests = evil.flatMap((text) => [
        recipient(text, large),
        recipient(`a@${text}`, large),
        recipient(`${text}@klein.example`, large),
      ]);
      const actions = code(asked(requests));
      expect(actions).toEqual(evil.flatMap(() => ['DUN', 'DUN', '552']));
    });

    test('other states are none of its business', () => {
      expect(asked([{ protocol_state: 'DATA', recipient: 'a@klein.example', size: large }])).toEqual([
        'DUNNO',
      ]);
    });
  });
});
