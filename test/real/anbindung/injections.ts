import type { FaultId } from '../../../lib/anbindung/faults.js';
import type { Customer } from './customer.js';

/** Breaks one thing in a rehearsal, the way it breaks in a real network. @returns what puts it right again */
export interface Injection {
  fault: FaultId;
  /** Goes on after `… when`. */
  when: string;
  inject(customer: Customer): Promise<() => Promise<unknown>>;
}

const alias = '192.168.10.250';
const inside = '192.168.10.5';
const keyOfDnat = '"ln0" . 10.128.0.1 . tcp . 25';
const keyOfSnat = `"ln0" . "c0" . 10.64.0.10 . ${inside}`;
const keyOfAllow = '"ln0" . 10.64.0.10 . 10.128.0.1 . tcp . 25';

const settings = (fault: FaultId, when: string, ...lines: string[]): Injection => ({
  fault,
  when,
  inject: (customer) => customer.postconf(lines),
});
const gatewayRules = (fault: FaultId, when: string, ...commands: string[]): Injection => ({
  fault,
  when,
  inject: (customer) => customer.gatewayRules(commands),
});
const ruleset = (fault: FaultId, when: string, host: 'gateway' | 'customer', chain: string): Injection => ({
  fault,
  when,
  inject: (customer) => customer.ruleset(host, chain),
});
const relay = (fault: FaultId, when: string, script: string, undo: string): Injection => ({
  fault,
  when,
  inject: (customer) => customer.relay(script, undo),
});
/** Another of the probe's arguments than sshd gives it. */
const probe = (fault: FaultId, when: string, argument: string, value: string): Injection => {
  const program = '/usr/local/lib/mailversand/mailversand-probe';
  const before = '/tmp/mailversand-probe';
  return relay(
    fault,
    when,
    `cp -p ${program} ${before}; sed 's|${argument}=\\$[0-9]|${argument}=${value}|' ${before} >${program}`,
    `cat ${before} >${program}`,
  );
};
const imposter = (fault: FaultId, when: string, script: string): Injection => ({
  fault,
  when,
  inject: (customer) => customer.imposter(script),
});

const inline = (entries: Record<string, string>): string =>
  `inline:{ ${Object.entries(entries)
    .map(([key, value]) => `{ ${key} = ${value} }`)
    .join(', ')} }`;
const ofAlias = (answer: string): string => `check_client_access ${inline({ [alias]: answer })}`;

const ofMailbox = (answer: string): string =>
  `check_recipient_access ${inline({ 'anbindungstest@musterstadt.example': answer })}`;

/** A mail server behind something that changes what is said: `change` gets what the server says. */
const between = (change: string, ban = false): string => `
const BAN = ${ban};
const net = require('node:net');
let open = 0, banned = false;
net.createServer((client) => {
  client.on('error', () => {});
  if (BAN && banned && open === 0) return client.destroy();
  open += 1;
  if (open >= 20) banned = true;
  const server = net.connect({ host: '${inside}', port: 25, localAddress: '${inside}' });
  server.on('error', () => client.destroy()).on('close', () => client.end());
  client.on('close', () => { open -= 1; server.destroy(); });
  client.pipe(server);
  server.on('data', (data) => { let text = data.toString('latin1'); ${change}; client.write(text, 'latin1'); });
}).listen(PORT);`;
const speaking = (begin: string): string =>
  `require('node:net').createServer((c) => { c.on('error', () => {}); ${begin} }).listen(PORT);`;

