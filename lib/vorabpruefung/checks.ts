/** How much a finding weighs for the application. */
export type Severity = 'ok' | 'note' | 'problem' | 'unchecked';

/** What is looked at, in the order of a report, with its German title. */
export const checks = {
  'dns-alias': 'Alias (CNAME) am Namen der Domain',
  'dns-mx': 'MX-Einträge',
  'dns-spf': 'SPF',
  'dns-dmarc': 'DMARC',
  'dns-dkim': 'DKIM',
  'dns-dnssec': 'DNSSEC',
  'dns-mta-sts': 'MTA-STS',
  'dns-mx-host': 'Adresse des Mailservers',
  'dns-tlsa': 'DANE (TLSA-Eintrag)',
  'smtp-connect': 'Erreichbarkeit auf Port 25',
  'smtp-banner': 'Begrüßung',
  'smtp-ehlo': 'EHLO',
  'smtp-starttls': 'Verschlüsselung (STARTTLS)',
  'smtp-certificate': 'Zertifikat',
  'smtp-size': 'Größte Mail',
  'smtp-null-sender': 'Leerer Absender',
  'smtp-postmaster': 'Empfänger postmaster',
  'smtp-unknown-recipient': 'Unbekannter Empfänger',
  'smtp-open-relay': 'Weiterleitung für Fremde',
  'host-listen': 'Port 25 auf dem Server',
  'host-limit': 'Eingestellte Größe',
  'host-outgoing': 'Ausgehende Verbindung',
} as const;

export type CheckId = keyof typeof checks;

interface Finding {
  readonly severity: Severity;
  /** What is so; German, one sentence without the value, which stands in `found`. */
  readonly text: string;
  /** What to do; empty: nothing. */
  readonly remedy: string;
}

/**
 * SIZE that a customer's server must allow, in bytes: the relay takes 100 MiB inside, and each hop inward allows
 * at least 1 MB more, or a mail that just fits grows by a header line and bounces.
 */
export const neededSize = 101 * 1024 * 1024;

const ok = (text: string, remedy = ''): Finding => ({ severity: 'ok', text, remedy });
const note = (text: string, remedy: string): Finding => ({ severity: 'note', text, remedy });
const problem = (text: string, remedy: string): Finding => ({ severity: 'problem', text, remedy });
const unchecked = (text: string, remedy: string): Finding => ({ severity: 'unchecked', text, remedy });

/**
 * Everything that can be found. The scripts in templates/vorabpruefung carry the same texts: after a change here
 * write them anew (see test/vorabpruefung/scripts.test.ts).
 */
