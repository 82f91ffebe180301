import { knownRecipient, type CutoverRule } from './cutover.js';

export const recipientsChecked: CutoverRule = {
  id: 'gate-recipients',
  why: 'A relay that takes mail for recipients who do not exist must bounce it to senders who are mostly forged: backscatter, and soon a place on block lists.',
  towards: 'relay',
  summary: 'its relay takes mail for a recipient who does not exist',
  remedy:
    'The relay asks the municipality’s server, which must refuse unknown recipients at RCPT (550), before it has the mail. Have it set so; npx mailversand anbindungstest shows whether it is. Then deploy again.',
  // A relay without a route asks itself, and believes itself: that is another rule's matter.
  check: ({ move, askedTo, routed }) =>
    routed
      ? askedTo.flatMap(({ host, answers }) =>
          answers.flatMap(({ address, recipients }) =>
            recipients
              .filter(({ recipient, code }) => recipient !== knownRecipient(move.domain) && code === 250)
              .map(({ recipient, text }) => `${host} (${address}) answers ${recipient}: 250 ${text}`),
          ),
        )
      : [],
};
