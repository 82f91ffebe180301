import { type Host, launch } from '../../../lib/provider/protocol/launch.js';

const cookie = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';

const refusalOf = (environment: Host['environment']): [number, string | undefined] | undefined => {
  let refusal: [number, string | undefined] | undefined;
  launch(() => Promise.reject(new Error('nothing is to be loaded')), {
    environment,
    print: () => undefined,
    exit: (code, message) => {
      refusal = [code, message];
    },
  });
  return refusal;
};

describe('a start', () => {
  test.each<[string, Host['environment'], RegExp]>([
    ['by a person says what the program is', {}, /provider for OpenTofu and Terraform/],
    [
      'by an engine of an older protocol says which it needs',
      { TF_PLUGIN_MAGIC_COOKIE: cookie, PLUGIN_PROTOCOL_VERSIONS: '4,5' },
      /protocol 6/,
    ],
    [
      'without a client certificate serves nobody',
      { TF_PLUGIN_MAGIC_COOKIE: cookie, PLUGIN_PROTOCOL_VERSIONS: '5,6' },
      /certificate/,
    ],
  ])('%s', (_, environment, message) => {
    expect(refusalOf(environment)).toEqual([1, expect.stringMatching(message)]);
  });
});