export const injections: readonly Injection[] = [
  // The network, by the gateway's own elements.
  gatewayRules(
    'rule-missing',
    'the opening was removed',
    `delete element ip mailversand allow { ${keyOfAllow} }`,
  ),
  gatewayRules(
    'translation-missing',
    'the DNAT element was removed',
    `delete element ip mailversand dnat_to { ${keyOfDnat} }`,
  ),
  gatewayRules(
    'source-nat-missing',
    'the SNAT element was removed',
    `delete element ip mailversand snat_to { ${keyOfSnat} }`,
  ),
  gatewayRules(
    'gateway-differs',
    'the gateway translates to another address than the file says',
    `delete element ip mailversand dnat_to { ${keyOfDnat} }`,
    `add element ip mailversand dnat_to { ${keyOfDnat} : 192.168.10.77 . 25 }`,
  ),
  gatewayRules(
    'outgoing-open-early',
    'the way out is open before stage 4',
    `add element ip mailversand allow { "c0" . ${inside} . ${alias} . tcp . 25 }`,
  ),
  ruleset(
    'filter-before-gateway',
    'a firewall between relay and gateway drops',
    'gateway',
    'type filter hook prerouting priority -500; tcp dport 25 drop',
  ),
  {
    fault: 'route-missing',
    when: 'the relay has no route to the transfer addresses',
    inject: (customer) =>
      customer.network(
        'relay',
        ['route del 10.128.0.0/16'],
        ['route add 10.128.0.0/16 via 10.64.0.1 dev ln'],
      ),
  },
  {
    fault: 'gateway-route-missing',
    when: 'the table of the customer link is empty',
    inject: (customer) =>
      customer.network(
        'gateway',
        [`route del ${inside}/32 dev c0 table 1`],
        [`route add ${inside}/32 dev c0 src ${alias} table 1`],
      ),
  },
  {
    fault: 'wrong-inside-address',
    when: 'nobody has the inside address',
    inject: (customer) =>
      customer
        .network(
          'customer',
          [`address del ${inside}/32 dev lan`],
          [`address add ${inside}/32 dev lan`, `route replace ${alias}/32 dev lan src ${inside}`],
        )
        // Nobody was there a moment ago either.
        .finally(() => customer.network('gateway', ['neigh flush dev c0'], [])),
  },
  {
    fault: 'return-path-missing',
    when: 'the municipality has no route to the alias',
    inject: (customer) =>
      customer.network(
        'customer',
        [`route del ${alias}/32 dev lan`],
        [`route add ${alias}/32 dev lan src ${inside}`],
      ),
  },
  {
    fault: 'mtu',
    when: 'a link on the way is narrower and its ICMP is lost',
    inject: async (customer) => {
      const heard = await customer.ruleset(
        'gateway',
        'type filter hook output priority 0; icmp type destination-unreachable drop',
      );
      const wide = await customer.network('gateway', ['link set c0 mtu 900'], ['link set c0 mtu 1500']);
      return () => Promise.all([heard(), wide()]);
    },
  },
  ruleset(
    'filter-drop',
    'a firewall of the municipality drops',
    'customer',
    'type filter hook input priority 0; tcp dport 25 drop',
  ),
  ruleset(
    'filter-reject',
    'a firewall of the municipality rejects',
    'customer',
    'type filter hook input priority 0; tcp dport 25 reject with icmp type admin-prohibited',
  ),
  ruleset(
    'no-service',
    'nothing listens on the port',
    'customer',
    `type nat hook prerouting priority -100; tcp dport 25 redirect to :2599`,
  ),

  probe(
    'source-address-missing',
    'the relay has not got the address that the openings are for',
    'outgoing',
    '10.64.0.99',
  ),
  probe('not-in-pool', 'the probe knows another range of transfer addresses', 'pools', '10.129.0.0/16'),
  {
    fault: 'relay-listener-away',
    when: 'nothing answers at a listener of the relay',
    inject: (customer) =>
      customer.ruleset(
        'relay',
        'type filter hook input priority 0; ip daddr 203.0.113.10 tcp dport 25 reject with tcp reset',
      ),
  },
  relay(
    'relay-accepts-early',
    'somebody wrote into a map of the relay by hand',
    'echo musterstadt.example OK | postmap -i lmdb:/var/lib/mailversand-relay/accept_internet',
    'postmap -d musterstadt.example lmdb:/var/lib/mailversand-relay/accept_internet',
  ),
  relay(
    'relay-limit',
    'a listener of the relay has half the limit',
    'postconf -P 10.64.0.11:25/inet/message_size_limit=52428800; postfix reload',
    'postconf -P 10.64.0.11:25/inet/message_size_limit=104857600; postfix reload',
  ),

  // What answers on the port.
  imposter('no-banner', 'a tarpit holds the connection', speaking('')),
  imposter(
    'not-a-mail-server',
    'a web server has the address',
    speaking(`c.write('HTTP/1.1 400 Bad Request\\r\\n\\r\\n');`),
  ),
  imposter(
    'tls-stripped',
    'a firewall writes over STARTTLS',
    between(`text = text.replace(/STARTTLS/, 'XXXXXXXA')`),
  ),
  imposter('blocked-by-test', 'so many connections get the relay banned', between('', true)),
  imposter(
    'no-esmtp',
    'an old proxy knows no EHLO',
    between(`text = text.replace(/^250-[\\s\\S]*/, '500 5.5.1 Command unrecognized\\r\\n')`),
  ),
  settings(
    'relay-refused',
    'the alias is on a list of the blocked',
    'smtpd_delay_reject = no',
    `smtpd_client_restrictions = ${ofAlias('554 5.7.1 Access denied')}`,
  ),
  settings(
    'client-name-check',
    'clients must have a name',
    'smtpd_client_restrictions = reject_unknown_client_hostname',
  ),

  // Encryption.
  settings('tls-missing', 'the server has no TLS', 'smtpd_tls_security_level = none'),
  imposter(
    'tls-stripped',
    'a firewall removes the announcement of STARTTLS',
    between(`text = text.replace('250-STARTTLS\\r\\n', '')`),
  ),
  settings('tls-broken', 'its key does not fit', 'smtpd_tls_key_file = /etc/ssl/nowhere.key'),
  settings(
    'tls-too-old',
    'it knows TLS 1.1 at most',
    'smtpd_tls_protocols = TLSv1.1',
    'tls_medium_cipherlist = ALL:@SECLEVEL=0',
  ),
  {
    fault: 'certificate-expired',
    when: 'the certificate has run out',
    inject: (customer) => customer.expiredCertificate(),
  },

  {
    fault: 'certificate-weak',
    when: 'its key has 1024 bits',
    inject: (customer) => customer.weakCertificate(),
  },

  // Sizes.
  settings('size-too-small', 'the limit is below the relay’s', 'message_size_limit = 15000000'),
  {
    fault: 'size-hidden',
    when: 'a hop further inside has a smaller limit',
    inject: async (customer) => {
      const front = await customer.postconf(
        ['message_size_limit = 15000000'],
        ['smtp/inet/message_size_limit=120000000'],
      );
      return front;
    },
  },

  // Recipients and senders.
  settings(
    'domain-not-hosted',
    'it is the server of another domain',
    'virtual_mailbox_domains = anderswo.example',
  ),
  settings(
    'mailbox-unknown',
    'the test mailbox was not made',
    'virtual_mailbox_maps = regexp:{ {/^postmaster@/ all/} }',
    'virtual_alias_maps =',
  ),
  settings(
    'mailbox-full',
    'the test mailbox has used up its quota',
    `smtpd_recipient_restrictions = ${ofMailbox('552 5.2.2 Mailbox is full')}`,
  ),
  settings(
    'mailbox-full',
    'the same is said for now only',
    `smtpd_recipient_restrictions = ${ofMailbox('452 4.2.2 The recipient is over quota')}`,
  ),
  settings(
    'mailbox-full',
    'it has room for small messages only',
    'header_checks = regexp:{ {/^Subject: .*Gr=C3=B6=C3=9Fe/ REJECT 5.2.2 Mailbox is full} }',
  ),
  settings(
    'mailbox-restricted',
    'the test mailbox is a group of which only its own may write to it',
    `smtpd_recipient_restrictions = ${ofMailbox('550 5.7.133 Sender not authenticated for group; authentication required')}`,
  ),
  settings(
    'postmaster-missing',
    'nobody set up postmaster',
    'virtual_mailbox_maps = regexp:{ {!/^(unbekannt-|postmaster@|.*[%!].*@)/ all/} }',
  ),
  settings('backscatter', 'it takes everybody', 'virtual_mailbox_maps = static:all/'),
  settings('open-relay', 'it trusts the alias', `mynetworks = 127.0.0.0/8, ${alias}/32`),
  settings(
    'open-relay-routing',
    'it follows routes in addresses',
    'allow_untrusted_routing = yes',
    'virtual_mailbox_maps = regexp:{ {!/^unbekannt-/ all/} }',
  ),
  settings(
    'own-sender-trusted',
    'it trusts its own domain as sender',
    `smtpd_relay_restrictions = check_sender_access ${inline({ 'musterstadt.example': 'permit' })}, reject_unauth_destination`,
  ),
  settings(
    'null-sender-refused',
    'it wants every mail to have a sender',
    `smtpd_sender_restrictions = check_sender_access ${inline({ '<>': 'reject' })}`,
  ),
  settings(
    'sender-check',
    'it checks SPF against the alias',
    `smtpd_sender_restrictions = check_sender_access ${inline({ 'kein-absender.landesnetz.example': '550 5.7.23 SPF validation failed' })}`,
  ),

  // How it treats a busy stranger.
  settings(
    'greylisting',
    'it greylists',
    `smtpd_recipient_restrictions = ${ofAlias('450 4.2.0 Greylisted, please come back later')}`,
  ),
  settings(
    'temporary-refusal',
    'something in it is out of order',
    `smtpd_recipient_restrictions = ${ofAlias('451 4.3.0 Queue file write error')}`,
  ),
  settings(
    'sender-refused',
    'it does not want mail from the alias',
    `smtpd_recipient_restrictions = ${ofAlias('550 5.7.1 Access denied')}`,
  ),
  settings(
    'throttling',
    'it allows five connections a client',
    'smtpd_client_connection_count_limit = 5',
    'smtpd_client_event_limit_exceptions =',
  ),

  // Filters behind it.
  settings(
    'spam-refused',
    'the spam filter refuses',
    'body_checks = regexp:{ {/GTUBE-STANDARD/ REJECT spam} }',
  ),
  settings(
    'virus-refused',
    'the virus scanner refuses',
    'body_checks = regexp:{ {/^WDVPIVAlQEFQ/ REJECT virus} }',
  ),
  settings(
    'message-refused',
    'a rule refuses every message',
    'header_checks = regexp:{ {/^Subject: Anbindungstest/ REJECT no} }',
  ),
];

