/** One thing that a relay's Postfix must be set to, or it may lose mail however carefully its maps are written. */
export interface Requirement {
  /** As `postconf -n` or `-P` says it; undefined: not set there. */
  must: string | undefined;
  why: string;
}

type Requirements = Readonly<Record<string, Requirement>>;

export const acceptance = 'what is not accepted must be deferred, listener by listener';
const named = 'by this name the log tells whether anybody still sends there';
export const filter = 'smtp_delivery_status_filter';

const sizes = (from: 'internal' | 'internet'): string => `check_policy_service unix:private/sizes-${from}`;
const tooLarge = 'a mail that is too large for a municipality must be refused, not bounced';

/** The same reason for several settings. */
const because = (why: string, values: Readonly<Record<string, string | undefined>>): Requirements =>
  Object.fromEntries(Object.entries(values).map(([name, must]) => [name, { must, why }]));

/** A listener's options for mail from inside. */
const inside: Requirements = {
  message_size_limit: { must: '104857600', why: '100 MB are promised inside' },
  ...because(tooLarge, {
    smtpd_recipient_restrictions: sizes('internal'),
    smtpd_end_of_data_restrictions: sizes('internal'),
  }),
};

/** What templates/relay/main.cf sets and no relay may set otherwise. */
export const main: Requirements = {
  smtpd_relay_restrictions: { must: 'defer', why: 'a listener that says nothing accepts nothing' },
  ...because(acceptance, { smtpd_recipient_restrictions: '', smtpd_reject_unlisted_recipient: 'no' }),
  smtpd_policy_service_default_action: {
    must: '451 4.3.5 Policy service is not available',
    why: 'a policy service that fails must cost no mail',
  },
  ...because('a large mail that comes slowly must meet the service that has heard its recipients', {
    smtpd_policy_service_max_idle: '3000s',
    smtpd_policy_service_max_ttl: '3000s',
  }),
  parent_domain_matches_subdomains: { must: '', why: 'a domain means this domain, not those below it' },
  ...because('nothing is delivered on the relay', {
    mydestination: '',
    alias_maps: '',
    local_recipient_maps: '',
    local_transport: 'error:no local delivery',
    notify_classes: '',
    virtual_alias_domains: '',
  }),
  mynetworks: { must: '127.0.0.0/8', why: 'whom a listener trusts is said for that listener' },
  ...because('mail to <postmaster> goes to somebody who reads it', {
    myorigin: '$myhostname',
    virtual_alias_maps: 'inline:{{postmaster@$myorigin = $postmaster_mailbox}}',
  }),
  transport_maps: { must: 'lmdb:@MAPS@/transport', why: 'routes are written there' },
  fast_flush_domains: {
    must: 'lmdb:@MAPS@/transport',
    why: 'the queue of a domain is flushed after an edge',
  },
  smtp_tls_policy_maps: {
    must: 'lmdb:@MAPS@/tls_policy',
    why: 'the encryption agreed with a municipality is written there',
  },
  ...because('everybody else is encrypted to where he can be', {
    smtpd_tls_security_level: 'may',
    smtp_tls_security_level: 'may',
  }),
  default_transport: {
    must: 'outward:[127.0.0.1]:10025',
    why: 'mail for the Internet passes the listener that has its size limit',
  },
  hopcount_limit: { must: '50', why: 'a mail that goes round must end' },
  message_size_limit: {
    must: '105906176',
    why: 'in the queue a mail is larger than at its listener, and what was taken must fit',
  },
  soft_bounce: { must: undefined, why: 'only the transport `settling` keeps what is refused' },
  [filter]: { must: undefined, why: 'only the transport `settling` keeps what is refused' },
  ...because('the Internet listener asks the municipality’s server, and nobody gets a bounce for it', {
    address_verify_map: 'lmdb:$data_directory/verify_cache',
    address_verify_sender: '<>',
    unverified_recipient_defer_code: '450',
  }),
  address_verify_poll_count: {
    must: '${stress?{1}:{3}}',
    why: 'nobody waits long for the answer whether a recipient exists',
  },
  unverified_recipient_reject_code: {
    must: '550',
    why: 'a recipient who does not exist must be refused, or senders wait for days',
  },
  unverified_recipient_tempfail_action: {
    must: 'defer',
    why: 'an unreachable server says nothing about its recipients',
  },
  ...because('no second mail may be smuggled in a mail (CVE-2023-51764)', {
    smtpd_forbid_bare_newline: 'normalize',
    smtpd_forbid_bare_newline_exclusions: '',
    smtpd_forbid_unauth_pipelining: 'yes',
  }),
  smtputf8_enable: { must: 'no', why: 'what next hops cannot take must be refused, not bounced' },
  ...because('strangers neither flush queues nor try addresses', {
    smtpd_discard_ehlo_keywords: 'etrn, silent-discard',
    smtpd_etrn_restrictions: 'reject',
    disable_vrfy_command: 'yes',
    smtpd_helo_required: 'yes',
  }),
  ...because('a mail is passed on as it came, or its signature breaks', {
    local_header_rewrite_clients: '',
    disable_mime_output_conversion: 'yes',
    append_dot_mydomain: 'no',
  }),
  compatibility_level: { must: '3.6', why: 'the other settings are meant with these defaults' },
  inet_protocols: { must: 'ipv4', why: 'the gateway translates IPv4 only' },
};

/**
 * A relay's own business, in main.cf or for one service: nothing here decides what becomes of a mail. Its times and
 * limits have bounds (relay-bounds.ts).
 */
