import { settlingNow, type Guarded } from './guarded.js';
import { receiverChecksSpf } from './names.js';

/**
 * For a domain that has gone back to stage 0, and of which everything is still kept.
 * @param others domains whose mail goes on leaving by the relay
 */
export function leavesSpfEarly(guarded: () => Guarded, domain: string, others: string[]): void {
  test('the relay leaves its SPF record with the permission to send, and holds mail: gate-spf-early', async () => {
    const { desk, id } = guarded();
    await guarded().fault(
      () => receiverChecksSpf(guarded()),
      () => guarded().postconf('internet', 'smtpd_recipient_restrictions='),
    );
    await guarded().fault(
      () => Promise.resolve(),
      () => later(''),
    );
    await desk.edit(id, (text) =>
      text.replace('reportedOn: 2026-01-31,', 'reportedOn: 2026-01-31, withdrawnOn: 2026-01-31,'),
    );
    // By hand: all that the command would take out one after the other.
    const kept = await desk.edit(id, (text) => text.replace(/^ *- \{ stage: [234], .*\n/gm, ''));
    await desk.synth(id);
    const sent = await waitsForTheInternet();
    expect(await refusedInTheEnd()).toEqual(['gate-spf-early']);
    expect(await triedAgain(sent)).toBe('delivered');

    const lost = await waitsForTheInternet();
    expect(await refusedInTheEnd()).toEqual(['gate-spf-early']);
    await guarded().applyWithout('gate-spf-early');
    expect(await triedAgain(lost)).toMatch(/^relay: .*status=bounced .*550 5\.7\.\d+ .*SPF/);
    await desk.edit(id, () => kept);
    await desk.apply(id);
  });

  const silent = ['gate-client-silent', 'gate-listener-silent'];

  /** What refuses the deploy when everything that only takes time is over. */
  async function refusedInTheEnd(): Promise<string[]> {
    for (;;) {
      await guarded().desk.mailversand('beobachten', guarded().id);
      const rules = await guarded().refusedOnceDue();
      if (!rules.some((rule) => silent.includes(rule))) return rules;
    }
  }

  /** What the relay hears outside. */
  const later = (what: string): Promise<void> =>
    guarded().postconf('internet', `smtpd_client_restrictions=${what}`);

  /** A mail of the domain that waits at the relay, since nobody outside takes it now. @returns to whom */
  async function waitsForTheInternet(): Promise<string> {
    const { rehearsal, id } = guarded();
    const recipient = `spaet-${Math.random().toString(36).slice(2)}@absender.example`;
    await later('check_client_access inline:{203.0.113.10=DEFER}');
    await rehearsal.municipalityOutgoing(id, 'relay');
    const end = await guarded().ends({ from: id, sender: `amt@${domain}`, to: 'internet', recipient });
    expect(end).toMatch(/^relay: .*status=deferred/);
    await rehearsal.municipalityOutgoing(id, 'relay', others);
    return recipient;
  }

  /** How it ends now that it would be taken. */
  async function triedAgain(recipient: string): Promise<string> {
    await later('');
    await guarded().sh('relay', 'postqueue -f');
    const about = new RegExp(`to=<${recipient}>.*status=(sent|bounced)`);
    return guarded().fate(about, ['relay', 'internet'], 'internet');
  }
}

/**
 * For a domain of which nothing is there.
 * @param entry what the file said of it
 */
export function leaps(guarded: () => Guarded, domain: string, entry: () => string): void {
  test('it comes again in one leap, with the test in between left out: gate-domain-step', async () => {
    const { desk, rehearsal, id } = guarded();
    const { relayAlias } = rehearsal.municipality(id).network;
    await guarded().fault(
      () =>
        guarded().postconf(
          id,
          'smtpd_restriction_classes=not_by_relay',
          `not_by_relay=check_client_access inline:{${relayAlias}=REJECT}`,
          `smtpd_recipient_restrictions=check_recipient_access inline:{${domain}=not_by_relay}`,
        ),
      () => guarded().postconf(id, 'smtpd_restriction_classes=', 'smtpd_recipient_restrictions='),
    );
    const facts =
      '    stage: 3\n    ndb: { reference: NDB-1, reportedOn: 2026-01-31, confirmedOn: 2026-01-31 }\n';
    // In a zone of the platform its provider would find other records than the stage before has left.
    const leaping = entry()
      .replace(/writer: .*/, 'writer: hoster')
      .replace(/ {4}ndb:[^]*$/, '')
      .concat(facts);
    await desk.edit(
      id,
      (text) =>
        text.replace('domains:\n', `domains:\n${leaping}`).replace(/^settling: .*\n/m, '') + settlingNow(3),
    );
    await desk.synth(id);
    await guarded().keepNothing();
    expect(await guarded().refusedOnceDue()).toEqual(['gate-domain-step']);
    expect(await guarded().ends({ from: 'tenant', recipient: `vorher@${domain}` })).toBe('delivered');

    await guarded().applyWithout('gate-domain-step');
    const lost = await guarded().ends({ from: 'tenant', recipient: `nachher@${domain}` });
    expect(lost).toMatch(/^relay: .*status=bounced .*554/);
  });
}
