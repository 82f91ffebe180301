import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { RehearsalError } from './error.js';

/** Programs of a rehearsal and the Debian packages they are in. */
export const programs: Readonly<Record<string, string>> = {
  conntrack: 'conntrack',
  flock: 'util-linux',
  ip: 'iproute2',
  knotd: 'knot',
  mount: 'mount',
  nc: 'netcat-openbsd',
  nft: 'nftables',
  nsenter: 'util-linux',
  nsupdate: 'bind9-dnsutils',
  openssl: 'openssl',
  ping: 'iputils-ping',
  postfix: 'postfix',
  postmap: 'postfix',
  setcap: 'libcap2-bin',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  sshd: 'openssh-server',
  unshare: 'util-linux',
};

/** Debian's package with Postfix's map type, which has no program of its own. */
const lmdb = { file: '/usr/lib/postfix/postfix-lmdb.so', package: 'postfix-lmdb' };

const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

const there = (path: string, mode: number): boolean => {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
};

/** What a rehearsal under load needs beyond that: the mail servers' caching resolvers. */
export const loadPrograms: Readonly<Record<string, string>> = { named: 'bind9' };

/** Programs that only the tests need: a second name server, further shells and DNS clients, signatures, a receiver's SPF check, the check of scripts. */
export const testPrograms: Readonly<Record<string, string>> = {
  ...loadPrograms,
  bash: 'bash',
  busybox: 'busybox',
  dash: 'dash',
  dig: 'bind9-dnsutils',
  host: 'bind9-host',
  nslookup: 'bind9-dnsutils',
  'policyd-spf': 'postfix-policyd-spf-python',
  dkimverify: 'python3-dkim',
  python3: 'python3',
  shellcheck: 'shellcheck',
};

/** Debian packages that are not installed here, sorted. */
export function missingPackages(needed: Readonly<Record<string, string>> = programs): string[] {
  const missing = Object.entries(needed)
    .filter(([program]) => !folders.some((folder) => there(join(folder, program), constants.X_OK)))
    .map(([, name]) => name);
  if (!there(lmdb.file, constants.R_OK)) missing.push(lmdb.package);
  return [...new Set(missing)].sort();
}

/** One message that says what to do, or nothing. */
export function whatIsMissing(
  machine: { platform: string; root: boolean; packages: string[] } = {
    platform: process.platform,
    root: process.getuid?.() === 0,
    packages: process.platform === 'linux' ? missingPackages() : [],
  },
): string | undefined {
  if (machine.platform !== 'linux') {
    return 'The rehearsal needs Linux (network namespaces, nftables). Run it in the container: see Containerfile.';
  }
  const steps = [
    ...(machine.packages.length > 0
      ? [
          `install what is missing: apt-get install ${machine.packages.join(' ')} (on Debian: npx mailversand setup)`,
        ]
      : []),
    ...(machine.root
      ? []
      : ['start it as root, or in the container (Containerfile): it makes network namespaces']),
  ];
  return steps.length === 0 ? undefined : `The rehearsal cannot start here: ${steps.join('; and ')}.`;
}

/** @throws RehearsalError that says what to do */
export function requireMachine(): void {
  const message = whatIsMissing();
  if (message !== undefined) throw new RehearsalError(message);
}
