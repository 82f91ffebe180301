import { relayComplaints as complaintsOf } from '../../../lib/provider/targets/relay-settings.js';
import { settings, settingsBut } from './relay-answers.js';

const days = 86_400;
const relayComplaints = (lines: string[]): string[] => complaintsOf(lines, 5 * days);
const changed = (from: string, to?: string): string[] => relayComplaints(settingsBut(from, to));

test('the templates are as they must be', () => {
  expect(relayComplaints(settings())).toEqual([]);
});

describe('one setting that is otherwise gives one complaint: what it is, what it must be, and why', () => {
  test.each<[string, string | undefined, string]>([
    [
      'main smtpd_relay_restrictions = defer',
      'main smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination',
      'main.cf: smtpd_relay_restrictions is `permit_mynetworks, reject_unauth_destination`, it must be `defer`: a listener that says nothing accepts nothing',
    ],
    [
      'main parent_domain_matches_subdomains =',
      undefined,
      'main.cf: parent_domain_matches_subdomains is not set, it must be empty: a domain means this domain, not those below it',
    ],
    [
      'main transport_maps = lmdb:@MAPS@/transport',
      'main transport_maps = hash:/etc/postfix/transport',
      'main.cf: transport_maps is `hash:/etc/postfix/transport`, it must be `lmdb:@MAPS@/transport`: routes are written there',
    ],
    [
      'option 203.0.113.10:25/inet/message_size_limit = 36700160',
      'option 203.0.113.10:25/inet/message_size_limit = 10240000',
      'master.cf: 203.0.113.10:25/inet/message_size_limit is `10240000`, it must be `36700160`: 35 MB are the limit from the Internet',
    ],
    [
      'option @INTERNAL@:25/inet/message_size_limit = 104857600',
      undefined,
      'master.cf: @INTERNAL@:25/inet/message_size_limit is not set, it must be `104857600`: 100 MB are promised inside',
    ],
    [
      'option 127.0.0.1:10025/inet/message_size_limit = 37748736',
      'option 127.0.0.1:10025/inet/message_size_limit = 36700160',
      'master.cf: 127.0.0.1:10025/inet/message_size_limit is `36700160`, it must be `37748736`: 35 MB are the limit towards the Internet, and a mail of that size has grown by its Received header',
    ],
    [
      'main message_size_limit = 105906176',
      'main message_size_limit = 104857600',
      'main.cf: message_size_limit is `104857600`, it must be `105906176`: in the queue a mail is larger than at its listener, and what was taken must fit',
    ],
    [
      'option 203.0.113.10:25/inet/smtpd_recipient_restrictions = check_policy_service unix:private/sizes-internet, reject_unverified_recipient',
      'option 203.0.113.10:25/inet/smtpd_recipient_restrictions = check_policy_service unix:private/sizes-internet',
      'master.cf: 203.0.113.10:25/inet/smtpd_recipient_restrictions is `check_policy_service unix:private/sizes-internet`, it must be `check_policy_service unix:private/sizes-internet, reject_unverified_recipient`: a recipient who does not exist must be refused at once, or the relay sends backscatter',
    ],
    [
      'option @NDB@:25/inet/smtpd_end_of_data_restrictions = check_policy_service unix:private/sizes-internal',
      undefined,
      'master.cf: @NDB@:25/inet/smtpd_end_of_data_restrictions is not set, it must be `check_policy_service unix:private/sizes-internal`: a mail that is too large for a municipality must be refused, not bounced',
    ],
    [
      'option @CUSTOMERS@:25/inet/smtpd_recipient_restrictions = check_policy_service unix:private/sizes-internal',
      undefined,
      'master.cf: @CUSTOMERS@:25/inet/smtpd_recipient_restrictions is not set, it must be `check_policy_service unix:private/sizes-internal`: a mail that is too large for a municipality must be refused, not bounced',
    ],
    [
      'option settling/unix/smtp_delivery_status_filter = regexp:{{/^5(.*)/ 4$$1}}',
      undefined,
      'master.cf: settling/unix/smtp_delivery_status_filter is not set, it must be `regexp:{{/^5(.*)/ 4$$1}}`: for a time after an edge nothing may bounce',
    ],
    [
      'option 127.0.0.1:10025/inet/content_filter = outside:',
      undefined,
      'master.cf: 127.0.0.1:10025/inet/content_filter is not set, it must be `outside:`: what passed the limit leaves, and does not come round again',
    ],
    [
      'service settling unix - - n - 200 smtp',
      undefined,
      'master.cf: the service settling is not set, it must be `smtp` as in templates/relay/master.cf',
    ],
    [
      'service @NDB@:25 inet n - n - - smtpd',
      undefined,
      'master.cf: no smtpd has smtpd_relay_restrictions = check_recipient_access lmdb:@MAPS@/accept_ndb, defer, so nobody listens for ndb',
    ],
  ])('%s → %s', (from, to, complaint) => {
    expect(changed(from, to)).toEqual([complaint]);
  });
});

test('a listener of somebody’s own is none that defers what is not accepted', () => {
  const own = ['service 10.9.9.9:25 inet n - n - - smtpd'];
  expect(relayComplaints([...settings(), ...own])).toEqual([
    'master.cf: 10.9.9.9:25/inet/smtpd_relay_restrictions is not set, it must be one of those in templates/relay/master.cf: what is not accepted must be deferred, listener by listener',
  ]);
});

