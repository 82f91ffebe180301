import { BlockList, isIPv4 } from 'node:net';
import { boundsFor, lifetimesFor, outside, tooFew, type Bound } from './relay-bounds.js';
import {
  acceptance,
  listeners,
  local,
  main,
  policies,
  services,
  type Requirement,
} from './relay-template.js';

/** What postconf says: values of main.cf by name, options of master.cf by service and name, and the services. */
interface Settings {
  main: ReadonlyMap<string, string>;
  options: ReadonlyMap<string, string>;
  services: readonly { id: string; type: string; maximum: string; command: string; arguments: string }[];
  /** Of times and limits, by the setting's name. */
  bounds: ReadonlyMap<string, Bound>;
}

/**
 * What is wrong with a relay's settings, one line each: the setting, what it is, what it must be, and why. What
 * templates/relay sets must be so; beside that a relay may have only settings of its own business, its times and
 * limits within bounds.
 * @param lines answer to `settings` (templates/relay/mailversand-relay)
 * @param queueLifetime seconds for which senders' queues are waited for; the relay's own keeps mail as long
 */
export function relayComplaints(lines: readonly string[], queueLifetime: number): string[] {
  const settings: Settings = {
    main: assignments(lines, 'main '),
    options: assignments(lines, 'option '),
    services: lines.filter((line) => line.startsWith('service ')).map(serviceOf),
    bounds: boundsFor(queueLifetime),
  };
  const inMain = new Map([...lifetimesFor(queueLifetime), ...settings.bounds]);
  const kinds = new Map(
    settings.services
      .filter(({ type, command }) => type === 'inet' && command === 'smtpd')
      .map(({ id }) => [id, kindOf(settings, id)]),
  );
  return [
    ...compared('main.cf: ', settings.main, { ...unknown(settings.main, [...inMain.keys()]), ...main }),
    ...nobody(settings.main.get('postmaster_mailbox')),
    ...[...inMain].flatMap(([name, bound]) => outside(`main.cf: ${name}`, settings.main.get(name), bound)),
    ...settings.services.flatMap(({ id, command, maximum }) => tooFew(id, command, maximum)),
    ...[...kinds].flatMap(([id, kind]) =>
      kind === undefined
        ? [
            `master.cf: ${id}/${restrictions} is ${shown(settings.options.get(`${id}/${restrictions}`))}, it must be one of those in templates/relay/master.cf: ${acceptance}`,
          ]
        : ofListener(settings, id, kind),
    ),
    ...Object.entries(listeners)
      .filter(([name]) => ![...kinds.values()].includes(name))
      .map(
        ([name, { restrictions: those }]) =>
          `master.cf: no smtpd has smtpd_relay_restrictions = ${those}, so nobody listens for ${name}`,
      ),
    ...Object.entries(services).flatMap(([name, { command }]) => {
      const found = settings.services.find(({ id }) => id === `${name}/unix`);
      if (found?.command !== command)
        return [
          `master.cf: the service ${name} is ${shown(found?.command)}, it must be ${shown(command)} as in templates/relay/master.cf`,
        ];
      return policies[name]?.test(found.arguments) === false
        ? [
            `master.cf: ${found.id} runs ${shown(found.arguments)}, it must be as in templates/relay/master.cf`,
          ]
        : [];
    }),
    ...settings.services
      .filter(({ id }) => !kinds.has(id))
      .flatMap(({ id }) => ofService(settings, id, services[id.replace('/unix', '')]?.options ?? {})),
  ];
}

const restrictions = 'smtpd_relay_restrictions';

const kindOf = ({ options }: Settings, id: string): string | undefined =>
  Object.keys(listeners).find(
    (name) => listeners[name]?.restrictions === options.get(`${id}/${restrictions}`),
  );

function ofListener(settings: Settings, id: string, kind: string): string[] {
  const trusted = kind === 'internal' ? 'mynetworks' : undefined;
  const known = [restrictions, ...(trusted === undefined ? [] : [trusted])];
  return [
    ...ofService(settings, id, listeners[kind]?.options ?? {}, known),
    ...(trusted === undefined ? [] : tooTrusting(settings, `${id}/${trusted}`)),
  ];
}

