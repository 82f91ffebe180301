import { cutoverRules } from './resources/cutover/index.js';
import { gateRules } from './resources/gate-rules.js';

interface Documented {
  id: string;
  why: string;
  remedy: string;
}

/** Refusals that do not come from the gate's own list, but from what is about to change or go. */
const others: Readonly<Record<'every' | 'told' | 'back' | 'added' | 'goes', readonly Documented[]>> = {
  every: [
    {
      id: 'gate-relay-settings',
      why: 'A relay that is set otherwise than templates/relay asks for loses mail however its maps are written.',
      remedy: 'Set what the message names as it says, postfix reload, and deploy again (docs/relay.md).',
    },
  ],
  told: [
    {
      id: 'gate-hoster-not-deployed',
      why: 'A hoster that is told something before the stage is deployed may be quicker than the deploy.',
      remedy:
        'Deploy the stage first, then npx mailversand hosterblatt; on the way back the sheet comes first: hosterblatt … --zurueck.',
    },
    {
      id: 'gate-hoster-not-accepted',
      why: 'An MX that names a relay which does not accept and route the domain has its mail deferred until it does.',
      remedy: 'Deploy again: that writes acceptance and route. Then npx mailversand hosterblatt.',
    },
    {
      id: 'gate-hoster-spf',
      why: 'A hoster that takes the relay out of SPF while mail of the municipality may still leave it has receivers refuse that mail.',
      remedy:
        'Deploy the file without the relay in SPF first: that waits until nobody may send by it any more and its queue has had its time. Then npx mailversand hosterblatt.',
    },
  ],
  back: [
    {
      id: 'gate-hoster-mx-first',
      why: 'What is kept for a way back is kept from the edge on: an MX that moves days after it would have too little of that.',
      remedy:
        'Have the hoster move the MX back (npx mailversand hosterblatt, with --warten it waits; with --zurueck only before the edge is written), then deploy.',
    },
  ],
  added: [
    {
      id: 'gate-server-untried',
      why: 'While mail flows, a server gets mail only over a path that was there before and was tested.',
      remedy:
        'npx mailversand server … add, deploy, npx mailversand anbindungstest, npx mailversand server … tested, deploy.',
    },
    {
      id: 'gate-server-settling',
      why: 'A server that gets mail for the first time may refuse what the old one took; that bounces at once, unless the relay keeps it for a while.',
      remedy:
        'npx mailversand server … tested writes settling with the day of the test. It stays until its time is over: npx mailversand stage with --settled.',
    },
  ],
  goes: [
    {
      id: 'gate-in-use',
      why: 'A relay that lets go of a domain while its MX still points there, or mail for it waits, loses that mail.',
      remedy: 'Move the MX first and wait until every server shows it; wait until the queue is empty.',
    },
    {
      id: 'gate-settled-queue',
      why: 'What the municipality’s servers refuse waits while an edge settles. Once that ends all of it bounces at once.',
      remedy:
        'postqueue -p on the relay shows the reasons: mend them at the municipality’s server and wait until no mail is deferred any more, or return or delete single mails knowingly (postsuper -f, -d).',
    },
    {
      id: 'gate-destroy',
      why: 'A stack that is destroyed at stage 2 or later, or while something is kept, takes the mail with it.',
      remedy: 'Go back to stage 1 edge by edge. A renamed construct is moved in the state: state mv OLD NEW.',
    },
  ],
};

/** Ids of everything that may refuse a deploy. */
export const guards: readonly string[] = [...gateRules, ...Object.values(others).flat()].map(({ id }) => id);

/** The page docs/gate.md. */
export function gateDocumentation(): string {
  const moving = (towards: string): readonly Documented[] =>
    cutoverRules.filter((rule) => rule.towards === towards);
  const ofMoves = new Set(cutoverRules.map(({ id }) => id));
  return [
    '<!-- Made from lib/provider/resources/gate-rules.ts and cutover/ by `UPDATE_DOCS=1 npm run test:pure -- documentation`. -->',
    '# What the gate refuses',
    'The gate looks while a plan is made, and again as the first thing that is applied. A refused deploy ends with exit code 3 and has changed nothing. Where only time stands against it, `npx mailversand deploy <municipality> --wait 2h` waits, shows for what and until when, and goes on. Each message ends in the id of its rule.',
    '## Every edge',
    section([...gateRules.filter(({ id }) => !ofMoves.has(id)), ...others.every]),
    '## Before the MX moves to the relay',
    'Asked of the deploy that moves it: at stage 4, once `outgoingTestPassedOn` stands in the file, until every server of the zone shows the relay. What is looked at is looked at from the vantage point that the platform file names, where the engine runs.',
    section(moving('relay')),
    '## Before a hoster is told to change a record',
    'Asked by `npx mailversand hosterblatt`, besides everything that stands against the move, of each domain by itself: one that is refused holds up no other.',
    section(others.told),
    '## Before the MX goes back',
    section([...moving('municipality'), ...others.back]),
    '## Before another server gets mail',
    section(others.added),
    '## Before something goes',
    section(others.goes),
    '',
  ]
    .join('\n\n')
    .replace(/\n\n$/, '\n');
}

const section = (rules: readonly Documented[]): string =>
  rules.map(({ id, why, remedy }) => `### ${id}\n\n${why}\n\n**To do:** ${remedy}`).join('\n\n');
