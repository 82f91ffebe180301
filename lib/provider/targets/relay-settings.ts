/** One thing that a relay's Postfix must be set to, or it may lose mail however carefully its maps are written. */
interface Requirement {
  /** As `postconf -n` says it; undefined: Postfix's default. */
  must: string | undefined;
  why: string;
}

const acceptance = 'what is not accepted must be deferred, listener by listener';
const named = 'by this name the log tells whether anybody still sends there';
const internetLimit = '36700160';
const inside: Requirement = { must: '104857600', why: '100 MB are promised inside' };
const filter = 'smtp_delivery_status_filter';

/** Of main.cf, as templates/relay/main.cf has them. Everything else is the relay's own business. */
const main: Readonly<Record<string, Requirement>> = {
  smtpd_relay_restrictions: { must: 'defer', why: 'a listener that says nothing accepts nothing' },
  smtpd_recipient_restrictions: { must: '', why: acceptance },
  smtpd_reject_unlisted_recipient: { must: 'no', why: acceptance },
  smtpd_policy_service_default_action: {
    must: '451 4.3.5 Policy service is not available',
    why: 'a policy service that fails must cost no mail',
  },
  parent_domain_matches_subdomains: { must: '', why: 'a domain means this domain, not those below it' },
  mydestination: { must: '', why: 'nothing is delivered on the relay' },
  transport_maps: { must: 'lmdb:@MAPS@/transport', why: 'routes are written there' },
  fast_flush_domains: {
    must: 'lmdb:@MAPS@/transport',
    why: 'the queue of a domain is flushed after an edge',
  },
  smtp_tls_policy_maps: {
    must: 'lmdb:@MAPS@/tls_policy',
    why: 'the encryption agreed with a municipality is written there',
  },
  default_transport: {
    must: 'outward:[127.0.0.1]:10025',
    why: 'mail for the Internet passes the listener that has its size limit',
  },
  message_size_limit: {
    must: '105906176',
    why: 'in the queue a mail is larger than at its listener, and what was taken must fit',
  },
  soft_bounce: { must: undefined, why: 'only the transport `settling` keeps what is refused' },
  [filter]: { must: undefined, why: 'only the transport `settling` keeps what is refused' },
  unverified_recipient_reject_code: {
    must: '550',
    why: 'a recipient who does not exist must be refused, or senders wait for days',
  },
  unverified_recipient_tempfail_action: {
    must: 'defer',
    why: 'an unreachable server says nothing about its recipients',
  },
};

/** The listeners of templates/relay/master.cf, known by whom they accept; options that are not named are those of main.cf. */
const listeners: Readonly<Record<string, { restrictions: string; options: Record<string, Requirement> }>> = {
  internet: {
    restrictions: 'check_recipient_access lmdb:@MAPS@/accept_internet, defer',
    options: {
      message_size_limit: { must: internetLimit, why: '35 MB are the limit towards and from the Internet' },
      smtpd_recipient_restrictions: {
        must: 'reject_unverified_recipient',
        why: 'a recipient who does not exist must be refused at once, or the relay sends backscatter',
      },
    },
  },
  ndb: {
    restrictions: 'check_recipient_access lmdb:@MAPS@/accept_ndb, defer',
    options: { message_size_limit: inside, syslog_name: { must: 'postfix/ndb', why: named } },
  },
  internal: {
    restrictions: 'permit_mynetworks, check_recipient_access lmdb:@MAPS@/accept_internal, defer',
    options: { message_size_limit: inside, syslog_name: { must: 'postfix/internal', why: named } },
  },
  customers: {
    restrictions: 'check_policy_service unix:private/clientpolicy, defer',
    options: { message_size_limit: inside },
  },
  outward: {
    restrictions: 'permit_mynetworks, defer',
    options: {
      message_size_limit: { must: internetLimit, why: '35 MB are the limit towards and from the Internet' },
      content_filter: {
        must: 'outside:',
        why: 'what passed the limit leaves, and does not come round again',
      },
    },
  },
};

/** What every listener takes from main.cf, unless it is said above. */
const perListener = ['smtpd_recipient_restrictions', 'soft_bounce'] as const;

