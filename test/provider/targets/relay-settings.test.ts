import { readFileSync } from 'node:fs';
import { relayComplaints } from '../../../lib/provider/targets/relay-settings.js';

const template = (name: string): string =>
  readFileSync(new URL(`../../../templates/relay/${name}`, import.meta.url), 'utf8');

/** What `settings` answers for the templates themselves, worked out as postconf does. */
const settings = (): string[] => {
  const folded = (text: string): string[] =>
    text
      .replace(/^#.*\n/gm, '')
      .replace(/\n[ \t]+/g, ' ')
      .split('\n')
      .filter((line) => line.trim() !== '');
  const main = folded(template('main.cf')).map((line) => `main ${line}`);
  return [
    ...main,
    ...folded(template('master.cf')).flatMap((line) => {
      const [name = '', type = ''] = line.split(/\s+/);
      const options = [...line.matchAll(/-o (?:\{ (\w+) = (.*?) \}(?= -o|$)|(\w+)=(\S+))/g)];
      return [
        `service ${line.replace(/ -o .*/, '')}`,
        ...options.map(
          ([, long, value, short, word]) =>
            `option ${name}/${type}/${long ?? short ?? ''} = ${value ?? word ?? ''}`,
        ),
      ];
    }),
  ];
};

const changed = (from: string, to?: string): string[] => {
  const lines = settings().flatMap((line) => (line === from ? (to === undefined ? [] : [to]) : [line]));
  expect(lines).not.toEqual(settings());
  return relayComplaints(lines);
};

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
      'option @INTERNET@:25/inet/message_size_limit = 36700160',
      'option @INTERNET@:25/inet/message_size_limit = 10240000',
      'master.cf: @INTERNET@:25/inet/message_size_limit is `10240000`, it must be `36700160`: 35 MB are the limit towards and from the Internet',
    ],
    [
      'option @INTERNAL@:25/inet/message_size_limit = 104857600',
      undefined,
      'master.cf: @INTERNAL@:25/inet/message_size_limit is not set, it must be `104857600`: 100 MB are promised inside',
    ],
    [
      'main message_size_limit = 105906176',
      'main message_size_limit = 104857600',
      'main.cf: message_size_limit is `104857600`, it must be `105906176`: in the queue a mail is larger than at its listener, and what was taken must fit',
    ],
    [
      'option @INTERNET@:25/inet/smtpd_recipient_restrictions = reject_unverified_recipient',
      undefined,
      'master.cf: @INTERNET@:25/inet/smtpd_recipient_restrictions is not set, it must be `reject_unverified_recipient`: a recipient who does not exist must be refused at once, or the relay sends backscatter',
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
      'master.cf: the transport settling is missing; it must be an smtp as in templates/relay/master.cf',
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
    'master.cf: @INTERNAL@:25/inet/soft_bounce is `yes`, it must be not set: it is said in main.cf',
  ]);
});