test('a listener that has for itself what is main.cf’s to say', () => {
  const line = 'option @INTERNAL@:25/inet/soft_bounce = yes';
  expect(relayComplaints([...settings(), line])).toEqual([
    'master.cf: @INTERNAL@:25/inet/soft_bounce is `yes`, it must be not set: templates/relay does not set it there',
  ]);
});

test('whatever main.cf of the templates sets is compared, or is a relay’s own business', () => {
  const names = settings().flatMap((line) => /^main (\S+) =/.exec(line)?.[1] ?? []);
  const free = names.filter(
    (name) =>
      relayComplaints(
        settings().map((line) => (line.startsWith(`main ${name} =`) ? `main ${name} = 0` : line)),
      ).length === 0,
  );
  expect(free).toMatchSnapshot();
});

test.each<[string, string]>([
  ['main always_bcc = a@x.example', 'main.cf: always_bcc is `a@x.example`'],
  ['main content_filter = discard:', 'main.cf: content_filter is `discard:`'],
  ['main header_checks = regexp:{{/x/ DISCARD}}', 'main.cf: header_checks is'],
  [
    'main virtual_alias_maps = hash:/etc/x',
    'main.cf: virtual_alias_maps is `hash:/etc/x`, it must be `inline:',
  ],
  [
    'main sender_dependent_default_transport_maps = hash:/x',
    'main.cf: sender_dependent_default_transport_maps',
  ],
  ['main smtpd_sender_restrictions = reject', 'main.cf: smtpd_sender_restrictions is `reject`'],
  ['main smtpd_helo_restrictions = reject', 'main.cf: smtpd_helo_restrictions is `reject`'],
  ['main unverified_recipient_defer_code = 550', 'main.cf: unverified_recipient_defer_code is `550`'],
  [
    'main maximal_queue_lifetime = 1h',
    'main.cf: maximal_queue_lifetime is `1h`, it must be 432000s: mail waits here as long as',
  ],
  ['main bounce_queue_lifetime = 0', 'main.cf: bounce_queue_lifetime is `0`, it must be 432000s'],
  ['main maximal_queue_lifetime = 30d', 'main.cf: maximal_queue_lifetime is `30d`, it must be 432000s'],
  ['main address_verify_poll_count = 100', 'main.cf: address_verify_poll_count is `100`, it must be `$'],
  ['main smtpd_recipient_limit = 1', 'main.cf: smtpd_recipient_limit is `1`, it must be not set'],
  ['main postmaster_mailbox = @POSTMASTER@', 'main.cf: postmaster_mailbox is `@POSTMASTER@`'],
  ['option @NDB@:25/inet/mynetworks = 10.0.0.0/8', 'master.cf: @NDB@:25/inet/mynetworks is `10.0.0.0/8`'],
  ['option cleanup/unix/always_bcc = a@x.example', 'master.cf: cleanup/unix/always_bcc is `a@x.example`'],
  ['option qmgr/unix/defer_transports = customer', 'master.cf: qmgr/unix/defer_transports is `customer`'],
  [
    'option @INTERNAL@:25/inet/mynetworks = 0.0.0.0/0',
    'master.cf: @INTERNAL@:25/inet/mynetworks holds `0.0.0.0/0`',
  ],
  [
    'option @INTERNAL@:25/inet/mynetworks = hash:/etc/x',
    'master.cf: @INTERNAL@:25/inet/mynetworks holds `hash:/etc/x`',
  ],
])('%s: what opens the relay, or discards, copies or refuses mail, is a complaint', (line, complaint) => {
  const complaints = relayComplaints([...settings(), line]);
  expect(complaints).toEqual([expect.stringContaining(complaint)]);
});

test('the relay’s own addresses are no tenants', () => {
  const line = 'option @INTERNAL@:25/inet/mynetworks = 10.64.0.0/24';
  expect(relayComplaints([...settings(), line])).toEqual([
    'master.cf: @INTERNAL@:25/inet/mynetworks holds `10.64.0.0/24` with the relay’s own 10.64.0.10, it must be servers of tenants: who stands there sends to anybody',
  ]);
});

test.each<[string, string, string]>([
  [
    'retry unix - - n - - error',
    'retry unix - - n - - discard',
    'the service retry is `discard`, it must be `error`',
  ],
  [
    'clientpolicy unix - n n - 0 spawn user=nobody argv=/usr/local/lib/mailversand/mailversand-policy @MAPS@/clients',
    'clientpolicy unix - n n - 0 spawn user=nobody argv=/bin/true',
    'clientpolicy/unix runs `user=nobody argv=/bin/true`',
  ],
  [
    'sizes-internet unix - n n - 0 spawn user=nobody argv=/usr/local/lib/mailversand/mailversand-sizes @MAPS@/sizes internet',
    'sizes-internet unix - n n - 0 spawn user=nobody argv=/usr/local/lib/mailversand/mailversand-sizes @MAPS@/sizes internal',
    'sizes-internet/unix runs `user=nobody argv=/usr/local/lib/mailversand/mailversand-sizes @MAPS@/sizes internal`',
  ],
])('a service that is another program: %s', (from, to, complaint) => {
  expect(changed(`service ${from}`, `service ${to}`)).toEqual([expect.stringContaining(complaint)]);
});

test('log and addresses are a relay’s own business, and so are times within bounds', () => {
  const own = ['main maillog_file = /var/log/mail.log', 'main smtp_connect_timeout = 5s'];
  expect(relayComplaints([...settings(), ...own, 'option smtp/unix/smtp_bind_address = 10.64.0.10'])).toEqual(
    [],
  );
});