export const findings = {
  'not-reached': unchecked('Nicht geprüft, weil ein früherer Schritt nicht gelang.', ''),
  'no-program': unchecked(
    'Nicht geprüft, weil auf diesem Rechner ein Programm oder eine Angabe fehlt.',
    'Das Genannte nachholen oder von einem anderen Rechner aus prüfen.',
  ),
  'dns-failed': unchecked(
    'Der Nameserver hat nicht oder mit einem Fehler geantwortet.',
    'Später noch einmal prüfen; bleibt es so, den Betreiber der Zone fragen.',
  ),

  'alias-none': ok('Die Domain ist kein Alias.'),
  alias: problem(
    'Die Domain ist ein Alias (CNAME); daneben darf es keinen MX-Eintrag geben.',
    'Den CNAME durch A- und MX-Einträge ersetzen lassen.',
  ),

  'mx-ok': ok('Die Domain nennt ihre Mailserver.'),
  'domain-missing': problem(
    'Die Domain gibt es im DNS nicht.',
    'Schreibweise prüfen; die Domain muss vor dem Antrag bestehen.',
  ),
  'mx-missing': problem(
    'Die Domain hat keinen MX-Eintrag.',
    'Einen MX-Eintrag setzen lassen, der den Namen des eigenen Mailservers nennt.',
  ),
  'mx-null': problem(
    'Die Domain erklärt mit einem Null-MX, dass sie keine Mail empfängt.',
    'Den Eintrag 0 . durch den Namen des eigenen Mailservers ersetzen lassen.',
  ),

  'spf-ok': ok('Es gibt genau einen SPF-Eintrag.'),
  'spf-missing': note(
    'Es gibt keinen SPF-Eintrag.',
    'Einen SPF-Eintrag setzen lassen, der die eigenen Mailserver nennt; das Relay kommt in Abschnitt 3 hinzu.',
  ),
  'spf-several': problem(
    'Es gibt mehrere SPF-Einträge; damit gilt keiner (RFC 7208).',
    'Die Einträge zu einem zusammenfassen lassen.',
  ),
  'spf-open': problem(
    'Der SPF-Eintrag erlaubt jedem das Senden.',
    'Am Ende ~all oder -all statt +all setzen lassen.',
  ),

  'dmarc-ok': ok('Es gibt eine DMARC-Richtlinie; sie wird mit der Umstellung nicht verschärft.'),
  'dmarc-missing': note(
    'Es gibt keine DMARC-Richtlinie.',
    'Empfohlen: mit v=DMARC1; p=none beginnen und Berichte auswerten.',
  ),
  'dmarc-several': note(
    'Es gibt mehrere DMARC-Einträge; damit gilt keiner (RFC 7489).',
    'Nur einen Eintrag stehen lassen.',
  ),

  'dkim-possible': ok(
    'Unter _domainkey gibt es Namen; welche Selektoren in Gebrauch sind, steht nicht im DNS.',
    'Die Selektoren im Antrag nennen.',
  ),
  'dkim-missing': note(
    'Es ist kein DKIM-Schlüssel veröffentlicht.',
    'Empfohlen: ausgehende Mail mit DKIM unterschreiben, bevor sie in Abschnitt 4 über das Relay geht.',
  ),

  'dnssec-ok': ok('Die Zone ist mit DNSSEC unterschrieben.'),
  'dnssec-none': ok('Unter diesem Namen sind keine DNSSEC-Schlüssel veröffentlicht; nötig ist das nicht.'),
  'dnssec-unanchored': note(
    'Die Zone ist unterschrieben, aber die übergeordnete Zone hat keinen DS-Eintrag: DNSSEC wirkt nicht.',
    'Den DS-Eintrag beim Registrar eintragen lassen oder DNSSEC abschalten.',
  ),

  'mta-sts-none': ok('MTA-STS ist nicht eingerichtet; nötig ist das nicht.'),
  'mta-sts-found': note(
    'MTA-STS ist eingerichtet: Die Richtlinie muss vor Abschnitt 4 auch die Mailserver von Dataport nennen.',
    'Im Antrag angeben, wer die Richtlinie ändern kann, und ihre max_age nennen.',
  ),

  'mx-host-ok': ok('Der Name des Mailservers führt zu einer Adresse.'),
  'mx-host-alias': problem(
    'Der MX-Eintrag nennt einen Alias (CNAME); das ist nicht erlaubt (RFC 2181) und manche Absender lehnen es ab.',
    'Im MX-Eintrag den Namen nennen, auf den der Alias zeigt.',
  ),
  'mx-host-missing': problem(
    'Der MX-Eintrag nennt einen Namen ohne Adresse.',
    'Einen A-Eintrag für den Namen setzen lassen oder den MX-Eintrag berichtigen.',
  ),
  'mx-host-ipv6': problem(
    'Der Mailserver hat nur eine IPv6-Adresse; viele Absender und die Adressübersetzung im Landesnetz brauchen IPv4.',
    'Einen A-Eintrag ergänzen lassen.',
  ),
  'mx-host-private': note(
    'Der Name führt zu einer privaten Adresse; aus dem Internet ist sie nicht erreichbar.',
    'Auf dem eigenen Netz kann das richtig sein (getrenntes DNS); sonst die öffentliche Adresse eintragen lassen.',
  ),

  'tlsa-none': ok('DANE ist nicht eingerichtet; nötig ist das nicht.'),
  'tlsa-found': note(
    'DANE ist eingerichtet: Der Eintrag muss bei jedem Wechsel des Zertifikats passen, sonst kommt keine Mail an.',
    'Im Antrag angeben, wer den TLSA-Eintrag pflegt.',
  ),

  'connect-ok': ok('Der Mailserver nimmt Verbindungen an.'),
  'connect-refused': problem(
    'Der Rechner antwortet, aber auf Port 25 nimmt nichts an.',
    'Läuft der Mailserver, und lauscht er auf dieser Adresse? Leitet die Firewall Port 25 zum richtigen Rechner?',
  ),
  'connect-timeout': problem(
    'Niemand antwortet auf Port 25.',
    'Firewall und Portweiterleitung prüfen; manche Anschlüsse sperren Port 25.',
  ),
  'connect-unreachable': problem(
    'Zu dieser Adresse führt kein Weg.',
    'Adresse, Leitung und Weiterleitung prüfen; ist der Rechner eingeschaltet?',
  ),
  'connect-not-from-here': unchecked(
    'Vom Server selbst aus ist seine öffentliche Adresse nicht zu erreichen; das ist bei vielen Routern so.',
    'Diesen Punkt von außen prüfen.',
  ),

  'banner-ok': ok('Der Mailserver begrüßt.'),
  'banner-missing': problem(
    'Die Verbindung steht, aber der Mailserver begrüßt nicht.',
    'Hinter der Weiterleitung antwortet kein Mailserver, oder ein Filter hält die Verbindung auf.',
  ),
  'banner-refused': problem(
    'Der Mailserver weist die Verbindung ab.',
    'Den Grund in seinem Protokoll nachsehen (Sperrliste, zu viele Verbindungen, gestört?).',
  ),
  'banner-masked': note(
    'Eine Firewall verdeckt die Begrüßung; solche Filter stören oft auch Verschlüsselung und große Mails.',
    'Die SMTP-Prüfung der Firewall (etwa fixup oder inspect smtp) abschalten.',
  ),

  'ehlo-ok': ok('Der Mailserver nennt seine Fähigkeiten.'),
  'ehlo-refused': problem(
    'Der Mailserver kennt EHLO nicht oder weist es ab.',
    'ESMTP einschalten; eine SMTP-Prüfung der Firewall abschalten.',
  ),

  'starttls-ok': ok('Verschlüsselung wird angeboten und gelingt.'),
  'starttls-missing': problem(
    'Der Mailserver bietet keine Verschlüsselung an.',
    'TLS mit einem Zertifikat einschalten; zum Landesnetz hin wird verschlüsselt.',
  ),
  'starttls-masked': problem(
    'Ein Filter auf dem Weg hat das Angebot der Verschlüsselung unkenntlich gemacht.',
    'Die SMTP-Prüfung der Firewall (etwa fixup oder inspect smtp) abschalten.',
  ),
  'starttls-failed': problem(
    'Verschlüsselung wird angeboten, gelingt aber nicht.',
    'Zertifikat, Schlüssel und zugelassene TLS-Versionen (mindestens 1.2) des Mailservers prüfen.',
  ),

  'certificate-ok': ok('Das Zertifikat gilt und nennt den Namen des Mailservers.'),
  'certificate-expired': note(
    'Das Zertifikat ist abgelaufen.',
    'Das Zertifikat erneuern und die Erneuerung selbsttätig laufen lassen.',
  ),
  'certificate-name': note(
    'Das Zertifikat nennt den Namen des Mailservers nicht.',
    'Ein Zertifikat auf den Namen aus dem MX-Eintrag ausstellen.',
  ),

  'size-ok': ok('Mails der nötigen Größe werden angenommen.'),
  'size-small': problem(
    'Der Mailserver nimmt weniger an, als das Relay weitergibt; größere Mails gingen an den Absender zurück.',
    'Mindestens 105906176 Byte (101 MiB) zulassen, auch in Filtern davor, oder im Antrag eine kleinere Grenze vereinbaren.',
  ),
  'size-unknown': note(
    'Der Mailserver nennt keine Größe.',
    'SIZE einschalten und mindestens 105906176 Byte (101 MiB) zulassen.',
  ),

  'null-sender-ok': ok('Unzustellbarkeitsmeldungen (leerer Absender) werden angenommen.'),
  'null-sender-refused': problem(
    'Der leere Absender wird abgewiesen; damit gehen Unzustellbarkeits- und Abwesenheitsmeldungen verloren.',
    'MAIL FROM:<> zulassen (RFC 5321).',
  ),

  'rcpt-deferred': note(
    'Der Mailserver vertröstet auf später (Greylisting, Drosselung oder Störung).',
    'Für das Relay muss Greylisting ausgenommen werden; nach einigen Minuten noch einmal prüfen.',
  ),
  'postmaster-ok': ok('Die Adresse postmaster wird angenommen.'),
  'postmaster-missing': problem(
    'Die Adresse postmaster wird abgewiesen; jede Domain muss sie haben (RFC 5321), ohne sie wird der MX nicht umgestellt.',
    'Die Adresse einrichten, für Absender von außen freigeben und lesen; der Anbindungstest fragt danach.',
  ),
  'domain-not-hosted': problem(
    'Der Mailserver ist für diese Domain nicht zuständig.',
    'Die Domain auf dem Server eintragen, oder der MX-Eintrag führt zum falschen Server.',
  ),

  'unknown-refused': ok('Unbekannte Empfänger werden sofort abgewiesen.'),
  'unknown-accepted': problem(
    'Auch unbekannte Empfänger werden angenommen; spätere Rückläufer träfen Unbeteiligte (Backscatter).',
    'Die Empfängerprüfung beim RCPT einschalten, oder dem Antrag die Liste der gültigen Empfänger beilegen.',
  ),

  'relay-closed': ok('Mail von Fremden an Fremde wird abgewiesen.'),
  'relay-open': problem(
    'Der Mailserver leitet Mail von Fremden an Fremde weiter (offenes Relay).',
    'Die Weiterleitung sofort auf die eigenen Netze und angemeldete Benutzer beschränken.',
  ),
  'relay-not-from-here': unchecked(
    'Dem eigenen Rechner erlaubt der Mailserver die Weiterleitung; das sagt nichts über Fremde.',
    'Diesen Punkt von außen prüfen.',
  ),

  'listen-ok': ok('Der Mailserver lauscht auf der inneren Adresse.'),
  'listen-none': problem(
    'Auf diesem Rechner lauscht nichts auf Port 25.',
    'Den Mailserver starten; ist das der richtige Rechner?',
  ),
  'listen-loopback': problem(
    'Der Mailserver lauscht nur für den eigenen Rechner.',
    'Ihn auf der inneren Adresse lauschen lassen (Postfix: inet_interfaces).',
  ),
  'listen-elsewhere': problem(
    'Der Mailserver lauscht nicht auf der angegebenen inneren Adresse.',
    'Die Adresse berichtigen oder den Mailserver auch dort lauschen lassen.',
  ),

  'limit-ok': ok('Die eingestellte Größe reicht.'),
  'limit-small': problem(
    'Die eingestellte Größe reicht nicht.',
    'Mindestens 105906176 Byte (101 MiB) einstellen; Grenzen der Postfächer müssen ebenso groß oder unbegrenzt sein.',
  ),

  'outgoing-ok': ok('Ausgehende Verbindungen zum genannten Ziel auf Port 25 gelingen.'),
  'outgoing-blocked': problem(
    'Ausgehende Verbindungen zum genannten Ziel auf Port 25 gelingen nicht.',
    'Die Firewall für ausgehende Verbindungen zu diesem Ziel öffnen.',
  ),
} as const satisfies Record<string, Finding>;

export type FindingId = keyof typeof findings;

/** The lines that the scripts carry, `check|title` and `finding|severity|text|remedy`. */
export const checkLines = (): string =>
  Object.entries(checks)
    .map((entry) => `${entry.join('|')}\n`)
    .join('');

export const findingLines = (): string =>
  Object.entries(findings)
    .map(([id, { severity, text, remedy }]) => `${[id, severity, text, remedy].join('|')}\n`)
    .join('');
