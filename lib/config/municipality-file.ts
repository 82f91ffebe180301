import { z } from 'zod';
import { address } from './fields/address.js';
import { ags } from './fields/ags.js';
import { domain } from './fields/domain.js';
import { explain, identifier, list, mapping, oneOf, wholeNumber } from './fields/field.js';
import { interfaceName } from './fields/host.js';
import { mxRecord, spf, toMxRecord } from './fields/mail.js';
import { decision } from './fields/decision.js';
import { day, moment } from './fields/time.js';
import { contact, localPart, name, reference } from './fields/words.js';
import type { Domain, Kept, MailServer, Municipality } from './municipality.js';
import type { Platform } from './platform.js';
import { compareTexts, type Explanation } from './problem.js';
import { programmeLimits } from './sizes.js';

const stageNumber: Explanation = {
  rule: 'stage',
  expected: 'the stage (Abschnitt): 0, 1, 2, 3 or 4',
  remedy: 'change it by `npx mailversand stage`',
};
const domainStage: Explanation = {
  rule: 'stage',
  expected: 'how far the domain goes: 0, 1, 2, 3 or 4',
  remedy: 'change it by `npx mailversand domain`',
};
const stageKept: Explanation = {
  rule: 'kept',
  expected: 'the stage whose work is held: 1, 2, 3 or 4',
  remedy: 'let `npx mailversand stage` write it',
};
const keptWhat: Explanation = {
  rule: 'kept',
  expected: 'either stage (with domain, where it is about one) or server, and since and until',
  remedy: 'let `npx mailversand stage` write it',
};
const forwarding: Explanation = {
  rule: 'forwarding',
  expected:
    "none, or the list of foreign sender domains under which users' automatic forwarding leaves its servers",
  remedy: 'ask the municipality, and write what it answered',
};
const settlingOrder: Explanation = {
  rule: 'settling',
  expected: 'an end not before its beginning',
  remedy: "let `npx mailversand stage` write settling; the file's history shows what it wrote last",
};
const keptList: Explanation = {
  rule: 'kept',
  expected: 'a list of what is held after going back',
  remedy: 'let `npx mailversand stage` write it',
};

const DEFAULT_PORT = 25;

const server = mapping({
  inside: address.describe(
    "Its IPv4 address in the municipality's own network; another municipality may use the same.",
  ),
  transfer: address.describe(
    'Transferadresse: the Landesnetz address that stands for it; unique in the programme.',
  ),
  ports: list(wholeNumber(1, 65535, 'a TCP port'), 'ports')
    .default([DEFAULT_PORT])
    .describe('TCP ports on which it takes mail from the relay.'),
  joinedOn: day
    .optional()
    .describe(
      'Added at stage 2 or later: gets no mail before testedOn. Written by `npx mailversand server`.',
    ),
  testedOn: day.optional().describe('Day of its passed Anbindungstest; from then on it gets mail.'),
});

const ttl = wholeNumber(0, 2 ** 31 - 1, 'a TTL in seconds');

const domainEntry = mapping({
  name: domain.describe('The mail domain. Umlauts in their A-label form (xn--…).'),
  zone: domain.optional().describe('The DNS zone that holds it. Default: the domain itself.'),
  writer: identifier('DNS server').describe(
    'Who writes the zone: a DNS server of the platform file, or hoster.',
  ),
  mx: mapping({
    ttl: ttl.describe('As the authoritative server answers it now.'),
    records: list(mxRecord, 'MX records').describe('As they are now; this is also the way back.'),
  }),
  spf: mapping({
    value: spf.describe('As it is now, without quotes.'),
    ttl: ttl.optional().describe("Default: the MX records' TTL."),
  })
    .optional()
    .describe('The SPF string, if there is one.'),
  ndb: mapping({
    reference: reference.describe('Reference of the report to the NdB.'),
    reportedOn: day,
    confirmedOn: day.optional(),
    withdrawnOn: day
      .optional()
      .describe('After going back: day on which the NdB confirmed that it is withdrawn.'),
  })
    .optional()
    .describe('The report of this domain to the NdB; evidence for stage 3.'),
  stage: z
    .literal([0, 1, 2, 3, 4], { error: explain(domainStage) })
    .optional()
    .describe(
      'How far it goes that joins or leaves while mail flows. Written by `npx mailversand domain`; default: as far as the municipality.',
    ),
  connectionTestPassedOn: day
    .optional()
    .describe('With a stage of its own: day of the Anbindungstest that was passed with it.'),
  outgoingTestPassedOn: day
    .optional()
    .describe('With a stage of its own: day on which a real mail of it went out over the relay.'),
});

const keptEntry = mapping({
  stage: z
    .literal([1, 2, 3, 4], { error: explain(stageKept) })
    .optional()
    .describe('What this stage brought …'),
  domain: domain.optional().describe('… for this domain alone …'),
  server: server.optional().describe('… or a mail server that was replaced.'),
  since: moment,
  until: moment.describe('Earliest end.'),
})
  .check((context) => {
    const { stage, domain: alone, server: replaced } = context.value;
    if ((stage === undefined) !== (replaced === undefined) && (alone === undefined || stage !== undefined))
      return;
    context.issues.push({ code: 'custom', input: context.value, message: explain(keptWhat) });
  })
  .describe('Written by `npx mailversand stage`.');

