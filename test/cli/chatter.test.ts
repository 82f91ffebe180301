import { withoutChatter } from '../../lib/cli/chatter.js';

const heard = (text: string): string[] => {
  const lines: string[] = [];
  const line = withoutChatter((said) => lines.push(said));
  for (const said of text.split('\n')) line(said);
  return lines.filter((said) => said.trim() !== '');
};

const initialised = `[2026-11-24T11:28:17.175] [WARN] default - WARNING: Found NODE_OPTIONS environment variable without a setting for --max-old-space-size
might fail while synthesizing with an out of memory error.
musterstadt  Initializing the backend...

musterstadt  Initializing provider plugins...
             - Finding mailversand.example/interkommunal/dns versions matching "0.1.0-b7"...

             OpenTofu has been successfully initialized!

             If you ever set or change modules or backend configuration for OpenTofu,
             rerun this command to reinitialize your working directory. If you forget, other
             commands will detect it and remind you to do so if necessary.
`;

test('of a plan the plan remains', () => {
  expect(
    heard(`${initialised}
musterstadt  landesnetz_migration_gate.g (mail/stage/gate): Refreshing state... [id=musterstadt]
musterstadt  # landesnetz_relay_route.r (mail/relay/route) will be created
             Plan: 2 to add, 2 to change, 0 to destroy.
             ─────────────────────────────────────
             Saved the plan to: plan

             To perform exactly these actions, run the following command to apply:
                 tofu apply "plan"
`),
  ).toEqual([
    'musterstadt  # landesnetz_relay_route.r (mail/relay/route) will be created',
    '             Plan: 2 to add, 2 to change, 0 to destroy.',
  ]);
});

test('an error comes once, the first time', () => {
  expect(
    heard(`${initialised}
musterstadt  Planning failed. OpenTofu encountered an error while generating this plan.
[2026-11-24T09:12:19.801] [ERROR] default -
Error: musterstadt may not go to stage 2 yet [gate-evidence]

  with landesnetz_migration_gate.gate,
Write into the file:
- connectionTestPassedOn

musterstadt  Error: musterstadt may not go to stage 2 yet [gate-evidence]

               with landesnetz_migration_gate.gate (mail/stage/gate),
             Write into the file:
             - connectionTestPassedOn
Error: External Error: Stack failed to plan: musterstadt. Please check the logs for more information.`),
  ).toEqual([
    'musterstadt  Planning failed. OpenTofu encountered an error while generating this plan.',
    'Error: musterstadt may not go to stage 2 yet [gate-evidence]',
    '  with landesnetz_migration_gate.gate,',
    'Write into the file:',
    '- connectionTestPassedOn',
  ]);
});

test('of the project’s own providers nobody hears where they come from, nor that the engine failed behind its error', () => {
  expect(
    heard(`musterstadt  - Fetching mailversand.example/interkommunal/dns 0.1.0-b7 for linux_amd64...
             - Retrieved mailversand.example/interkommunal/dns 0.1.0-b7 for linux_amd64 (unauthenticated)
             - Obtained mailversand.example/interkommunal/dns checksums for linux_amd64; All checksums were there

             Success! OpenTofu has validated the lock file and found no need for changes.

musterstadt  Error: musterstadt stands at stage 0, and 2 is not one step from there [gate-one-step]

Invoking Terraform CLI failed with exit code 1`),
  ).toEqual([
    'musterstadt  Error: musterstadt stands at stage 0, and 2 is not one step from there [gate-one-step]',
  ]);
});

test('an error in the middle of what is left out is heard', () => {
  expect(
    heard(`musterstadt  Initializing the backend...
musterstadt  Error: Failed to get existing workspaces
             no space left on device`),
  ).toEqual([
    'musterstadt  Error: Failed to get existing workspaces',
    '             no space left on device',
  ]);
});

test('where an error stands in the synthesised file is left out, what it says is not', () => {
  expect(
    heard(`musterstadt  Error: The MX of musterstadt.example may not move [gate-connection-test]

               with landesnetz_migration_gate.gate (mail/stage/gate),
               on cdk.tf.json line 321, in resource.landesnetz_migration_gate.gate (mail/stage/gate):
              321:         "moves": [
              322:           {

             - the register has no passed test of the kind anbindungstest
             Run npx mailversand anbindungstest.`),
  ).toEqual([
    'musterstadt  Error: The MX of musterstadt.example may not move [gate-connection-test]',
    '               with landesnetz_migration_gate.gate (mail/stage/gate),',
    '             - the register has no passed test of the kind anbindungstest',
    '             Run npx mailversand anbindungstest.',
  ]);
});
