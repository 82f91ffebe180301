import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { questionEnd } from '../../../lib/anbindung/steps/answers.js';
import { testDigest } from '../../../lib/migration/test-digest.js';
import { load } from '../../../lib/rehearsal/journey.js';
import { until } from '../../../lib/rehearsal/services.js';
import { Desk, rehearsalNeeds, type Ran } from '../edges/desk.js';
import { describeReal } from '../requirements.js';
import { Customer } from './customer.js';
import { outgoingInjections } from './injections.js';

// Four stages are deployed first.
jest.setTimeout(300_000);

const id = 'musterstadt';
const mailbox = 'anbindungstest@musterstadt.example';

interface Report {
  recipients: { accepted: number; refused: number; undecided: number } | null;
  hints: { address: string }[];
  findings: { fault: string; seen: string }[];
  steps: { title: string; where: string; passed: boolean | null; seen: string }[];
}

describeReal('from stage 4 on the connection test', rehearsalNeeds, () => {
  let desk: Desk;
  let customer: Customer;

  beforeAll(async () => {
    desk = await Desk.open(id);
    customer = new Customer(desk.rehearsal, id);
    await desk.begin(id, 1, 2, 3, 4);
    await desk.rehearsal.municipalityOutgoing(id, 'relay');
  });
  afterAll(() => desk.close());

  const tested = async (...argv: string[]): Promise<Ran & Report> => {
    const ran = await desk.mailversand('anbindungstest', id, '--json', ...argv);
    const json = /^\{[^]*\}$/m.exec(ran.output)?.[0] ?? '{}';
    return { ...ran, ...(JSON.parse(json) as Report) };
  };

  const recorded = async (kind: string): Promise<string | undefined> =>
    (await readFile(desk.rehearsal.path('register', 'var/lib/mailversand-register/elements'), 'utf8'))
      .split('\n')
      .find((line) => line.startsWith(`tests ${id},${kind} `))
      ?.split(' ')[2];

  const loaded = () => load(id, desk.rehearsal.municipalitiesDir, desk.rehearsal.platformFile);

  /** A mail like the test's own question, to which the test mailbox answers. @returns the answer's file outside */
  async function answered(): Promise<string> {
    const correlation = `anb-${randomBytes(6).toString('hex')}${questionEnd(loaded())}`;
    const from = `anbindungstest+${correlation}@absender.example`;
    const mail = `From: <${from}>\nTo: <${mailbox}>\nSubject: Frage\n\nBitte antworten.\n`;
    await desk.rehearsal.must('tenant', ['/usr/sbin/sendmail', '-i', '-f', from, mailbox], mail);
    const folder = desk.rehearsal.path('internet', 'var/mail/all/new');
    const find = async (): Promise<string | undefined> => {
      for (const name of await readdir(folder)) {
        const text = await readFile(join(folder, name), 'latin1');
        if (text.includes(`\nTo: <${from}>`)) return join(folder, name);
      }
      return undefined;
    };
    return until(find, 30_000, () => Promise.resolve(`no answer to ${from} arrived outside`));
  }

  test('finds nothing where all is in order; mails at the limits pass every listener, and larger ones are refused there', async () => {
    const { exitCode, findings, steps } = await tested();
    expect([exitCode, findings]).toEqual([0, []]);
    const [before, above] = [
      /^Nachricht (intern|Internet) .* durch das Relay \(/,
      /^Nachricht über der Grenze/,
    ].map((title) => steps.filter((step) => title.test(step.title)));
    expect(before?.map(({ where }) => /Eingang (\w+)/.exec(where)?.[1])).toEqual([
      'intern',
      'NdB',
      'Internet',
    ]);
    expect(above?.map(({ passed, seen }) => [passed, /: (5\d\d [\d.]+)/.exec(seen)?.[1]])).toEqual(
      Array.from({ length: 6 }, () => [true, '552 5.3.4']),
    );
    expect(await recorded('anbindungstest')).toBeDefined();
    // What was sent outwards proves nothing before somebody has looked at what arrived.
    expect(await recorded('ausgehend')).toBeUndefined();
  });

  test('names a listener that does not accept and a way out that is closed once each, and waits for no answer', async () => {
    const map = 'lmdb:/var/lib/mailversand-relay/accept_internal';
    const opened = await customer.gatewayRules([
      'delete element ip mailversand allow { "c0" . 192.168.10.5 . 192.168.10.250 . tcp . 25 }',
    ]);
    const accepting = await customer.relay(
      `postmap -d musterstadt.example ${map}`,
      `echo musterstadt.example OK | postmap -i ${map}`,
    );
    const { findings, steps } = await tested();
    await accepting();
    await opened();
    expect(findings.map(({ fault }) => fault)).toEqual(['relay-not-accepting', 'outgoing-closed']);
    expect(steps.find(({ title }) => title === 'Antwort nach außen')?.passed).toBeNull();
  });

  test('names the server, and not the relay’s log behind it, where it takes no mail', async () => {
    const repair = await customer.ruleset('customer', 'type filter hook input priority 0; tcp dport 25 drop');
    const { findings } = await tested();
    await repair();
    expect(findings.map(({ fault }) => fault)).toEqual(['filter-drop']);
  });

  test.each(outgoingInjections.map((injection) => [injection.fault, injection.when, injection] as const))(
    'names %s when %s, by the answer that arrived outside',
    async (fault, _, injection) => {
      const repair = await injection.inject(customer);
      try {
        const { exitCode, findings } = await tested('--antwort', await answered());
        expect([exitCode, findings.map((finding) => finding.fault)]).toEqual([1, [fault]]);
      } finally {
        await repair();
      }
      expect(await recorded('ausgehend')).toBeUndefined();
    },
  );

  test('records the way out once the answer proves it, as of when it arrived', async () => {
    const file = await answered();
    const { exitCode, findings, steps } = await tested('--antwort', file);
    expect([exitCode, findings]).toEqual([0, []]);
    expect(steps.map(({ title, passed }) => [title, passed])).toEqual(
      ['Antwort im Postfach außen', 'DKIM', 'SPF', 'DMARC'].map((title) => [title, true]),
    );
    const { municipality, platform } = loaded();
    const [at = '', digest] = (await recorded('ausgehend'))?.split(',') ?? [];
    const arrived = /^Received: from mx1[^;]*; (.*)$/ms
      .exec(await readFile(file, 'latin1'))?.[1]
      ?.split('\n')[0];
    expect([Date.parse(at), digest]).toEqual([Date.parse(arrived ?? ''), testDigest(municipality, platform)]);
  });

  test('takes no file that is no answer', async () => {
    const file = join(desk.rehearsal.runDir, 'other.eml');
    await writeFile(file, 'From: <a@absender.example>\nTo: <b@musterstadt.example>\n\nNichts.\n');
    for (const path of [file, `${file}.fehlt`]) {
      const { exitCode, output } = await tested('--antwort', path);
      expect([exitCode, output]).toEqual([4, expect.stringContaining('no-answer')]);
    }
  });

  test('finds nothing where the municipality has smaller limits and the relay refuses above them; a relay that takes more is named', async () => {
    const before = await answered();
    await desk.edit(id, (text) => `${text}limits: { internalMb: 20, internetMb: 18 }\n`);
    await desk.apply(id);
    const late = await tested('--antwort', before);
    expect([late.exitCode, late.findings.map(({ fault }) => fault)]).toEqual([1, ['outgoing-outdated']]);
    const { findings, steps } = await tested();
    expect(findings).toEqual([]);
    const above = steps.flatMap(({ title }) => /über der Grenze \((\d+) Bytes/.exec(title)?.[1] ?? []);
    expect(above.map((bytes) => Number(bytes) - 1)).toEqual(
      [20, 20, 20, 20, 18, 18].map((mb) => mb * 1_048_576),
    );
    const map = 'lmdb:/var/lib/mailversand-relay/sizes';
    const repair = await customer.relay(
      `postmap -d musterstadt.example ${map}`,
      `echo musterstadt.example 20971520 18874368 | postmap -i ${map}`,
    );
    const without = await tested();
    await repair();
    expect(without.findings.map(({ fault }) => fault)).toEqual(['relay-limit', 'relay-limit', 'relay-limit']);
  });

  test('larger limits are tested at the server before the relay has them, and only then deployed', async () => {
    await desk.edit(id, (text) => text.replace('limits: { internalMb: 20, internetMb: 18 }\n', ''));
    const refused = await desk.mailversand('deploy', id, '--yes');
    expect([refused.exitCode, refused.output]).toEqual([3, expect.stringContaining('gate-limits-untested')]);
    const ahead = await tested();
    expect([ahead.exitCode, ahead.findings]).toEqual([0, []]);
    const later = ahead.steps.flatMap(({ title, seen }) =>
      seen.includes('neue Grenze') ? (/^Nachricht (\w+ \d+) MB/.exec(title)?.[1] ?? []) : [],
    );
    expect(later).toEqual(['intern 100', 'intern 100', 'Internet 35']);
    await desk.apply(id);
    expect((await tested()).steps.filter(({ seen }) => seen.includes('neue Grenze'))).toEqual([]);
  });

  describe('asked for a list of recipients, it', () => {
    const known = Array.from({ length: 30 }, (_, i) => `Amt.${i}@${id}.example`);
    const wrong = Array.from({ length: 12 }, (_, i) => `unbekannt-${i}@${id}.example`);

    test('has the relay learn whom the server knows, names who is refused, and records no address', async () => {
      const file = join(desk.rehearsal.runDir, 'empfaenger.txt');
      await writeFile(file, `\ufeff# Ämter\r\n\r\n${[...known, ...wrong, ...known].join('\r\n')}\r\n`);
      const { exitCode, findings, recipients, hints } = await tested('--empfaenger', file);
      expect([exitCode, findings]).toEqual([0, []]);
      expect(recipients).toEqual({ accepted: 30, refused: 12, undecided: 0 });
      expect(hints.map(({ address }) => address)).toEqual(wrong);
      const cache = await desk.rehearsal.must('relay', [
        'postmap',
        '-s',
        'lmdb:/var/lib/postfix/verify_cache',
      ]);
      expect(known.filter((address) => !cache.includes(`${address}\t0:`))).toEqual([]);
      const register = await readFile(
        desk.rehearsal.path('register', 'var/lib/mailversand-register/elements'),
        'utf8',
      );
      expect(register).not.toMatch(/amt\.|unbekannt-/i);
    });

    test('has mail to them taken at the first RCPT, without waiting, though the server be down', async () => {
      const repair = await customer.ruleset(
        'customer',
        'type filter hook input priority 0; tcp dport 25 drop',
      );
      const send = async (to: string): Promise<{ refusal: string; milliseconds: number }> => {
        const began = Date.now();
        const { stderr } = await desk.rehearsal.exec('internet', [
          ...['smtp-source', '-f', 'a@absender.example', '-t', to, 'inet:203.0.113.10:25'],
        ]);
        return { refusal: stderr, milliseconds: Date.now() - began };
      };
      const taken = await send(known[0] ?? '');
      const other = await send(known[0]?.toLowerCase() ?? '');
      await repair();
      expect(taken.refusal).toBe('');
      // The listener would ask no sooner again than after a second (address_verify_poll_delay).
      expect(taken.milliseconds).toBeLessThan(1000);
      // Only because it was asked about before, spelt like this.
      expect(other.refusal).toContain('450 4.1.1 ');
    });
  });
});