/** One file in `municipalities/`: what is written there, defaults of a single field filled in. */
export const municipalitySchema = mapping({
  name: name.describe('The name as people write it, with Umlauts.'),
  ags: ags.describe("Amtlicher Gemeindeschlüssel, in quotes: '15081999'."),
  stage: z
    .literal([0, 1, 2, 3, 4], { error: explain(stageNumber) })
    .describe('Abschnitt, 0 to 4. Change it by `npx mailversand stage`, one step at a time.'),
  routing: oneOf(['vollstaendig', 'teilweise'], 'how much of its mail goes through Dataport')
    .default('vollstaendig')
    .describe('teilweise: incoming internal and NdB mail only; ends at stage 3.'),
  order: mapping({
    reference: reference.describe('Reference of the Freischaltung; every rule and matrix row carries it.'),
    approvedOn: day.optional().describe('Day of the approval (task 06); evidence for stage 1.'),
    validUntil: day.optional().describe('Last day of the approval. Nothing closes by itself.'),
  }),
  contacts: mapping({
    technical: contact.describe('A role or a functional mailbox, no person.'),
    organisational: contact.describe('A role or a functional mailbox, no person.'),
  }),
  network: mapping({
    gateway: identifier('gateway').optional().describe("Default: the platform's only gateway."),
    link: interfaceName.describe('The customer link: interface on the gateway.'),
    relayAlias: address.describe(
      "Address of the municipality's own network under which its servers see the relay.",
    ),
  }),
  relay: identifier('relay').optional().describe("Default: the platform's only relay."),
  servers: list(server, 'mail servers'),
  domains: list(domainEntry, 'domains'),
  limits: mapping({
    internalMb: wholeNumber(
      programmeLimits.least,
      programmeLimits.internalMb,
      'MB inside the Landesnetz',
    ).default(programmeLimits.internalMb),
    internetMb: wholeNumber(
      programmeLimits.least,
      programmeLimits.internetMb,
      'MB from the Internet',
    ).default(programmeLimits.internetMb),
  })
    .prefault({})
    .describe(
      "Message sizes in MB where they are smaller than the programme's. The relay refuses what is larger; Antragsdaten of 13 MB always pass.",
    ),
  tls: oneOf(['encrypt', 'may'], 'TLS from the relay to its servers')
    .default('encrypt')
    .describe('may only where its servers have no STARTTLS.'),
  testMailbox: localPart
    .default('anbindungstest')
    .describe('Local part of the functional mailbox for the Anbindungstest, at each of its domains.'),
  connectionTestPassedOn: day
    .optional()
    .describe('Day of the passed Anbindungstest (task 12); evidence for stage 2.'),
  outgoingTestPassedOn: day
    .optional()
    .describe('Day of the real mail over the outgoing path; evidence for stage 4.'),
  wayBackDespite: decision
    .optional()
    .describe(
      'The MX goes back although an old server was not seen to take mail. Is recorded in the register.',
    ),
  forwarding: z
    .union([z.literal('none'), list(domain, 'domains')], { error: explain(forwarding) })
    .optional()
    .describe(
      "Users' automatic forwarding under foreign senders, as the municipality answered: none, or their domains; evidence for stage 4.",
    ),
  settling: mapping({
    since: moment,
    until: moment.describe('Earliest end.'),
  })
    .check((context) => {
      if (context.value.since <= context.value.until) return;
      context.issues.push({ code: 'custom', input: context.value, message: explain(settlingOrder) });
    })
    .optional()
    .describe('The time after an edge forwards. Written by `npx mailversand stage`.'),
  kept: z
    .array(keptEntry, { error: explain(keptList) })
    .default([])
    .describe('What is held after going back. Written by `npx mailversand stage`.'),
});

export type MunicipalityFile = z.output<typeof municipalitySchema>;

/** Fills in what depends on other fields and on the platform. The rules have made sure that it is there. */
export function toMunicipality(id: string, file: MunicipalityFile, platform: Platform): Municipality {
  const { relay, network, servers, domains, forwarding, kept, ...rest } = file;
  return {
    id,
    ...rest,
    network: { ...network, gateway: network.gateway ?? (platform.gateways[0] as { name: string }).name },
    relay: relay ?? (platform.relays[0] as { name: string }).name,
    servers: servers.map(toServer),
    domains: domains.map(toDomain),
    ...(forwarding && { forwarding: forwarding === 'none' ? [] : [...new Set(forwarding)].sort() }),
    kept: kept.map(toKept),
  };
}

const toServer = (entry: MailServer): MailServer => ({
  ...entry,
  ports: [...entry.ports].sort((a, b) => a - b),
});

function toDomain({ zone, mx, spf, ...rest }: MunicipalityFile['domains'][number]): Domain {
  const records = mx.records
    .map(toMxRecord)
    .sort((a, b) => a.preference - b.preference || compareTexts(a.host, b.host));
  return {
    ...rest,
    zone: zone ?? rest.name,
    mx: { ttl: mx.ttl, records },
    ...(spf && { spf: { ttl: spf.ttl ?? mx.ttl, value: spf.value } }),
  };
}

function toKept({ stage, domain: alone, server, since, until }: MunicipalityFile['kept'][number]): Kept {
  return stage === undefined
    ? { server: toServer(server as MailServer), since, until }
    : { stage, ...(alone === undefined ? {} : { domain: alone }), since, until };
}
