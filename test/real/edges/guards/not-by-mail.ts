/** Guards without a test of this kind: mostly because no mail of the rehearsal is lost, each with what is lost instead. */
export const notByMail: Readonly<Record<string, string>> = {
  'gate-alias':
    'Where the platform writes the zone, its provider refuses a name that is an alias, too; at a hoster’s zone mail goes on to the old server until that is closed, days later.',
  'gate-null-mx':
    'The deploy writes the relay in place of the null MX: mail flows again, to a domain whose owner said that nobody reads it.',
  'gate-dmarc':
    'The tighter policy is published already: a strict receiver refuses the same mail whether the MX moves or not; what is lost is the knowledge which of two changes it was.',
  'gate-expired': 'Mail flows as before, on an approval that has ended.',
  'gate-register-lost':
    'What carries mail and is not declared is refused by gate-unfinished-edge too; what is lost is the time for which something is kept.',
  'gate-other-name': 'Elements stay that no file declares: an opening that nobody sees.',
  'gate-state-lost': 'Elements stay that no state takes away: an opening that nobody sees.',
  'gate-limits-untested':
    'It asks for the connection test, and test/real/anbindung shows that this finds a server that takes less, or does not encrypt.',
  'gate-relay-settings':
    'Each setting loses another mail, or opens the relay; test/real/targets/postfix.test.ts shows that a real Postfix set so is not written to.',
  'gate-hoster-not-deployed':
    'The sheet of a stage that is not deployed would have an MX moved early: the relay defers until the deploy (test/real/edges/hoster.test.ts moves one so).',
  'gate-hoster-not-accepted':
    'The relay defers what it does not accept (4xx): mail waits at its senders until the deploy that accepts it.',
  'gate-hoster-spf':
    'What is lost is what gate-spf-early keeps, which has its test: only the hand is another that takes the relay out.',
  'gate-hoster-mx-first':
    'What is kept would end too early by the time the hoster takes; then gate-in-use refuses until no server shows the relay.',
};