const strict = '"v=DMARC1; p=none; adkim=s; aspf=s"';

/** What shows at the mailbox outside only. */
export const outgoingInjections: readonly Injection[] = [
  { fault: 'outgoing-unsigned', when: 'its server has no key', inject: (customer) => customer.withoutKey() },
  settings(
    'outgoing-dkim-broken',
    'something is written into the mail after it was signed',
    'body_checks = regexp:{ {/^Angekommen/ PREPEND Diese Nachricht wurde geprueft.} }',
  ),
  {
    fault: 'outgoing-dkim-key',
    when: 'its key was not published',
    inject: (customer) => customer.texts('rehearsal._domainkey.musterstadt.example'),
  },
  {
    fault: 'outgoing-spf',
    when: 'somebody took the relay out of the SPF record',
    inject: (customer) => customer.texts('musterstadt.example', '"v=spf1 ip4:198.51.100.25 -all"'),
  },
  {
    fault: 'outgoing-dmarc-missing',
    when: 'the domain has no DMARC record',
    inject: (customer) => customer.texts('_dmarc.musterstadt.example'),
  },
  {
    fault: 'outgoing-dmarc',
    when: 'a subdomain signs an automatic answer and the record asks for the very same name',
    inject: async (customer) => {
      const undo = [
        await customer.texts('_dmarc.musterstadt.example', strict),
        await customer.texts(
          'rehearsal._domainkey.mail.musterstadt.example',
          ...(await customer.textsOf('rehearsal._domainkey.musterstadt.example')),
        ),
        await customer.answering((script) =>
          script.replace('"${2#*@}")"', '"mail.${2#*@}")"').replace('-f "$2"', "-f ''"),
        ),
      ];
      return async () => {
        for (const one of undo) await one();
      };
    },
  },
  {
    fault: 'outgoing-no-reply',
    when: 'its server sends past the relay',
    inject: (customer) => customer.sendingDirect(),
  },
];