export const local: ReadonlySet<string> = new Set(
  [
    // Names, addresses, who reads what is sent to <postmaster>.
    'myhostname inet_interfaces smtp_bind_address smtp_helo_name smtpd_banner postmaster_mailbox',
    // The log, and the folders and users of the distribution.
    'syslog_name syslog_facility maillog_file maillog_file_prefixes maillog_file_compressor maillog_file_rotate_suffix',
    'config_directory queue_directory data_directory command_directory daemon_directory shlib_directory meta_directory mail_owner',
    'setgid_group sendmail_path mailq_path newaliases_path html_directory manpage_directory readme_directory biff',
    // Certificates, protocols and ciphers.
    'smtpd_tls_cert_file smtpd_tls_key_file smtpd_tls_chain_files smtpd_tls_received_header smtpd_tls_loglevel',
    'smtp_tls_loglevel smtp_tls_CAfile smtp_tls_CApath smtpd_tls_protocols smtpd_tls_mandatory_protocols',
    'smtp_tls_protocols smtp_tls_mandatory_protocols smtpd_tls_ciphers smtp_tls_ciphers',
    'smtpd_tls_session_cache_database smtp_tls_session_cache_database',
    // What a sender reads whose recipient is refused.
    'unverified_recipient_reject_reason',
    // Of mailboxes, which there are none of here.
    'mailbox_size_limit virtual_mailbox_limit',
  ].flatMap((names) => names.split(' ')),
);

/** The listeners of templates/relay/master.cf, known by whom they accept; options that are not named are those of main.cf. */
export const listeners: Readonly<Record<string, { restrictions: string; options: Requirements }>> = {
  internet: {
    restrictions: 'check_recipient_access lmdb:@MAPS@/accept_internet, defer',
    options: {
      message_size_limit: { must: '36700160', why: '35 MB are the limit from the Internet' },
      smtpd_recipient_restrictions: {
        must: `${sizes('internet')}, reject_unverified_recipient`,
        why: 'a recipient who does not exist must be refused at once, or the relay sends backscatter',
      },
      smtpd_end_of_data_restrictions: { must: sizes('internet'), why: tooLarge },
      smtpd_discard_ehlo_keywords: {
        must: 'dsn, etrn, silent-discard',
        why: 'a stranger may be forged, so nothing is reported to him but that a mail bounced',
      },
      cleanup_service_name: {
        must: 'silent',
        why: 'a stranger may be forged, so nothing is reported to him but that a mail bounced',
      },
    },
  },
  ndb: {
    restrictions: 'check_recipient_access lmdb:@MAPS@/accept_ndb, defer',
    options: { ...inside, syslog_name: { must: 'postfix/ndb', why: named } },
  },
  internal: {
    restrictions: 'permit_mynetworks, check_recipient_access lmdb:@MAPS@/accept_internal, defer',
    options: { ...inside, syslog_name: { must: 'postfix/internal', why: named } },
  },
  customers: {
    restrictions: 'check_policy_service unix:private/clientpolicy, defer',
    options: { ...inside, syslog_name: { must: 'postfix/customers', why: named } },
  },
  outward: {
    restrictions: 'permit_mynetworks, defer',
    options: {
      message_size_limit: {
        must: '37748736',
        why: '35 MB are the limit towards the Internet, and a mail of that size has grown by its Received header',
      },
      content_filter: {
        must: 'outside:',
        why: 'what passed the limit leaves, and does not come round again',
      },
    },
  },
};

/** Of every 5xx it makes a 4xx; `soft_bounce` would not for the question whether a recipient exists. */
const nothingBounces = 'regexp:{{/^5(.*)/ 4$$1}}';

/** The services of templates/relay/master.cf beside the listeners: their programs, and what they are told. */
export const services: Readonly<Record<string, { command: string; options: Requirements }>> = {
  customer: {
    command: 'smtp',
    options: because('what a settled municipality refuses must bounce', { [filter]: undefined }),
  },
  settling: {
    command: 'smtp',
    options: because('for a time after an edge nothing may bounce', { [filter]: nothingBounces }),
  },
  outward: {
    command: 'smtp',
    options: {
      ...because('a mail that is too large must bounce', { [filter]: undefined }),
      ...because('on loopback nothing is encrypted', { smtp_tls_security_level: 'none' }),
    },
  },
  outside: {
    command: 'smtp',
    options: {
      ...because('what the Internet refuses must bounce', { [filter]: undefined }),
      ...because('an MX that is this relay is a next hop like any other', { inet_interfaces: '127.0.0.1' }),
    },
  },
  silent: {
    command: 'cleanup',
    options: because('who sends from the Internet may be forged', { delay_warning_time: '0' }),
  },
  ...Object.fromEntries(
    [
      'relay smtp',
      'retry error',
      'error error',
      'clientpolicy spawn',
      'sizes-internal spawn',
      'sizes-internet spawn',
      'cleanup cleanup',
      'qmgr qmgr',
      'rewrite trivial-rewrite',
      'bounce bounce',
      'defer bounce',
      'trace bounce',
      'verify verify',
      'flush flush',
    ].map((words) => {
      const [name = '', command = ''] = words.split(' ');
      return [name, { command, options: {} }];
    }),
  ),
};

/** What `spawn` runs, service by service: the policy services, each on its map. */
export const policies: Readonly<Record<string, RegExp>> = {
  clientpolicy: /^user=nobody argv=\S+\/mailversand-policy @MAPS@\/clients$/,
  'sizes-internal': /^user=nobody argv=\S+\/mailversand-sizes @MAPS@\/sizes internal$/,
  'sizes-internet': /^user=nobody argv=\S+\/mailversand-sizes @MAPS@\/sizes internet$/,
};
