import { text } from './field.js';

/** A network interface's name, as the kernel takes it (15 characters) and nftables needs no quotes for. */
export const interfaceName = text({
  rule: 'interface',
  pattern: '^[A-Za-z][A-Za-z0-9._-]{0,14}$',
  expected: 'the name of a network interface: letters, digits and . _ -, beginning with a letter, at most 15',
  remedy: 'write it as `ip link` shows it on the gateway',
  example: 'c0',
});

/** A login name that no program takes for an option or an expression. */
export const user = text({
  rule: 'user',
  pattern: '^[a-z_][a-z0-9_-]{0,31}$',
  expected: 'a login name: a-z, 0-9, _ and -, beginning with a letter or _, at most 32 characters',
  remedy: 'write the unprivileged user whose forced command is installed there (templates/)',
  example: 'mv-gateway',
});

/** One line of OpenSSH's public host keys, without host name and comment. */
export const hostKey = text({
  rule: 'host-key',
  pattern: '^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)) [A-Za-z0-9+/]{40,800}={0,2}$',
  expected: 'one OpenSSH public host key: its type and its base64, nothing before or behind',
  remedy: 'copy the first two words of /etc/ssh/ssh_host_ed25519_key.pub on that host, over a way you trust',
  example: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEV4YW1wbGUta2V5LS0tLS0tLS0tLS0tLS0tLS0tLS0t',
});
