/** Between what a time or a limit is a relay's own business: beyond, mail is held for hours, refused, or slows other mail. */
export interface Bound {
  /** What Postfix takes where nothing is set; its unit is that of a value that has none. */
  absent: string;
  least?: string;
  most?: string;
  why: string;
}
type Bounds = ReadonlyMap<string, Bound>;

type Limits = readonly [absent: string, least?: string, most?: string];

const between = (why: string, limits: Readonly<Record<string, Limits>>): [string, Bound][] =>
  Object.entries(limits).map(([name, [absent, least, most]]) => [
    name,
    { absent, why, ...(least !== undefined && { least }), ...(most !== undefined && { most }) },
  ]);

/** In main.cf or for one service. */
const production: Bounds = new Map([
  ...between('waiting mail is tried again within about an hour, and a server in trouble is not overrun', {
    queue_run_delay: ['300s', '1m', '5m'],
    minimal_backoff_time: ['300s', '1m', '15m'],
    maximal_backoff_time: ['4000s', '15m', '4000s'],
  }),
  ...between('a sender learns that his mail waits while he can still do something about it', {
    delay_warning_time: ['0h', '1h', '1d'],
  }),
  ...between('a wrong 5xx of a municipality’s server is forgotten soon after it is healed', {
    address_verify_negative_expire_time: ['3d', '1m', '10m'],
    address_verify_negative_refresh_time: ['3h', '1m', '10m'],
  }),
  ...between('a recipient who was good stays so while his server is down, but not for ever', {
    address_verify_positive_expire_time: ['31d', '7d', '31d'],
    address_verify_positive_refresh_time: ['7d', '1h', '7d'],
  }),
  ...between('nobody waits long for the answer whether a recipient exists', {
    address_verify_poll_delay: ['3s', '1s', '3s'],
  }),
  ...between('a slow server is reached, and a dead one given up', {
    smtp_connect_timeout: ['30s', '5s', '30s'],
    smtp_helo_timeout: ['300s', '30s', '5m'],
  }),
  ...between('a policy service is not ended while it is in use', {
    clientpolicy_time_limit: ['1000s', '1000s'],
    'sizes-internal_time_limit': ['1000s', '1000s'],
    'sizes-internet_time_limit': ['1000s', '1000s'],
  }),
  ...between('mail of all does not wait for that of one', {
    default_process_limit: ['100', '100'],
    qmgr_message_active_limit: ['20000', '20000'],
  }),
  ...between('a dead server takes few connections from the others', {
    customer_initial_destination_concurrency: ['5', '1', '5'],
    settling_initial_destination_concurrency: ['5', '1', '5'],
  }),
  // The connection test (Anbindungstest) tries twenty.
  ...between('one large mail stops no other, and more connections than that are not tested', {
    customer_destination_concurrency_limit: ['20', '2', '20'],
    settling_destination_concurrency_limit: ['20', '2', '20'],
  }),
  ...between('while less of the disk is free all mail is deferred', {
    queue_minfree: ['0', '0', '10000000000'],
  }),
]);

const day = 86_400;

/**
 * Whoever declares that senders give up within a day has a laboratory (RFC 5321, 4.5.4.1: four to five days); there
 * all times may be short.
 * @param queueLifetime seconds for which senders' queues are waited for
 */
export const boundsFor = (queueLifetime: number): Bounds =>
  queueLifetime >= day
    ? production
    : new Map(
        [...production].map(([name, bound]) => [
          name,
          unitOf(bound) === '' ? bound : { ...bound, least: '1s' },
        ]),
      );

/**
 * What is said in main.cf for as long as the senders' queues are waited for. Not longer, because what such mail needs
 * (a route, the relay in SPF) is kept for that long only; in a laboratory nothing waits so long.
 */
export function lifetimesFor(queueLifetime: number): Bounds {
  const declared = `${queueLifetime}s`;
  const limits: Limits = queueLifetime >= day ? ['5d', declared, declared] : ['5d', declared];
  return new Map(
    between('mail waits here as long as senderQueueLifetime of the platform file says', {
      maximal_queue_lifetime: limits,
      bounce_queue_lifetime: limits,
    }),
  );
}

/** Processes of a service that takes mail or passes it on: `-` stands for default_process_limit, 0 for any number. */
const processes: Bound = { absent: '100', least: '100', why: 'mail of all does not wait for that of one' };
const carrying: ReadonlySet<string> = new Set(['smtp', 'smtpd', 'cleanup', 'bounce', 'spawn']);

/** What is wrong with the number of processes that master.cf allows a service; empty: nothing. */
export const tooFew = (id: string, command: string, maximum: string): string[] =>
  !carrying.has(command) || maximum === '-' || maximum === '0'
    ? []
    : outside(`master.cf: ${id} with its number of processes`, maximum, processes);

/**
 * What is wrong with a value, in at most one line; empty: nothing.
 * @param value undefined: not set, so what Postfix takes then counts
 */
export function outside(title: string, value: string | undefined, bound: Bound): string[] {
  const { absent, least, most, why } = bound;
  const unit = unitOf(bound);
  const size = sizeOf(value ?? absent, unit);
  if (size !== undefined && size >= (sizeOf(least, unit) ?? 0) && size <= (sizeOf(most, unit) ?? Infinity))
    return [];
  const is = value === undefined ? `not set, which means \`${absent}\`` : `\`${value}\``;
  const allowed =
    least === most
      ? least
      : [least && `at least ${least}`, most && `at most ${most}`].filter(Boolean).join(' and ');
  return [`${title} is ${is}, it must be ${allowed}: ${why}`];
}

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: day, w: 7 * day };

/** Empty where a setting is none of time. */
const unitOf = ({ absent }: Bound): string => absent.replace(/\d+/, '');

/** Seconds, or a number where the setting is none of time; undefined: neither, or nothing. */
function sizeOf(value: string | undefined, unit: string): number | undefined {
  const [, number, own] = (unit === '' ? /^(\d+)$/ : /^(\d+)([smhdw])?$/).exec(value ?? '') ?? [];
  return number === undefined ? undefined : Number(number) * (seconds[own ?? unit] ?? 1);
}