/** Of every 5xx it makes a 4xx; `soft_bounce` would not for the question whether a recipient exists. */
const nothingBounces = 'regexp:{{/^5(.*)/ 4$$1}}';

/** What each transport of templates/relay/master.cf makes of a refusal. */
const transports: Readonly<Record<string, Requirement>> = {
  customer: { must: undefined, why: 'what a settled municipality refuses must bounce' },
  settling: { must: nothingBounces, why: 'for a time after an edge nothing may bounce' },
  outward: { must: undefined, why: 'a mail that is too large must bounce' },
  outside: { must: undefined, why: 'what the Internet refuses must bounce' },
};

/**
 * What is wrong with a relay's settings, one line each: the setting, what it is, what it must be, and why.
 * @param lines answer to `settings` (templates/relay/mailversand-relay)
 */
export function relayComplaints(lines: readonly string[]): string[] {
  const mainValues = assignments(lines, 'main ');
  const options = assignments(lines, 'option ');
  const services = lines
    .filter((line) => line.startsWith('service '))
    .map((line) => line.slice('service '.length).split(/\s+/))
    .map(([name = '', type = '', ...rest]) => ({ id: `${name}/${type}`, type, command: rest[5] }));
  const option = (id: string, name: string): string | undefined => options.get(`${id}/${name}`);

  const smtpd = services.filter(({ type, command }) => type === 'inet' && command === 'smtpd');
  const kinds = smtpd.map(({ id }) => {
    const restrictions = option(id, 'smtpd_relay_restrictions');
    const kind = Object.keys(listeners).find((name) => listeners[name]?.restrictions === restrictions);
    return { id, kind, restrictions };
  });
  return [
    ...Object.entries(main).flatMap(([name, { must, why }]) =>
      complaint(`main.cf: ${name}`, mainValues.get(name), must, why),
    ),
    ...kinds.flatMap(({ id, kind, restrictions }) =>
      kind === undefined
        ? [
            `master.cf: ${id}/smtpd_relay_restrictions is ${shown(restrictions)}, it must be one of those in templates/relay/master.cf: ${acceptance}`,
          ]
        : perListenerOptions(kind).flatMap(([name, { must, why }]) =>
            complaint(`master.cf: ${id}/${name}`, option(id, name), must, why),
          ),
    ),
    ...Object.entries(listeners)
      .filter(([name]) => !kinds.some(({ kind }) => kind === name))
      .map(
        ([name, { restrictions }]) =>
          `master.cf: no smtpd has smtpd_relay_restrictions = ${restrictions}, so nobody listens for ${name}`,
      ),
    ...Object.entries(transports).flatMap(([name, { must, why }]) => {
      const id = `${name}/unix`;
      return services.some((service) => service.id === id && service.command === 'smtp')
        ? complaint(`master.cf: ${id}/${filter}`, option(id, filter), must, why)
        : [`master.cf: the transport ${name} is missing; it must be an smtp as in templates/relay/master.cf`];
    }),
  ];
}

const perListenerOptions = (kind: string): [string, Requirement][] => {
  const own = listeners[kind]?.options ?? {};
  const inherited = perListener
    .filter((name) => own[name] === undefined)
    .map((name): [string, Requirement] => [name, { must: undefined, why: 'it is said in main.cf' }]);
  return [...Object.entries(own), ...inherited];
};

const complaint = (
  setting: string,
  is: string | undefined,
  must: string | undefined,
  why: string,
): string[] => (is === must ? [] : [`${setting} is ${shown(is)}, it must be ${shown(must)}: ${why}`]);

const shown = (value: string | undefined): string =>
  value === undefined ? 'not set' : value === '' ? 'empty' : `\`${value}\``;

const assignments = (lines: readonly string[], prefix: string): Map<string, string> =>
  new Map(
    lines
      .filter((line) => line.startsWith(prefix))
      .map((line) => /^(\S+) =\s*(.*)$/.exec(line.slice(prefix.length)))
      .flatMap((match) => (match ? [[match[1] ?? '', (match[2] ?? '').trim()] as const] : [])),
  );