/** @param known options that are looked at elsewhere */
function ofService(
  { options, bounds }: Settings,
  id: string,
  must: Readonly<Record<string, Requirement>>,
  known: readonly string[] = [],
): string[] {
  const own = new Map(
    [...options]
      .filter(([name]) => name.startsWith(`${id}/`))
      .map(([name, value]) => [name.slice(id.length + 1), value]),
  );
  const place = `master.cf: ${id}/`;
  return [
    ...compared(place, own, { ...unknown(own, [...known, ...bounds.keys()]), ...must }),
    ...[...own].flatMap(([name, value]) => {
      const bound = name in must ? undefined : bounds.get(name);
      return bound === undefined ? [] : outside(`${place}${name}`, value, bound);
    }),
  ];
}

/** What is set, and nobody has said that it may be. */
const unknown = (
  values: ReadonlyMap<string, string>,
  known: readonly string[],
): Record<string, Requirement> =>
  Object.fromEntries(
    [...values.keys()]
      .filter((name) => !local.has(name) && !known.includes(name))
      .map((name) => [name, { must: undefined, why: 'templates/relay does not set it there' }]),
  );

const compared = (
  place: string,
  values: ReadonlyMap<string, string>,
  requirements: Readonly<Record<string, Requirement>>,
): string[] =>
  Object.entries(requirements).flatMap(([name, { must, why }]) => {
    const is = values.get(name);
    return is === must ? [] : [`${place}${name} is ${shown(is)}, it must be ${shown(must)}: ${why}`];
  });

const nobody = (mailbox: string | undefined): string[] =>
  mailbox !== undefined && /^[^\s@{}]+@[^\s@{}]+$/.test(mailbox)
    ? []
    : [
        `main.cf: postmaster_mailbox is ${shown(mailbox)}, it must be a mailbox that somebody reads: everybody may write to <postmaster>`,
      ];

/** Whoever stands in the internal listener's mynetworks sends to anybody. */
function tooTrusting(settings: Settings, setting: string): string[] {
  const bound = [...settings.options].filter(([name]) => name.endsWith('/smtp_bind_address'));
  const own = new Set(
    [settings.main.get('inet_interfaces') ?? '', ...bound.map(([, address]) => address)]
      .flatMap(words)
      .filter((address) => isIPv4(address)),
  );
  const entries = words(settings.options.get(setting) ?? '');
  return entries.flatMap((entry) => {
    const [address = '', prefix = '32'] = entry.split('/');
    if (!isIPv4(address) || !/^(2[4-9]|3[0-2])$/.test(prefix))
      return [
        `master.cf: ${setting} holds \`${entry}\`, it must be servers of tenants, an IPv4 address or at most a /24: who stands there sends to anybody`,
      ];
    const range = new BlockList();
    range.addSubnet(address, Number(prefix));
    return [...own]
      .filter((one) => range.check(one))
      .map(
        (one) =>
          `master.cf: ${setting} holds \`${entry}\` with the relay’s own ${one}, it must be servers of tenants: who stands there sends to anybody`,
      );
  });
}

const words = (list: string): string[] => list.split(/[\s,]+/).filter((word) => word !== '');

const shown = (value: string | undefined): string =>
  value === undefined ? 'not set' : value === '' ? 'empty' : `\`${value}\``;

function serviceOf(line: string): Settings['services'][number] {
  const [name = '', type = '', , , , , maximum = '', command = '', ...rest] = line
    .slice('service '.length)
    .split(/\s+/);
  return { id: `${name}/${type}`, type, maximum, command, arguments: rest.join(' ') };
}

const assignments = (lines: readonly string[], prefix: string): Map<string, string> =>
  new Map(
    lines
      .filter((line) => line.startsWith(prefix))
      .map((line) => /^(\S+) =\s*(.*)$/.exec(line.slice(prefix.length)))
      .flatMap((match) => (match ? [[match[1] ?? '', (match[2] ?? '').trim()] as const] : [])),
  );
