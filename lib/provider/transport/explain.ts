import { UnreachableError } from '../element.js';

/** What a program's last words mean, and what to do. The first that matches counts. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    'its host key is another than the one in the platform file: find out why, and only then change `hostKey`',
  ],
  [
    /host key is known for|Host key verification failed/,
    'its host key is not the one in the platform file: compare `ssh-keyscan` from a trusted place with `hostKey`',
  ],
  [
    /Permission denied|Too many authentication failures/,
    'it does not let this user in: is your key loaded (`ssh-add -l`) and in its authorized_keys?',
  ],
  [/Could not resolve hostname/, 'its name cannot be resolved: correct `host`, or use the address'],
  [/Connection refused/, 'it refuses the connection: is sshd running there, is `port` right?'],
  [
    /timed out|Timeout, server/i,
    'it does not answer in time: is it up, and does a firewall let this host through?',
  ],
  [/No route to host|Network is unreachable/, 'there is no way to its address: check routes and firewalls'],
  [/Bad configuration option|terminating, \d+ bad/, "ssh's configuration has a mistake: see ssh's message"],
  [/ENOENT/, 'the program to connect with is not installed: install OpenSSH’s client'],
  [
    /mailversand-[a-z]+: (not found|No such file)|mailversand-session/,
    'its forced command is missing: install templates/ there',
  ],
  [
    /Connection (closed|reset)|Broken pipe/i,
    'it closed the connection: see its sshd log (MaxStartups, DenyUsers)',
  ],
];

/** A far end that cannot be asked, in one sentence with the remedy, and the program's last words behind it. */
export function explain(title: string, stderr: string, how: string, mayBeShell = false): UnreachableError {
  const words = stderr.trim().split('\n').at(-1)?.trim();
  const reason =
    reasons.find(([pattern]) => pattern.test(`${stderr}\n${how}`))?.[1] ??
    (mayBeShell ? 'it does not answer as a forced command would: install templates/ there' : how);
  return new UnreachableError(`${title} is unreachable: ${reason}${words ? ` (${words})` : ''}`);
}

/** Somebody answers there, but no forced command of ours. */
export const noSession = (title: string, greeting: string): UnreachableError =>
  new UnreachableError(
    `${title} is unreachable: it answers, but not as its forced command would: install templates/ there (it said ${JSON.stringify(greeting.slice(0, 200))})`,
  );
