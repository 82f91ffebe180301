/** What the engine said about one resource while it applied. */
export interface Step {
  /** Place in the order in which the engine said it. */
  at: number;
  type: string;
  address: string;
  /** Mail domain that it is about, if it is about one. */
  domain: unknown;
  action: 'create' | 'update' | 'delete';
  event: 'start' | 'complete';
}

interface Message {
  type: string;
  hook?: { resource: { addr: string }; action: Step['action'] };
}

/** The steps in the output of the engine's `apply -json`. */
export function stepsOf(output: string, domains: ReadonlyMap<string, unknown>): Step[] {
  const messages = output.split('\n').filter((line) => line.startsWith('{'));
  return messages.flatMap((line, at) => {
    const { type: kind, hook } = JSON.parse(line) as Message;
    if (!hook || !['apply_start', 'apply_complete'].includes(kind)) return [];
    const address = hook.resource.addr.replace('terraform_data.', '').replace('--', '.');
    const type = address.slice(0, address.indexOf('.')).replace('landesnetz_', '');
    const event = kind === 'apply_start' ? 'start' : 'complete';
    return { at, type, address, domain: domains.get(address), action: hook.action, event };
  });
}

type Which = (step: Step) => boolean;

const doing =
  (action: Step['action'], ...types: string[]): Which =>
  (step) =>
    step.action === action && types.includes(step.type);
const either =
  (...which: Which[]): Which =>
  (step) =>
    which.some((one) => one(step));
const fromTheInternet =
  (which: Which): Which =>
  (step) =>
    which(step) && step.address.includes('_internet_');

const network = ['dnat_rule', 'snat_rule', 'firewall_opening', 'matrix_entry'];
const relay = ['relay_route', 'relay_client', 'relay_acceptance'];
const gate: Which = ({ type }) => type === 'migration_gate';
const record: Which = ({ type }) => type === 'migration_stage';
const destroys: Which = ({ action }) => action === 'delete';

/** What the edges must be done in, whatever the edge: a sentence, who must be done, before who begins. */
const rules: readonly [string, Which, Which][] = [
  ['the gate checks the edge before anything else is touched', gate, (step) => !gate(step)],
  [
    'the network carries mail before the relay routes into it or lets the municipality send',
    doing('create', ...network),
    doing('create', 'relay_route', 'relay_client'),
  ],
  [
    'a domain has its route before it is accepted',
    doing('create', 'relay_route'),
    doing('create', 'relay_acceptance'),
  ],
  [
    'the municipality may answer through the relay before the Internet sends its mail there',
    doing('create', 'relay_client'),
    fromTheInternet(doing('create', 'relay_acceptance')),
  ],
  [
    'the relay accepts a domain before a report or an MX sends its mail there',
    doing('create', 'relay_acceptance'),
    either(doing('create', 'ndb_domain'), doing('update', 'dns_mx_record_set')),
  ],
  [
    'the MX has moved before the relay lets go of anything',
    doing('update', 'dns_mx_record_set'),
    doing('delete', ...relay, ...network),
  ],
  [
    'a report is withdrawn, and a record set released, before the domain is no longer accepted',
    doing('delete', 'ndb_domain', 'dns_mx_record_set'),
    doing('delete', 'relay_acceptance'),
  ],
  [
    'a domain is no longer accepted before its route goes',
    doing('delete', 'relay_acceptance'),
    doing('delete', 'relay_route'),
  ],
  [
    'the Internet sends nothing to the relay before the municipality may no longer answer',
    fromTheInternet(doing('delete', 'relay_acceptance')),
    doing('delete', 'relay_client'),
  ],
  [
    'the relay has let go before the network is closed',
    doing('delete', 'relay_route', 'relay_client'),
    doing('delete', ...network),
  ],
  [
    'everything new and changed is there before the stage is recorded',
    (step) => !record(step) && !destroys(step),
    record,
  ],
  ['the stage is recorded before anything is taken away', record, destroys],
];

/** Of two that are about a domain, only about the same one: domains do not wait for each other. */
const comparable = (a: Step, b: Step): boolean =>
  a.domain === undefined || b.domain === undefined || a.domain === b.domain;

/** Holds the steps of each edge against the rules, and remembers which rule had something to compare. */
export class EdgeRules {
  private readonly used = new Set<string>();

  /** What is out of order, each as a sentence with the two resources. */
  violations(steps: readonly Step[]): string[] {
    return rules.flatMap(([name, first, second]) => {
      const done = steps.filter((step) => step.event === 'complete' && first(step));
      const begun = steps.filter((step) => step.event === 'start' && second(step));
      const pairs = done.flatMap((early) =>
        begun.filter((late) => comparable(early, late)).map((late) => [early, late] as const),
      );
      if (pairs.length > 0) this.used.add(name);
      return pairs
        .filter(([early, late]) => early.at > late.at)
        .map(([early, late]) => `${name}: ${late.address} began before ${early.address} was done`);
    });
  }

  /** A rule that never compared anything proves nothing. */
  unused(): string[] {
    return rules.map(([name]) => name).filter((name) => !this.used.has(name));
  }
}
