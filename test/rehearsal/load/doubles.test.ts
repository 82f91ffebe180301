import { explainDouble } from '../../../lib/rehearsal/load/doubles.js';
import { Ledger } from '../../../lib/rehearsal/load/ledger.js';

const mail = new Ledger('load-1').open(
  { path: 'tenant → municipality', large: false, edge: 0, moment: 'edge' },
  0,
);
const at = 'Nov 24 08:00:00 relay';
const active = `${at} postfix/qmgr[9]: 4AB: from=<load-1-0@landesamt.example>, size=2000, nrcpt=1 (queue active)`;
const started = `${at} postfix/master[7]: daemon started -- version 3.7.11`;
const to = (status: string): string =>
  `${at} postfix/customer/smtp[8]: 4AB: to=<load-1-0@musterstadt.example>, relay=x, status=${status}`;
const explain = (...lines: string[]) => explainDouble(mail, new Map([['relay', lines]]));

describe('why a mail came twice', () => {
  test('its sender says that the connection was cut after DATA', () => {
    const cut = to(
      'deferred (lost connection while sending end of data -- message may be sent more than once)',
    );
    expect(explain(active, cut, active, to('sent (250 2.0.0 Ok)'))).toBe(`relay: ${cut}`);
  });

  test('its sender was ended while it sent', () => {
    expect(explain(active, started, active, to('sent (250 2.0.0 Ok)'))).toBe(`relay: ${started}`);
  });

  test('the client handed it over twice', () => {
    expect(explainDouble({ ...mail, repeated: true }, new Map())).toMatch(/cut after DATA/);
  });

  test('otherwise nothing explains it', () => {
    const sent = to('sent (250 2.0.0 Ok)');
    expect(
      explain(active, sent, `${at} postfix/qmgr[9]: 4AB: removed`, started, active, sent),
    ).toBeUndefined();
    expect(
      explain(active, to('deferred (connect to x: Connection timed out)'), started, active),
    ).toBeUndefined();
    expect(explain(active, active)).toBeUndefined();
    expect(explain()).toBeUndefined();
  });
});
