import type { z } from 'zod';
import { address, host, nameServer, nextHop, range, splitPort } from './fields/address.js';
import { decision } from './fields/decision.js';
import { domain } from './fields/domain.js';
import {
  explain,
  identifier,
  list,
  mapping,
  named,
  oneOf,
  someNamed,
  text,
  wholeNumber,
} from './fields/field.js';
import { hostKey, interfaceName, user } from './fields/host.js';
import { mxRecord, spfMechanism, toMxRecord } from './fields/mail.js';
import { duration, toSeconds } from './fields/time.js';
import { mailbox, name } from './fields/words.js';
import type { DnsServer, Gateway, Platform, Relay, Tenant } from './platform.js';
import type { Explanation } from './problem.js';

const port = (otherwise: number) => wholeNumber(1, 65535, 'a TCP port').default(otherwise);

/** The user's name tells what it may do, so that a log line of the far end does too. */
const endpoint = (defaultUser: string) => ({
  host: host.describe('As ssh takes it; ~/.ssh/config applies.'),
  port: port(22),
  user: user.default(defaultUser).describe("Has the forced command for municipalities' elements."),
  platformUser: user.default('mv-platform').describe("Has the forced command for the platform's own base."),
  hostKey: hostKey.optional().describe('One OpenSSH public host key. Every rehearsal makes its own.'),
});
const ssh = (defaultUser: string) => mapping(endpoint(defaultUser));

/** The mark of a link is also the number of its routing table; 253 to 255 are the kernel's own. */
const mark = wholeNumber(1, 65535, 'the mark of the link, 253 to 255 excepted').check((context) => {
  if (context.value < 253 || context.value > 255) return;
  context.issues.push({ code: 'custom', input: context.value, message: explain(kernelTable) });
});
const kernelTable: Explanation = {
  rule: 'link-mark',
  expected: 'a mark whose number is no routing table of the kernel (253 to 255)',
  remedy: 'choose another that no other link of the gateway has',
};

const outage = decision.describe(
  'It is out of order and need not answer, so that municipalities can go back without it. What answers all the same is used as ever.',
);

const tenant = mapping({
  name: name.describe('As people write it.'),
  domains: list(domain, 'domains'),
  nextHop: nextHop.describe('IPv4 address of its mail server as the relay reaches it, :port if not 25.'),
});

/** The platform file: what all municipalities share. Everything that others name is a mapping by that name. */
export const platformSchema = mapping({
  name: identifier('platform'),
  senderQueueLifetime: duration.describe(
    'How long a sender, and the relay, keeps a mail that cannot be delivered (Postfix: 5d). Less than 1d: a laboratory, whose relay may try again after seconds.',
  ),
  loweredMxTtl: duration.describe("TTL of a municipality's MX from stage 3 on."),
  ndbDistribution: duration.describe('Until every NdB partner has a new or withdrawn row.'),
  testValidity: duration
    .default('7d')
    .describe(
      'For how long a passed Anbindungstest or test of the outgoing path counts before the MX moves.',
    ),
  queueLimit: wholeNumber(0, 1_000_000, 'a number of recipients')
    .default(100)
    .describe("Recipients in the relay's queue for one domain, above which no stage forwards begins."),
  settlingTime: duration
    .default('24h')
    .describe("How long after an edge forwards the relay keeps what a municipality's servers refuse."),
  silenceTime: duration
    .default('3d')
    .describe(
      'How long nothing may have come by a path (from its servers, tenants, NdB partners) before what is kept of it goes.',
    ),
  land: text({
    rule: 'land',
    pattern: '^(?:0[1-9]|1[0-6])$',
    expected: 'the Land whose municipalities take part: the first two digits of their AGS, in quotes',
    remedy: "write it like '15', or leave it out to allow all",
    example: '15',
  })
    .optional()
    .describe("First two digits of every municipality's AGS. Default: any Land."),
  transferPool: list(range, 'address ranges').describe('Ranges from which transfer addresses are given.'),
  gateways: someNamed(
    mapping({
      landesnetzLink: interfaceName.describe('Interface towards the Landesnetz.'),
      links: someNamed(mark, 'customer link', interfaceName).describe(
        'Customer links: interface and the mark (number of its routing table) that stands for it.',
      ),
      ssh: ssh('mv-gateway'),
      outage: outage.optional(),
    }),
    'gateway',
  ),
  relays: someNamed(
    mapping({
      mx: mapping({
        ttl: wholeNumber(1, 2 ** 31 - 1, 'a TTL in seconds'),
        records: list(mxRecord, 'MX records').describe(
          "What a migrated domain's MX lists. Every host named here must be this one machine: routes and acceptance are written nowhere else.",
        ),
      }),
      spf: list(spfMechanism, 'SPF mechanisms').describe('What stands for the relay in SPF.'),
      addresses: mapping({
        outgoing: address.describe('Source of its connections towards municipalities.'),
        customers: address.describe("Listener for municipalities' outgoing mail."),
        internal: address.describe('Listener for tenants.'),
        ndb: address.describe('Listener for NdB partners.'),
        internet: address.describe('Listener for the Internet.'),
      }),
      ssh: mapping({
        ...endpoint('mv-relay'),
        probeUser: user.default('mv-probe').describe('Has the forced command for the connection test.'),
      }),
      outage: outage.optional(),
      outsideMailbox: mailbox
        .optional()
        .describe(
          'A functional mailbox on the Internet that also takes name+anything@…: at stage 4 the answer to a mail of the connection test goes there.',
        ),
      rejectedSender: domain
        .optional()
        .describe(
          'A domain that nobody sends from, whose SPF and DMARC say reject: the connection test (Anbindungstest) sends a mail under it.',
        ),
    }),
    'relay',
  ),
  dnsServers: named(
    mapping({
      host: host.describe('The primary that takes RFC 2136 updates.'),
      port: port(53),
      keyAlgorithm: oneOf(['hmac-sha256', 'hmac-sha384', 'hmac-sha512'], 'the TSIG algorithm').default(
        'hmac-sha256',
      ),
      authoritative: list(nameServer, 'name servers')
        .optional()
        .describe(
          'Every server that must show a record before it counts as seen. Default: host and port above.',
        ),
    }),
    'DNS server',
  )
    .default({})
    .describe('Servers that take RFC 2136 updates; none where hosters have all zones.'),
  tenants: named(tenant, 'tenant')
    .default({})
    .describe('Mandanten: authorities that the relay already serves.'),
  ndbPartners: named(tenant, 'NdB partner').default({}).describe('Partners in the Netze des Bundes.'),
  vantagePoint: mapping({
    name: identifier('vantage point').describe('As the evidence names it.'),
    resolver: nameServer
      .optional()
      .describe("Resolver for names, :port if not 53. Default: the machine's own."),
  })
    .optional()
    .describe(
      'Where the engine runs, and from where zones and mail servers are looked at before an MX moves.',
    ),
  register: mapping({ ssh: ssh('mv-register') }).describe(
    'Host of matrix rows, NdB reports and the stages reached.',
  ),
});

