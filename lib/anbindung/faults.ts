/** Who puts a fault right. */
export type By = 'Kommune' | 'Dataport';

/** A fault as the report names it. German: the municipality reads it. */
export interface Fault {
  title: string;
  /** What it means for the mail. */
  meaning: string;
  /** What to do now. NAME stands for the municipality's id, ALIAS for the address under which its servers see the relay. */
  remedy: string;
  by: By;
}

/**
 * Every fault that the connection test can name; docs/anbindungstest.md says how each is seen. A fault is the cause,
 * not the symptom: one silence on the network has a dozen causes, and each has another person who ends it.
 */
export const faults = {
  'route-missing': {
    title: 'Dem Relay fehlt der Weg ins Landesnetz',
    meaning: 'Das Relay kennt keine Route zu den Transferadressen.',
    remedy: 'Route zum Bereich der Transferadressen am Relay eintragen.',
    by: 'Dataport',
  },
  'source-address-missing': {
    title: 'Dem Relay fehlt seine Ausgangsadresse',
    meaning: 'Die Adresse, für die alle Freischaltungen gelten, ist am Relay nicht eingerichtet.',
    remedy: 'Adresse `addresses.outgoing` der Plattformdatei am Relay einrichten oder die Datei berichtigen.',
    by: 'Dataport',
  },
  'not-in-pool': {
    title: 'Die Transferadresse liegt außerhalb dessen, was getestet werden darf',
    meaning: 'Der Testzugang am Relay lässt nur Adressen des Transferbereichs zu.',
    remedy: 'Bereiche beim Testzugang (mailversand-probe) und `transferPool` der Plattformdatei abgleichen.',
    by: 'Dataport',
  },
  'filter-before-gateway': {
    title: 'Zwischen Relay und Gateway wird gefiltert',
    meaning: 'Freischaltung und Adressübersetzung sind da, aber kein Paket des Relays kommt am Gateway an.',
    remedy: 'Firewalls und Routen zwischen Relay und Gateway prüfen.',
    by: 'Dataport',
  },
  'rule-missing': {
    title: 'Die Freischaltung fehlt am Gateway',
    meaning: 'Das Gateway verwirft die Verbindung, weil keine Freischaltung sie erlaubt.',
    remedy: 'Ausrollen, was fehlt: npx mailversand deploy NAME.',
    by: 'Dataport',
  },
  'translation-missing': {
    title: 'Die Adressübersetzung (DNAT) fehlt am Gateway',
    meaning: 'Das Gateway weiß nicht, welcher Mailserver hinter der Transferadresse steht.',
    remedy: 'Ausrollen, was fehlt: npx mailversand deploy NAME.',
    by: 'Dataport',
  },
  'source-nat-missing': {
    title: 'Die Quellübersetzung (SNAT) fehlt am Gateway',
    meaning:
      'Ihr Server sieht die Adresse des Relays statt der vereinbarten Alias-Adresse und findet keinen Weg zurück.',
    remedy: 'Ausrollen, was fehlt: npx mailversand deploy NAME.',
    by: 'Dataport',
  },
  'wrong-inside-address': {
    title: 'Falsche innere Adresse',
    meaning: 'Hinter der Transferadresse steht am Gateway eine Adresse, an der kein Gerät antwortet.',
    remedy:
      'Prüfen, ob der Mailserver eingeschaltet ist und ob seine innere Adresse in den Angaben zum Kundenmailserver stimmt; eine andere Adresse Dataport mitteilen.',
    by: 'Kommune',
  },
  'gateway-route-missing': {
    title: 'Dem Gateway fehlt der Weg zur Kommune',
    meaning: 'Freischaltung und Adressübersetzung sind da, aber für die innere Adresse gibt es keine Route.',
    remedy: 'Am Gateway die Route zur inneren Adresse in der Tabelle des Kundenanschlusses eintragen.',
    by: 'Dataport',
  },
  'gateway-differs': {
    title: 'Falsche innere Adresse am Gateway',
    meaning: 'Das Gateway übersetzt auf eine andere Adresse als die, die in der Datei der Kommune steht.',
    remedy: 'npx mailversand diff NAME zeigt den Unterschied, npx mailversand deploy NAME behebt ihn.',
    by: 'Dataport',
  },
  'return-path-missing': {
    title: 'Der Rückweg fehlt',
    meaning:
      'Pakete erreichen Ihr Netz, aber nichts kommt zurück, auch keine Antwort auf ein Ping: Ihr Server kennt keinen Weg zur Alias-Adresse des Relays.',
    remedy:
      'Im Netz der Kommune den Weg zur Alias-Adresse ALIAS über den Landesnetz-Anschluss eintragen (am Mailserver oder an seinem Router).',
    by: 'Kommune',
  },
  'filter-drop': {
    title: 'Ein Filter in Ihrem Netz verwirft die Verbindung',
    meaning: 'Ihr Server antwortet auf ein Ping, nicht aber auf Verbindungen zum Mailserver.',
    remedy: 'In Firewall und Server TCP von der Alias-Adresse ALIAS zum Port des Mailservers erlauben.',
    by: 'Kommune',
  },
  'filter-reject': {
    title: 'Ein Filter in Ihrem Netz weist die Verbindung ab',
    meaning: 'Ihr Netz meldet sofort zurück, dass die Verbindung nicht erlaubt ist.',
    remedy: 'In Firewall und Server TCP von der Alias-Adresse ALIAS zum Port des Mailservers erlauben.',
    by: 'Kommune',
  },
  'no-service': {
    title: 'Kein Mailserver auf diesem Port',
    meaning: 'Der Rechner antwortet, nimmt auf diesem Port aber keine Verbindung an.',
    remedy: 'Prüfen, ob der Mailserver läuft und auf der inneren Adresse und diesem Port hört.',
    by: 'Kommune',
  },
  'no-banner': {
    title: 'Der Mailserver begrüßt nicht',
    meaning:
      'Die Verbindung steht, aber keine Begrüßung kommt: Der Dienst hängt, oder ein Filter hält sie fest.',
    remedy:
      'Dienst und vorgeschaltete Filter (Tarpit, Proxy) prüfen; die Alias-Adresse ALIAS davon ausnehmen.',
    by: 'Kommune',
  },
  'not-a-mail-server': {
    title: 'Dort antwortet kein Mailserver',
    meaning: 'Auf diesem Port spricht ein anderes Programm.',
    remedy:
      'Innere Adresse und Port in den Angaben zum Kundenmailserver prüfen; Änderungen Dataport mitteilen.',
    by: 'Kommune',
  },
  'relay-refused': {
    title: 'Ihr Server weist das Relay ab',
    meaning: 'Schon die Begrüßung ist eine Absage: Die Alias-Adresse ist gesperrt oder nicht zugelassen.',
    remedy: 'Die Alias-Adresse ALIAS im Mailserver zulassen und von Sperrlisten ausnehmen.',
    by: 'Kommune',
  },
  'client-name-check': {
    title: 'Ihr Server verlangt einen Namen zur Alias-Adresse',
    meaning:
      'Er prüft den DNS-Namen des Absenders. Die Alias-Adresse ist eine innere Adresse und hat keinen.',
    remedy:
      'Die Alias-Adresse ALIAS von der Prüfung des Rechnernamens und von Sperrlisten (DNSBL) ausnehmen.',
    by: 'Kommune',
  },
  'no-esmtp': {
    title: 'Der Server kann kein ESMTP',
    meaning: 'Er lehnt EHLO ab; Verschlüsselung und große Nachrichten sind so nicht möglich.',
    remedy: 'Die SMTP-Prüfung der Firewall abschalten oder einen Mailserver mit ESMTP einsetzen.',
    by: 'Kommune',
  },
  'tls-stripped': {
    title: 'Die Verschlüsselung wird unterwegs entfernt',
    meaning: 'Ein Gerät auf dem Weg löscht das Angebot STARTTLS aus der Antwort Ihres Servers.',
    remedy: 'Die SMTP-Prüfung (SMTP-Inspection, Fixup, ESMTP-Filter) der Firewall für diesen Weg abschalten.',
    by: 'Kommune',
  },
  'tls-missing': {
    title: 'Der Server bietet keine Verschlüsselung an',
    meaning: 'Vereinbart ist Verschlüsselung (STARTTLS); ohne sie stellt das Relay nicht zu.',
    remedy:
      'STARTTLS mit einem Zertifikat einrichten, oder mit Dataport vereinbaren, dass auch unverschlüsselt zugestellt wird (`tls: may`).',
    by: 'Kommune',
  },
  'tls-broken': {
    title: 'Die Verschlüsselung kommt nicht zustande',
    meaning: 'Der Server bietet STARTTLS an, aber der Aufbau der Verschlüsselung scheitert.',
    remedy: 'Zertifikat und Schlüssel des Mailservers prüfen; sein Protokoll nennt den Grund.',
    by: 'Kommune',
  },
  'tls-too-old': {
    title: 'Die Verschlüsselung ist veraltet',
    meaning: 'Der Server kann nur Verfahren, die nicht mehr als sicher gelten (älter als TLS 1.2).',
    remedy: 'TLS 1.2 und 1.3 am Mailserver einschalten.',
    by: 'Kommune',
  },
  'certificate-expired': {
    title: 'Das Zertifikat gilt nicht',
    meaning: 'Seine Gültigkeit ist abgelaufen oder beginnt erst noch.',
    remedy: 'Ein gültiges Zertifikat einspielen; auch die Uhr des Servers prüfen.',
    by: 'Kommune',
  },
  'certificate-weak': {
    title: 'Der Schlüssel des Zertifikats ist zu kurz',
    meaning: 'RSA mit weniger als 2048 Bit gilt nicht mehr als sicher.',
    remedy: 'Ein Zertifikat mit RSA ab 2048 Bit oder mit elliptischer Kurve einspielen.',
    by: 'Kommune',
  },
  'size-too-small': {
    title: 'Die erlaubte Größe ist zu klein',
    meaning:
      'Nachrichten, die das Relay annimmt, würde Ihr Server abweisen: Sie gingen an den Absender zurück.',
    remedy:
      'Die Grenze am Mailserver auf mindestens den größten genannten Wert setzen, oder mit Dataport eine kleinere vereinbaren (`limits`); das Relay weist dann ab, was größer ist.',
    by: 'Kommune',
  },
  'size-hidden': {
    title: 'Weiter innen gilt eine kleinere Größe als angekündigt',
    meaning:
      'Der Server kündigt genug an, weist die Nachricht aber nach der Übertragung ab: Eine zweite Grenze (Filter, Postfachserver, Speicherplatz) ist kleiner.',
    remedy:
      'Grenzen von Inhaltsfilter und Postfachserver anheben; jede Station weiter innen braucht mindestens 1 MB mehr als die davor.',
    by: 'Kommune',
  },
  'domain-not-hosted': {
    title: 'Die Domain ist auf diesem Server nicht eingerichtet',
    meaning:
      'Er hält Nachrichten an die Domain für fremde und weist sie ab; vielleicht ist es der falsche Server.',
    remedy:
      'Die Domain am Mailserver als eigene (akzeptierte) Domain einrichten, oder seine innere Adresse in den Angaben zum Kundenmailserver prüfen.',
    by: 'Kommune',
  },
  'mailbox-unknown': {
    title: 'Das vereinbarte Testpostfach gibt es nicht',
    meaning: 'Der Server kennt die Domain, nicht aber das Postfach für den Anbindungstest.',
    remedy: 'Das Postfach einrichten, oder Dataport den Namen eines anderen nennen (`testMailbox`).',
    by: 'Kommune',
  },
  'mailbox-full': {
    title: 'Das Postfach ist voll',
    meaning: 'Der Server kennt es, hat aber keinen Platz mehr dafür (Kontingent ausgeschöpft).',
    remedy:
      'Das Postfach leeren oder sein Kontingent erhöhen, genug für alle Testnachrichten (bis zu 350 MB), und den Test wiederholen lassen.',
    by: 'Kommune',
  },
  'mailbox-restricted': {
    title: 'Das Postfach nimmt nur von bestimmten Absendern Mail an',
    meaning:
      'Es ist eine Gruppe, ein Verteiler oder ein Postfach mit Zustellungsbeschränkung; der Test schreibt von außen, wie jeder Absender über das Relay.',
    remedy:
      'Das Testpostfach für alle Absender von außen freigeben, oder Dataport den Namen eines anderen nennen (`testMailbox`).',
    by: 'Kommune',
  },
  'postmaster-missing': {
    title: 'Die Adresse postmaster nimmt keine Mail an',
    meaning:
      'Jede Domain, deren Mail ein Server annimmt, muss sie haben (RFC 5321), und auch von außen muss man ihr schreiben können. Soll der MX auf das Relay umgestellt werden, wird vorher mit ihr geprüft, ob Mail der Domain angenommen wird; ohne sie findet die Umstellung nicht statt.',
    remedy:
      'Bei der Domain postmaster als Postfach, Alias oder Verteiler einrichten, für Absender von außen freigeben und regelmäßig lesen.',
    by: 'Kommune',
  },
  backscatter: {
    title: 'Unbekannte Empfänger werden angenommen (Backscatter)',
    meaning:
      'Der Server nimmt Nachrichten an Postfächer an, die es nicht gibt, und muss sie später zurücksenden, bei Spam an Unbeteiligte.',
    remedy: 'Empfänger schon beim Befehl RCPT prüfen: Empfängerprüfung (Recipient Filtering) einschalten.',
    by: 'Kommune',
  },
  'open-relay': {
    title: 'Der Server leitet für das Relay in alle Welt weiter',
    meaning:
      'Er vertraut der Alias-Adresse wie einem Rechner im Haus. Jede Nachricht aus dem Internet kommt von dort: Das ist ein offenes Relay.',
    remedy:
      'Die Alias-Adresse ALIAS aus den vertrauten Netzen nehmen (mynetworks, Empfangsconnector mit Weiterleitung).',
    by: 'Kommune',
  },
  'open-relay-routing': {
    title: 'Der Server folgt Weiterleitungen in der Adresse',
    meaning:
      'Adressen wie name%fremd.example@domain führen über ihn nach außen: ein offenes Relay auf Umwegen.',
    remedy: 'Am Mailserver die Auswertung von % und ! in Adressen abschalten.',
    by: 'Kommune',
  },
  'own-sender-trusted': {
    title: 'Der Server vertraut dem Absender der eigenen Domain',
    meaning: 'Wer eine eigene Absenderadresse fälscht, darf von außen weiterleiten wie jemand im Haus.',
    remedy: 'Weiterleiten nur nach Anmeldung oder nach Netz erlauben, nie nach der Absenderadresse.',
    by: 'Kommune',
  },
  'null-sender-refused': {
    title: 'Der leere Absender wird abgewiesen',
    meaning: 'Unzustellbarkeits- und Abwesenheitsnachrichten gehen verloren.',
    remedy: 'Nachrichten mit leerem Absender (MAIL FROM:<>) annehmen.',
    by: 'Kommune',
  },
  'sender-check': {
    title: 'Der Server prüft SPF oder DMARC gegen die Alias-Adresse',
    meaning:
      'Hinter dem Relay lässt sich SPF nicht prüfen: Ihr Server sieht die Alias-Adresse und nicht die des Absenders. So scheitern auch echte Absender, und ohne SPF oft auch DMARC. Diese Prüfung ist Aufgabe von Dataport, bevor das Relay eine Nachricht weitergibt (SLA: E-Mail-Filterung).',
    remedy:
      'Die Alias-Adresse ALIAS von der SPF- und DMARC-Prüfung ausnehmen (als vertrauenswürdigen Zubringer eintragen).',
    by: 'Kommune',
  },
  greylisting: {
    title: 'Der Server stellt das Relay zurück (Greylisting)',
    meaning:
      'Jede Nachricht kommt verspätet an, und Spam hält es nicht auf: Ihr Server sieht immer dieselbe Adresse, und das Relay versucht es immer noch einmal. Spam abzuwehren ist Aufgabe von Dataport, bevor das Relay eine Nachricht weitergibt (SLA: E-Mail-Filterung).',
    remedy: 'Die Alias-Adresse ALIAS vom Greylisting ausnehmen.',
    by: 'Kommune',
  },
  'temporary-refusal': {
    title: 'Der Server nimmt zurzeit nicht an',
    meaning: 'Er antwortet mit einem vorübergehenden Fehler (4xx).',
    remedy:
      'Das Protokoll des Mailservers zur genannten Zeit ansehen, die Störung beheben und den Test wiederholen lassen.',
    by: 'Kommune',
  },
  'sender-refused': {
    title: 'Der Server weist den Absender des Tests ab',
    meaning: 'Eine gewöhnliche Nachricht des Relays an ein vorhandenes Postfach wird abgewiesen.',
    remedy: 'Das Protokoll des Mailservers zur genannten Zeit ansehen; die Alias-Adresse ALIAS zulassen.',
    by: 'Kommune',
  },
  throttling: {
    title: 'Der Server drosselt das Relay',
    meaning:
      'Von zwanzig gleichzeitigen Verbindungen werden nicht alle bedient. Alle Nachrichten kommen von dieser einen Adresse.',
    remedy: 'Die Alias-Adresse ALIAS von Grenzen je Client (Verbindungen, Rate) ausnehmen.',
    by: 'Kommune',
  },
  mtu: {
    title: 'Große Pakete gehen unterwegs verloren (MTU)',
    meaning:
      'Kurze Befehle kommen durch, größere Pakete nicht: Nachrichten bleiben mitten in der Übertragung hängen.',
    remedy:
      'VPN- und Firewall-Strecken prüfen: ICMP „fragmentation needed“ durchlassen oder die MSS begrenzen. Findet sich im Netz der Kommune nichts, prüft Dataport den Weg bis zum Gateway.',
    by: 'Kommune',
  },
  'message-hangs': {
    title: 'Die Übertragung einer Nachricht bleibt stehen',
    meaning: 'Der Server quittiert eine vollständig übertragene Nachricht nicht.',
    remedy: 'Inhaltsfilter und Protokoll des Mailservers zur genannten Zeit ansehen.',
    by: 'Kommune',
  },
  'spam-refused': {
    title: 'Der Spamfilter weist nach der Übertragung ab',
    meaning:
      'Er antwortet auf die Testnachricht GTUBE mit einem Fehler. Das Relay hat die Nachricht schon angenommen und müsste sie dem (oft gefälschten) Absender zurücksenden.',
    remedy: 'Spam von der Alias-Adresse ALIAS kennzeichnen oder in Quarantäne legen, nicht abweisen.',
    by: 'Kommune',
  },
  'virus-refused': {
    title: 'Der Virenschutz weist nach der Übertragung ab',
    meaning:
      'Er antwortet auf die Testdatei EICAR mit einem Fehler. Das Relay hat die Nachricht schon angenommen und müsste sie dem (oft gefälschten) Absender zurücksenden.',
    remedy: 'Viren von der Alias-Adresse ALIAS in Quarantäne legen, nicht abweisen.',
    by: 'Kommune',
  },
  'message-refused': {
    title: 'Eine gewöhnliche Nachricht wird nach der Übertragung abgewiesen',
    meaning: 'Empfänger und Größe waren in Ordnung, die Nachricht selbst nicht.',
    remedy: 'Das Protokoll des Mailservers zur genannten Zeit ansehen; Inhaltsregeln prüfen.',
    by: 'Kommune',
  },
  'blocked-by-test': {
    title: 'Der Server hat das Relay während des Tests gesperrt',
    meaning:
      'Vorher ging es, danach nicht mehr: Eine Sperre bei Auffälligkeiten (fail2ban o. ä.) trifft die eine Adresse, über die alles kommt.',
    remedy:
      'Die Alias-Adresse ALIAS von jeder automatischen Sperre ausnehmen und die bestehende Sperre aufheben.',
    by: 'Kommune',
  },
  'connection-lost': {
    title: 'Der Server bricht das Gespräch ab',
    meaning: 'Mitten im Gespräch antwortet er nicht mehr oder beendet die Verbindung.',
    remedy: 'Das Protokoll des Mailservers zur genannten Zeit ansehen; Grenzen für Fehler je Client prüfen.',
    by: 'Kommune',
  },
  'not-delivered': {
    title: 'Das Relay hat die Testnachricht nicht zugestellt',
    meaning: 'Sie kam am Relay an; sein Protokoll zeigt keine Zustellung an Ihren Server.',
    remedy:
      'Nennt die Zeile aus dem Protokoll des Relays eine Antwort Ihres Servers, dort nachsehen; sonst die Weiterleitung (Route) der Domain prüfen: npx mailversand diff NAME.',
    by: 'Dataport',
  },
  'relay-listener-away': {
    title: 'Der Eingang des Relays antwortet nicht',
    meaning:
      'Der Test erreicht diesen Eingang vom Relay selbst aus nicht; was er annimmt, ist nicht bekannt.',
    remedy:
      'Am Relay prüfen, ob Postfix läuft und auf dieser Adresse hört und ob der Testzugang (mailversand-probe) sie kennt.',
    by: 'Dataport',
  },
  'relay-not-accepting': {
    title: 'Das Relay nimmt für die Domain nicht an',
    meaning: 'Nach diesem Abschnitt müsste es Nachrichten dieser Herkunft annehmen.',
    remedy: 'npx mailversand diff NAME zeigt, was fehlt, npx mailversand deploy NAME richtet es ein.',
    by: 'Dataport',
  },
  'recipients-unconfirmed': {
    title: 'Kein Empfänger der Liste wurde bestätigt',
    meaning:
      'Das Relay nimmt aus dem Internet nur Mail an, deren Empfänger Ihr Server bestätigt; von denen der Liste hat er keinen bestätigt.',
    remedy:
      'Ist es die richtige Liste? Dann im Protokoll des Mailservers zur genannten Zeit nachsehen, was er ALIAS auf RCPT mit leerem Absender antwortet, und den Test mit der Liste frühestens nach zehn Minuten wiederholen lassen.',
    by: 'Kommune',
  },
  'relay-accepts-early': {
    title: 'Das Relay nimmt für die Domain schon an',
    meaning: 'Nach diesem Abschnitt dürfte es Nachrichten dieser Herkunft noch nicht annehmen.',
    remedy:
      'npx mailversand diff NAME zeigt, was zu viel ist. Zeigt es nichts, hat jemand den Eintrag von Hand gemacht: ihn am Relay entfernen.',
    by: 'Dataport',
  },
  'relay-limit': {
    title: 'Die Größengrenze am Relay stimmt nicht',
    meaning:
      'Vereinbart sind 35 MB aus dem Internet und 100 MB intern und aus dem NdB, oder was kleiner mit der Kommune vereinbart ist (`limits`); dieser Eingang nimmt weniger oder mehr an.',
    remedy:
      'npx mailversand diff NAME zeigt, ob am Relay andere Grenzen stehen als vereinbart; npx mailversand deploy NAME berichtigt sie. Zeigt es nichts, message_size_limit und die Dienste sizes-internal und sizes-internet am Relay berichtigen (templates/relay).',
    by: 'Dataport',
  },
  'outgoing-open-early': {
    title: 'Der Weg nach außen ist schon offen',
    meaning: 'Vor Abschnitt 4 darf von der Kommune nichts über das Relay hinausgehen.',
    remedy:
      'npx mailversand diff NAME zeigt, was zu viel ist. Zeigt es nichts, hat jemand die Freischaltung von Hand gemacht: sie am Gateway entfernen.',
    by: 'Dataport',
  },
  'outgoing-closed': {
    title: 'Der Weg nach außen ist nicht offen',
    meaning: 'Seit Abschnitt 4 muss der Mailserver der Kommune das Relay erreichen.',
    remedy: 'npx mailversand diff NAME zeigt, was fehlt, npx mailversand deploy NAME richtet es ein.',
    by: 'Dataport',
  },
  'outgoing-no-reply': {
    title: 'Die Antwort aus dem Testpostfach ging nicht durch das Relay',
    meaning:
      'Das Protokoll des Relays zeigt nicht, dass eine Antwort auf die Testnachricht hinausgegangen ist.',
    remedy:
      'Die Testnachricht vom Testpostfach aus beantworten, während der Test wartet; der Mailserver muss ausgehende Mail an die Alias-Adresse ALIAS, Port 25, geben.',
    by: 'Kommune',
  },
  'outgoing-outdated': {
    title: 'Die Antwort gehört zu einem anderen Stand',
    meaning:
      'Seit die Testnachricht gesendet wurde, haben sich Server, Adressen, Domains, Grenzen oder der Abschnitt geändert. Was die Antwort damals zeigte, gilt für das Neue nicht.',
    remedy:
      'npx mailversand anbindungstest NAME noch einmal ohne --antwort ausführen, die neue Nachricht vom Testpostfach aus beantworten und diese Antwort übergeben.',
    by: 'Dataport',
  },
  'outgoing-unsigned': {
    title: 'Ausgehende Nachrichten sind nicht unterschrieben (DKIM)',
    meaning:
      'Die Antwort trug beim Empfänger keine DKIM-Unterschrift der Domain. Weitergeleitete Nachrichten und solche an große Anbieter kommen dann oft nicht an.',
    remedy:
      'Am Mailserver (oder am Filter davor) ausgehende Nachrichten der Domain mit DKIM unterschreiben und den öffentlichen Schlüssel ins DNS eintragen.',
    by: 'Kommune',
  },
  'outgoing-dkim-key': {
    title: 'Der DKIM-Schlüssel im DNS fehlt oder taugt nicht',
    meaning: 'Die Nachricht ist unterschrieben, aber niemand kann die Unterschrift prüfen.',
    remedy:
      'Den öffentlichen Schlüssel (RSA ab 1024, besser 2048 Bit, oder Ed25519) unter dem genannten Namen ins DNS eintragen.',
    by: 'Kommune',
  },
  'outgoing-dkim-broken': {
    title: 'Die DKIM-Unterschrift gilt beim Empfänger nicht',
    meaning:
      'Die Nachricht wurde nach dem Unterschreiben verändert, oder sie ist mit einem anderen Schlüssel unterschrieben als dem im DNS. Das Relay verändert keine Nachricht.',
    remedy:
      'Erst ganz zuletzt unterschreiben (nach Fußzeile, Haftungshinweis und Filter) und Schlüssel und Selektor mit dem DNS vergleichen.',
    by: 'Kommune',
  },
  'outgoing-spf': {
    title: 'SPF erlaubt dem Relay nicht, für die Domain zu senden',
    meaning:
      'Empfänger prüfen die Adresse, von der das Relay sendet, gegen den SPF-Eintrag der Domain und weisen die Nachricht ab.',
    remedy:
      'Das Relay in den SPF-Eintrag aufnehmen (seit Abschnitt 3: npx mailversand deploy NAME; bei einem Hoster nach dem Hosterblatt) und prüfen, dass es genau einen gibt.',
    by: 'Dataport',
  },
  'outgoing-dmarc-missing': {
    title: 'Die Domain hat keinen DMARC-Eintrag',
    meaning: 'Ohne ihn kann DMARC beim Empfänger nicht bestehen; große Anbieter verlangen es.',
    remedy: 'Im DNS unter _dmarc der Domain einen Eintrag anlegen; „v=DMARC1; p=none“ genügt für den Anfang.',
    by: 'Kommune',
  },
  'outgoing-dmarc': {
    title: 'DMARC besteht beim Empfänger nicht',
    meaning:
      'Weder die DKIM-Unterschrift noch SPF gilt für die Domain im Absender, so genau wie ihr DMARC-Eintrag es verlangt.',
    remedy:
      'Mit genau der Domain des Absenders unterschreiben (d=), oder im DMARC-Eintrag adkim=s und aspf=s durch r ersetzen.',
    by: 'Kommune',
  },
} as const satisfies Record<string, Fault>;

export type FaultId = keyof typeof faults;

/** What a server must have for each domain: one may have it, and the next not. */
export const ofOneDomain: ReadonlySet<FaultId> = new Set([
  'domain-not-hosted',
  'mailbox-unknown',
  'mailbox-full',
  'mailbox-restricted',
  'postmaster-missing',
]);
