import { boundsFor } from '../../../lib/provider/targets/relay-bounds.js';
import { relayComplaints as complaintsOf } from '../../../lib/provider/targets/relay-settings.js';
import { layOut } from '../../../lib/rehearsal/layout.js';
import { relayFiles } from '../../../lib/rehearsal/postfix.js';
import { platform } from '../../rehearsal/examples.js';
import { settings, settingsBut } from './relay-answers.js';

const days = 86_400;
const relayComplaints = (lines: string[]): string[] => complaintsOf(lines, 5 * days);

const soon = 'a wrong 5xx of a municipality’s server is forgotten soon after it is healed';
const fair = 'mail of all does not wait for that of one';
const hourly = 'waiting mail is tried again within about an hour, and a server in trouble is not overrun';

describe('what the templates say', () => {
  test.each<[string, string | undefined, string]>([
    [
      'main address_verify_negative_expire_time = 10m',
      undefined,
      `main.cf: address_verify_negative_expire_time is not set, which means \`3d\`, it must be at least 1m and at most 10m: ${soon}`,
    ],
    [
      'main address_verify_negative_refresh_time = 2m',
      undefined,
      `main.cf: address_verify_negative_refresh_time is not set, which means \`3h\`, it must be at least 1m and at most 10m: ${soon}`,
    ],
    [
      // Without a unit it is that of Postfix's own value: days.
      'main address_verify_negative_expire_time = 10m',
      'main address_verify_negative_expire_time = 10',
      `main.cf: address_verify_negative_expire_time is \`10\`, it must be at least 1m and at most 10m: ${soon}`,
    ],
    [
      'main delay_warning_time = 4h',
      undefined,
      'main.cf: delay_warning_time is not set, which means `0h`, it must be at least 1h and at most 1d: a sender learns that his mail waits while he can still do something about it',
    ],
    [
      'main maximal_backoff_time = 3600s',
      'main maximal_backoff_time = 4d',
      `main.cf: maximal_backoff_time is \`4d\`, it must be at least 15m and at most 4000s: ${hourly}`,
    ],
    [
      'main queue_run_delay = 300s',
      'main queue_run_delay = 1d',
      `main.cf: queue_run_delay is \`1d\`, it must be at least 1m and at most 5m: ${hourly}`,
    ],
    [
      'main minimal_backoff_time = 300s',
      'main minimal_backoff_time = 5s',
      `main.cf: minimal_backoff_time is \`5s\`, it must be at least 1m and at most 15m: ${hourly}`,
    ],
    [
      // What it stands for nobody has looked up.
      'main minimal_backoff_time = 300s',
      'main minimal_backoff_time = $queue_run_delay',
      `main.cf: minimal_backoff_time is \`$queue_run_delay\`, it must be at least 1m and at most 15m: ${hourly}`,
    ],
    [
      'main customer_destination_concurrency_limit = 10',
      'main customer_destination_concurrency_limit = 10s',
      'main.cf: customer_destination_concurrency_limit is `10s`, it must be at least 2 and at most 20: one large mail stops no other, and more connections than that are not tested',
    ],
    [
      'main settling_initial_destination_concurrency = 2',
      'main settling_initial_destination_concurrency = 20',
      'main.cf: settling_initial_destination_concurrency is `20`, it must be at least 1 and at most 5: a dead server takes few connections from the others',
    ],
    [
      'option customer/unix/smtp_connect_timeout = 10s',
      'option customer/unix/smtp_connect_timeout = 10m',
      'master.cf: customer/unix/smtp_connect_timeout is `10m`, it must be at least 5s and at most 30s: a slow server is reached, and a dead one given up',
    ],
    [
      'service customer unix - - n - 200 smtp',
      'service customer unix - - n - 1 smtp',
      `master.cf: customer/unix with its number of processes is \`1\`, it must be at least 100: ${fair}`,
    ],
    [
      'service silent unix n - n - 0 cleanup',
      'service silent unix n - n - 1 cleanup',
      `master.cf: silent/unix with its number of processes is \`1\`, it must be at least 100: ${fair}`,
    ],
  ])('%s → %s', (from, to, complaint) => {
    expect(relayComplaints(settingsBut(from, to))).toEqual([complaint]);
  });
});