export type PlatformFile = z.output<typeof platformSchema>;

/** The platform as the rest of the project uses it: lists in the file's order, seconds, next hops as Postfix writes them. */
export function toPlatform(file: PlatformFile): Platform {
  return {
    name: file.name,
    senderQueueLifetime: toSeconds(file.senderQueueLifetime),
    loweredMxTtl: toSeconds(file.loweredMxTtl),
    ndbDistribution: toSeconds(file.ndbDistribution),
    testValidity: toSeconds(file.testValidity),
    queueLimit: file.queueLimit,
    settlingTime: toSeconds(file.settlingTime),
    silenceTime: toSeconds(file.silenceTime),
    transferPool: file.transferPool,
    gateways: Object.entries(file.gateways).map(([name, gateway]) => toGateway(name, gateway)),
    relays: Object.entries(file.relays).map(([name, relay]) => toRelay(name, relay)),
    dnsServers: Object.entries(file.dnsServers).map(([name, server]) => toDnsServer(name, server)),
    tenants: Object.values(file.tenants).map(toTenant),
    ndbPartners: Object.values(file.ndbPartners).map(toTenant),
    ...(file.vantagePoint && { vantagePoint: file.vantagePoint }),
    register: file.register,
  };
}

const toGateway = (
  name: string,
  { landesnetzLink, links, ssh, outage }: PlatformFile['gateways'][string],
): Gateway => ({
  name,
  landesnetzLink,
  links: Object.entries(links).map(([name, mark]) => ({ name, mark })),
  ssh,
  ...(outage && { outage }),
});

const toRelay = (
  name: string,
  { mx, rejectedSender, outsideMailbox, outage, ...rest }: PlatformFile['relays'][string],
): Relay => ({
  name,
  ...rest,
  ...(outage && { outage }),
  ...(rejectedSender === undefined ? {} : { rejectedSender }),
  ...(outsideMailbox === undefined ? {} : { outsideMailbox }),
  mx: { ttl: mx.ttl, records: mx.records.map(toMxRecord) },
});

function toDnsServer(name: string, server: PlatformFile['dnsServers'][string]): DnsServer {
  return { name, ...server, authoritative: server.authoritative ?? [`${server.host}:${server.port}`] };
}

function toTenant({ nextHop, ...rest }: PlatformFile['tenants'][string]): Tenant {
  const { host, port } = splitPort(nextHop, 25);
  return { ...rest, nextHop: `[${host}]:${port}` };
}
