import { UnreachableError } from '../../../lib/provider/element.js';
import { explain } from '../../../lib/provider/transport/explain.js';

describe('why a far end cannot be asked', () => {
  test.each([
    ['Host key verification failed.', 'its host key is not the one in the platform file'],
    ['mv@h: Permission denied (publickey).', 'it does not let this user in'],
    ['ssh: Could not resolve hostname gw: Name or service not known', 'its name cannot be resolved'],
    ['ssh: connect to host h port 22: Connection refused', 'it refuses the connection'],
    ['ssh: connect to host h port 22: Connection timed out', 'it does not answer in time'],
    ['Timeout, server h not responding.', 'it does not answer in time'],
    ['ssh: connect to host h port 22: No route to host', 'there is no way to its address'],
    ['kex_exchange_identification: Connection closed by remote host', 'it closed the connection'],
    ['/tmp/c: line 1: Bad configuration option: x', "ssh's configuration has a mistake"],
    ['sh: 1: /x/mailversand-gateway: not found', 'its forced command is missing'],
  ])('%s', (stderr, reason) => {
    const error = explain('gateway gw1 (mv@h)', `a banner\n${stderr}\n`, 'it ended with 255');
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error.message).toContain(`gateway gw1 (mv@h) is unreachable: ${reason}`);
    expect(error.message).toMatch(/\)$/);
    expect(error.message).not.toContain('banner');
  });

  test('words that nobody knows are passed on with how it ended', () => {
    expect(explain('relay r', 'something new', 'it ended with 7').message).toBe(
      'relay r is unreachable: it ended with 7 (something new)',
    );
  });

  test('a program that is not there', () => {
    expect(explain('relay r', '', 'spawn ssh ENOENT').message).toContain('install OpenSSH’s client');
  });
});