test.each<[string, string]>([
  [
    'main queue_minfree = 900000000000',
    'main.cf: queue_minfree is `900000000000`, it must be at least 0 and at most 10000000000: while less of the disk is free all mail is deferred',
  ],
  [
    'main default_process_limit = 2',
    `main.cf: default_process_limit is \`2\`, it must be at least 100: ${fair}`,
  ],
  [
    'option qmgr/unix/maximal_backoff_time = 4d',
    `master.cf: qmgr/unix/maximal_backoff_time is \`4d\`, it must be at least 15m and at most 4000s: ${hourly}`,
  ],
])('what the templates do not say: %s', (line, complaint) => {
  expect(relayComplaints([...settings(), line])).toEqual([complaint]);
});

test('what is within the bounds is a relay’s own business', () => {
  const lines = settings().map((line) => line.replace(/^(service customer .*) 200 smtp$/, '$1 - smtp'));
  expect(
    relayComplaints([...lines, 'main queue_minfree = 1000000000', 'main smtp_helo_timeout = 2m']),
  ).toEqual([]);
});

test('what Postfix takes where nothing is set is not refused for its own sake, but for what it does here', () => {
  const refused = [...boundsFor(5 * days).keys()].filter(
    (name) => relayComplaints(settings().filter((line) => !line.startsWith(`main ${name} =`))).length > 0,
  );
  expect(refused).toEqual([
    'delay_warning_time',
    'address_verify_negative_expire_time',
    'address_verify_negative_refresh_time',
  ]);
});

describe('the rehearsal’s relay', () => {
  const lines = async (): Promise<string[]> => {
    const files = await relayFiles(platform, layOut(platform, []));
    const [main = '', master = ''] = files.map(({ content }) =>
      content.replaceAll('/var/lib/mailversand-relay/', '@MAPS@/'),
    );
    return settings(main, master);
  };

  test('may be as it is, because its platform file says that nobody waits for long', async () => {
    expect(complaintsOf(await lines(), platform.senderQueueLifetime)).toEqual([]);
    expect(complaintsOf(await lines(), 1 * days - 1)).toEqual([]);
  });

  test('must not be one of a data centre: each of its short times is refused', async () => {
    const [day, short] = [complaintsOf(await lines(), 1 * days), relayComplaints(await lines())];
    expect(short.map((line) => line.replace(/, it must.*/, ''))).toEqual([
      'main.cf: queue_run_delay is `5s`',
      'main.cf: minimal_backoff_time is `5s`',
      'main.cf: maximal_backoff_time is `10s`',
      'main.cf: address_verify_negative_refresh_time is `5s`',
      'main.cf: smtp_connect_timeout is `3s`',
    ]);
    // What is kept for senders is kept for a day there, and mail would wait for five.
    expect(day.slice(0, 2).map((line) => line.replace(/:[^:]*$/, ''))).toEqual([
      'main.cf: maximal_queue_lifetime is `5d`, it must be 86400s',
      'main.cf: bounce_queue_lifetime is `5d`, it must be 86400s',
    ]);
    expect(day.slice(2)).toEqual(short);
  });

  test('may not wait for what it holds up, nor give up at once', async () => {
    for (const [name, value] of [
      ['maximal_backoff_time', '4d'],
      ['queue_run_delay', '0'],
      ['maximal_queue_lifetime', '1s'],
    ] as const) {
      const told = (await lines()).map((line) =>
        line.startsWith(`main ${name} =`) ? `main ${name} = ${value}` : line,
      );
      expect(complaintsOf(told, 5)).toEqual([expect.stringContaining(`main.cf: ${name} is \`${value}\``)]);
    }
  });
});
