#!/bin/sh
# Vorabprüfung des Mailservers (Aufgabe 03), auf einem Rechner mit Linux, ohne Installation:
#   sh mailversand-pruefung.sh [--json] [--innen ADRESSE] [--ausgang ZIEL] DOMAIN…     auf dem Mailserver
#   sh mailversand-pruefung.sh --von-aussen [--json] DOMAIN…                           auf einem anderen Rechner
# Der Bericht steht auf der Standardausgabe und gehört in den Antrag. Es wird keine Mail verschickt und nichts
# verändert. Ende: 0 keine Hindernisse, 1 Hindernisse, 4 falscher Aufruf. Erklärung: docs/vorabpruefung.md
#
# Needs sh and awk, sed, sort, tr, cut, mkfifo. Uses if there: dig, host or nslookup; bash or nc; openssl; postconf.
# What is missing shows as "nicht geprüft". The same checks as lib/vorabpruefung and mailversand-pruefung.ps1.
set -u
LC_ALL=C
export LC_ALL
# A server that hangs up is a result, not the end.
trap '' PIPE

checks() {
  cat <<'EOF'
dns-alias|Alias (CNAME) am Namen der Domain
dns-mx|MX-Einträge
dns-spf|SPF
dns-dmarc|DMARC
dns-dkim|DKIM
dns-dnssec|DNSSEC
dns-mta-sts|MTA-STS
dns-mx-host|Adresse des Mailservers
dns-tlsa|DANE (TLSA-Eintrag)
smtp-connect|Erreichbarkeit auf Port 25
smtp-banner|Begrüßung
smtp-ehlo|EHLO
smtp-starttls|Verschlüsselung (STARTTLS)
smtp-certificate|Zertifikat
smtp-size|Größte Mail
smtp-null-sender|Leerer Absender
smtp-postmaster|Empfänger postmaster
smtp-unknown-recipient|Unbekannter Empfänger
smtp-open-relay|Weiterleitung für Fremde
host-listen|Port 25 auf dem Server
host-limit|Eingestellte Größe
host-outgoing|Ausgehende Verbindung
EOF
}

findings() {
  cat <<'EOF'
not-reached|unchecked|Nicht geprüft, weil ein früherer Schritt nicht gelang.|
no-program|unchecked|Nicht geprüft, weil auf diesem Rechner ein Programm oder eine Angabe fehlt.|Das Genannte nachholen oder von einem anderen Rechner aus prüfen.
dns-failed|unchecked|Der Nameserver hat nicht oder mit einem Fehler geantwortet.|Später noch einmal prüfen; bleibt es so, den Betreiber der Zone fragen.
alias-none|ok|Die Domain ist kein Alias.|
alias|problem|Die Domain ist ein Alias (CNAME); daneben darf es keinen MX-Eintrag geben.|Den CNAME durch A- und MX-Einträge ersetzen lassen.
mx-ok|ok|Die Domain nennt ihre Mailserver.|
domain-missing|problem|Die Domain gibt es im DNS nicht.|Schreibweise prüfen; die Domain muss vor dem Antrag bestehen.
mx-missing|problem|Die Domain hat keinen MX-Eintrag.|Einen MX-Eintrag setzen lassen, der den Namen des eigenen Mailservers nennt.
mx-null|problem|Die Domain erklärt mit einem Null-MX, dass sie keine Mail empfängt.|Den Eintrag 0 . durch den Namen des eigenen Mailservers ersetzen lassen.
spf-ok|ok|Es gibt genau einen SPF-Eintrag.|
spf-missing|note|Es gibt keinen SPF-Eintrag.|Einen SPF-Eintrag setzen lassen, der die eigenen Mailserver nennt; das Relay kommt in Abschnitt 3 hinzu.
spf-several|problem|Es gibt mehrere SPF-Einträge; damit gilt keiner (RFC 7208).|Die Einträge zu einem zusammenfassen lassen.
spf-open|problem|Der SPF-Eintrag erlaubt jedem das Senden.|Am Ende ~all oder -all statt +all setzen lassen.
dmarc-ok|ok|Es gibt eine DMARC-Richtlinie; sie wird mit der Umstellung nicht verschärft.|
dmarc-missing|note|Es gibt keine DMARC-Richtlinie.|Empfohlen: mit v=DMARC1; p=none beginnen und Berichte auswerten.
dmarc-several|note|Es gibt mehrere DMARC-Einträge; damit gilt keiner (RFC 7489).|Nur einen Eintrag stehen lassen.
dkim-possible|ok|Unter _domainkey gibt es Namen; welche Selektoren in Gebrauch sind, steht nicht im DNS.|Die Selektoren im Antrag nennen.
dkim-missing|note|Es ist kein DKIM-Schlüssel veröffentlicht.|Empfohlen: ausgehende Mail mit DKIM unterschreiben, bevor sie in Abschnitt 4 über das Relay geht.
dnssec-ok|ok|Die Zone ist mit DNSSEC unterschrieben.|
dnssec-none|ok|Unter diesem Namen sind keine DNSSEC-Schlüssel veröffentlicht; nötig ist das nicht.|
dnssec-unanchored|note|Die Zone ist unterschrieben, aber die übergeordnete Zone hat keinen DS-Eintrag: DNSSEC wirkt nicht.|Den DS-Eintrag beim Registrar eintragen lassen oder DNSSEC abschalten.
mta-sts-none|ok|MTA-STS ist nicht eingerichtet; nötig ist das nicht.|
mta-sts-found|note|MTA-STS ist eingerichtet: Die Richtlinie muss vor Abschnitt 4 auch die Mailserver von Dataport nennen.|Im Antrag angeben, wer die Richtlinie ändern kann, und ihre max_age nennen.
mx-host-ok|ok|Der Name des Mailservers führt zu einer Adresse.|
mx-host-alias|problem|Der MX-Eintrag nennt einen Alias (CNAME); das ist nicht erlaubt (RFC 2181) und manche Absender lehnen es ab.|Im MX-Eintrag den Namen nennen, auf den der Alias zeigt.
mx-host-missing|problem|Der MX-Eintrag nennt einen Namen ohne Adresse.|Einen A-Eintrag für den Namen setzen lassen oder den MX-Eintrag berichtigen.
mx-host-ipv6|problem|Der Mailserver hat nur eine IPv6-Adresse; viele Absender und die Adressübersetzung im Landesnetz brauchen IPv4.|Einen A-Eintrag ergänzen lassen.
mx-host-private|note|Der Name führt zu einer privaten Adresse; aus dem Internet ist sie nicht erreichbar.|Auf dem eigenen Netz kann das richtig sein (getrenntes DNS); sonst die öffentliche Adresse eintragen lassen.
tlsa-none|ok|DANE ist nicht eingerichtet; nötig ist das nicht.|
tlsa-found|note|DANE ist eingerichtet: Der Eintrag muss bei jedem Wechsel des Zertifikats passen, sonst kommt keine Mail an.|Im Antrag angeben, wer den TLSA-Eintrag pflegt.
connect-ok|ok|Der Mailserver nimmt Verbindungen an.|
connect-refused|problem|Der Rechner antwortet, aber auf Port 25 nimmt nichts an.|Läuft der Mailserver, und lauscht er auf dieser Adresse? Leitet die Firewall Port 25 zum richtigen Rechner?
connect-timeout|problem|Niemand antwortet auf Port 25.|Firewall und Portweiterleitung prüfen; manche Anschlüsse sperren Port 25.
connect-unreachable|problem|Zu dieser Adresse führt kein Weg.|Adresse, Leitung und Weiterleitung prüfen; ist der Rechner eingeschaltet?
connect-not-from-here|unchecked|Vom Server selbst aus ist seine öffentliche Adresse nicht zu erreichen; das ist bei vielen Routern so.|Diesen Punkt von außen prüfen.
banner-ok|ok|Der Mailserver begrüßt.|
banner-missing|problem|Die Verbindung steht, aber der Mailserver begrüßt nicht.|Hinter der Weiterleitung antwortet kein Mailserver, oder ein Filter hält die Verbindung auf.
banner-refused|problem|Der Mailserver weist die Verbindung ab.|Den Grund in seinem Protokoll nachsehen (Sperrliste, zu viele Verbindungen, gestört?).
banner-masked|note|Eine Firewall verdeckt die Begrüßung; solche Filter stören oft auch Verschlüsselung und große Mails.|Die SMTP-Prüfung der Firewall (etwa fixup oder inspect smtp) abschalten.
ehlo-ok|ok|Der Mailserver nennt seine Fähigkeiten.|
ehlo-refused|problem|Der Mailserver kennt EHLO nicht oder weist es ab.|ESMTP einschalten; eine SMTP-Prüfung der Firewall abschalten.
starttls-ok|ok|Verschlüsselung wird angeboten und gelingt.|
starttls-missing|problem|Der Mailserver bietet keine Verschlüsselung an.|TLS mit einem Zertifikat einschalten; zum Landesnetz hin wird verschlüsselt.
starttls-masked|problem|Ein Filter auf dem Weg hat das Angebot der Verschlüsselung unkenntlich gemacht.|Die SMTP-Prüfung der Firewall (etwa fixup oder inspect smtp) abschalten.
starttls-failed|problem|Verschlüsselung wird angeboten, gelingt aber nicht.|Zertifikat, Schlüssel und zugelassene TLS-Versionen (mindestens 1.2) des Mailservers prüfen.
certificate-ok|ok|Das Zertifikat gilt und nennt den Namen des Mailservers.|
certificate-expired|note|Das Zertifikat ist abgelaufen.|Das Zertifikat erneuern und die Erneuerung selbsttätig laufen lassen.
certificate-name|note|Das Zertifikat nennt den Namen des Mailservers nicht.|Ein Zertifikat auf den Namen aus dem MX-Eintrag ausstellen.
size-ok|ok|Mails der nötigen Größe werden angenommen.|
size-small|problem|Der Mailserver nimmt weniger an, als das Relay weitergibt; größere Mails gingen an den Absender zurück.|Mindestens 105906176 Byte (101 MiB) zulassen, auch in Filtern davor, oder im Antrag eine kleinere Grenze vereinbaren.
size-unknown|note|Der Mailserver nennt keine Größe.|SIZE einschalten und mindestens 105906176 Byte (101 MiB) zulassen.
null-sender-ok|ok|Unzustellbarkeitsmeldungen (leerer Absender) werden angenommen.|
null-sender-refused|problem|Der leere Absender wird abgewiesen; damit gehen Unzustellbarkeits- und Abwesenheitsmeldungen verloren.|MAIL FROM:<> zulassen (RFC 5321).
rcpt-deferred|note|Der Mailserver vertröstet auf später (Greylisting, Drosselung oder Störung).|Für das Relay muss Greylisting ausgenommen werden; nach einigen Minuten noch einmal prüfen.
postmaster-ok|ok|Die Adresse postmaster wird angenommen.|
postmaster-missing|problem|Die Adresse postmaster wird abgewiesen; jede Domain muss sie haben (RFC 5321), ohne sie wird der MX nicht umgestellt.|Die Adresse einrichten, für Absender von außen freigeben und lesen; der Anbindungstest fragt danach.
domain-not-hosted|problem|Der Mailserver ist für diese Domain nicht zuständig.|Die Domain auf dem Server eintragen, oder der MX-Eintrag führt zum falschen Server.
unknown-refused|ok|Unbekannte Empfänger werden sofort abgewiesen.|
unknown-accepted|problem|Auch unbekannte Empfänger werden angenommen; spätere Rückläufer träfen Unbeteiligte (Backscatter).|Die Empfängerprüfung beim RCPT einschalten, oder dem Antrag die Liste der gültigen Empfänger beilegen.
relay-closed|ok|Mail von Fremden an Fremde wird abgewiesen.|
relay-open|problem|Der Mailserver leitet Mail von Fremden an Fremde weiter (offenes Relay).|Die Weiterleitung sofort auf die eigenen Netze und angemeldete Benutzer beschränken.
relay-not-from-here|unchecked|Dem eigenen Rechner erlaubt der Mailserver die Weiterleitung; das sagt nichts über Fremde.|Diesen Punkt von außen prüfen.
listen-ok|ok|Der Mailserver lauscht auf der inneren Adresse.|
listen-none|problem|Auf diesem Rechner lauscht nichts auf Port 25.|Den Mailserver starten; ist das der richtige Rechner?
listen-loopback|problem|Der Mailserver lauscht nur für den eigenen Rechner.|Ihn auf der inneren Adresse lauschen lassen (Postfix: inet_interfaces).
listen-elsewhere|problem|Der Mailserver lauscht nicht auf der angegebenen inneren Adresse.|Die Adresse berichtigen oder den Mailserver auch dort lauschen lassen.
limit-ok|ok|Die eingestellte Größe reicht.|
limit-small|problem|Die eingestellte Größe reicht nicht.|Mindestens 105906176 Byte (101 MiB) einstellen; Grenzen der Postfächer müssen ebenso groß oder unbegrenzt sein.
outgoing-ok|ok|Ausgehende Verbindungen zum genannten Ziel auf Port 25 gelingen.|
outgoing-blocked|problem|Ausgehende Verbindungen zum genannten Ziel auf Port 25 gelingen nicht.|Die Firewall für ausgehende Verbindungen zu diesem Ziel öffnen.
EOF
}

needed_size=105906176
unknown_local_part=pruefung-unbekannter-empfaenger
foreign_recipient=postmaster@example.com

have() { command -v "$1" >/dev/null 2>&1; }

# --- results: one line each, CHECK DOMAIN SERVER FINDING FOUND, separated by tabs ------------------------------

# result CHECK FINDING [FOUND], about $domain and $server
result() {
  printf '%s\t%s\t%s\t%s\t' "$1" "$domain" "$server" "$2" >>"$work/results"
  # Whatever a foreign server said: one line of printable ASCII, at most 200 characters.
  printf '%s' "${3-}" | tr -c '\040-\176' '?' | cut -c1-200 >>"$work/results"
  [ -n "${3-}" ] || echo >>"$work/results"
}

# One awk program for both forms, which join the results with their texts.
# shellcheck disable=SC2016 # for awk to expand
join_texts='
  function quoted(s,   i, c, out) {
    for (i = 1; i <= length(s); i++) {
      c = substr(s, i, 1)
      out = out ((c == "\"" || c == "\\") ? "\\" c : c)
    }
    return "\"" out "\""
  }
  FILENAME ~ /checks$/ { split($0, f, "|"); title[f[1]] = f[2]; next }
  FILENAME ~ /findings$/ { split($0, f, "|"); severity[f[1]] = f[2]; text[f[1]] = f[3]; remedy[f[1]] = f[4]; next }
  { n++; split($0, f, "\t"); check[n] = f[1]; dom[n] = f[2]; srv[n] = f[3]; id[n] = f[4]; found[n] = f[5] }
'

print_json() {
  awk -v view="$view" -v at="$now" -v domains="$domains" "$join_texts"'
    END {
      count = split(domains, d, " ")
      for (i = 1; i <= count; i++) list = list ((i > 1) ? ", " : "") quoted(d[i])
      print "{\n  \"version\": 1,\n  \"program\": \"mailversand-pruefung.sh\",\n  \"view\": " quoted(view) ","
      print "  \"at\": " quoted(at) ",\n  \"domains\": [" list "],\n  \"results\": ["
      for (i = 1; i <= n; i++) {
        printf "    {\"check\": %s, \"domain\": %s, \"server\": %s, ", quoted(check[i]), quoted(dom[i]), quoted(srv[i])
        printf "\"finding\": %s, \"severity\": %s, ", quoted(id[i]), quoted(severity[id[i]])
        printf "\"title\": %s, \"found\": %s, ", quoted(title[check[i]]), quoted(found[i])
        printf "\"text\": %s, \"remedy\": %s}%s\n", quoted(text[id[i]]), quoted(remedy[id[i]]), i < n ? "," : ""
      }
      print "  ]\n}"
    }' "$work/checks" "$work/findings" "$work/results"
}

print_text() {
  awk -v view="$view" -v time="$german_time" -v domains="$domains" "$join_texts"'
    function section(of, heading,   i, where) {
      if (!number[of]) return
      print "\n" heading
      for (i = 1; i <= n; i++) {
        if (severity[id[i]] != of) continue
        where = dom[i] (dom[i] != "" && srv[i] != "" ? ", " : "") srv[i]
        print "- " title[check[i]] (where == "" ? "" : " (" where ")") ": " text[id[i]]
        if (found[i] != "") print (id[i] == "no-program" ? "  es fehlt: " : "  gefunden: ") found[i]
        if (remedy[id[i]] != "") print "  zu tun:   " remedy[id[i]]
      }
    }
    END {
      for (i = 1; i <= n; i++) number[severity[id[i]]]++
      gsub(/ /, ", ", domains)
      print "Vorabprüfung des Mailservers (Aufgabe 03: Verfügbarkeit lokaler Mailserver prüfen)"
      print "Anlage zum Antrag auf Freischaltung\n"
      print "Domain:    " domains
      print "Sicht:     " (view == "host" ? "auf dem Mailserver" : "von außen")
      print "Stand:     " time
      print "Programm:  mailversand-pruefung.sh"
      printf "Ergebnis:  Hindernisse: %d, Hinweise: %d, Nicht geprüft: %d, In Ordnung: %d\n", \
        number["problem"], number["note"], number["unchecked"], number["ok"]
      section("problem", "Hindernisse"); section("note", "Hinweise")
      section("unchecked", "Nicht geprüft"); section("ok", "In Ordnung")
    }' "$work/checks" "$work/findings" "$work/results"
}

# --- DNS -------------------------------------------------------------------------------------------------------

# lookup NAME TYPE: $status (found, absent, name-missing, failed, no-program) and $values, sorted, a line each, as in
# lib/vorabpruefung/lookup.ts.
lookup() {
  if have dig; then
    dig +time=5 +tries=2 +noall +comments +answer "$1." "$2" 2>/dev/null | awk -v type="$2" '
      /^;; ->>HEADER<<-/ { sub(/.*status: /, ""); sub(/,.*/, ""); rcode = $0 }
      !/^;/ && $4 == type { for (i = 0; i < 4; i++) sub(/^[^ \t]+[ \t]+/, ""); print "value " $0 }
      END { print rcode }'
  elif have host; then
    host -W 5 -R 2 -t "$2" "$1." 2>/dev/null | awk -v type="$2" '
      BEGIN {
        phrase = type == "A" ? " has address " : type == "AAAA" ? " has IPv6 address " : \
          type == "CNAME" ? " is an alias for " : type == "MX" ? " mail is handled by " : \
          type == "TXT" ? " descriptive text " : " has " type " record "
      }
      (at = index($0, phrase)) { print "value " substr($0, at + length(phrase)); rcode = "NOERROR" }
      / has no .* record$/ { rcode = "NOERROR" }
      /\(NXDOMAIN\)/ { rcode = "NXDOMAIN" }
      END { print rcode }'
  elif have nslookup; then
    case $2 in A | AAAA | CNAME | MX | TXT) ;; *) status=no-program missing='dig oder host' values='' && return ;; esac
    nslookup "-type=$2" "$1." 2>/dev/null | awk -v type="$2" '
      BEGIN { phrase = type == "CNAME" ? "canonical name = " : type == "MX" ? "mail exchanger = " : "text = " }
      # No answer is said in words by one nslookup and by silence by the other.
      /^Server:/ { rcode = "NOERROR" }
      /find .*: [A-Z]+$/ { rcode = $NF }
      /timed out|no servers/ { rcode = "" }
      /^Name:/ { named = 1 }
      type ~ /^A/ && named && /^Address/ { sub(/^Address[^:]*:[ \t]*/, ""); print "value " $0 }
      type == "AAAA" && /has AAAA address/ { sub(/.*has AAAA address /, ""); print "value " $0 }
      type !~ /^A/ && (at = index($0, phrase)) { print "value " substr($0, at + length(phrase)) }
      END { print rcode }'
  else
    status=no-program missing='dig, host oder nslookup' values=''
    return
  fi >"$work/answer"
  values=$(sed -n 's/^value //p' "$work/answer" | case $2 in
    A | AAAA) sort ;;
    CNAME) sed 's/\.$//' | tr '[:upper:]' '[:lower:]' | sort ;;
    MX) sed 's/\.$//' | tr '[:upper:]' '[:lower:]' | sort -k1,1n -k2,2 ;;
    TXT) sed 's/^"//; s/"[[:space:]]*$//; s/" *"//g; s/\\\(.\)/\1/g' | sort ;;
    *) sed "s/.*/$2/" ;;
  esac)
  case $values-$(sed -n '$p' "$work/answer") in
    -NOERROR) status=absent ;;
    -NXDOMAIN) status='name-missing' ;;
    *-NOERROR) status=found ;;
    *) status=failed values='' ;;
  esac
}

# answered CHECK: whether the last look-up says anything; otherwise that is the result.
answered() {
  case $status in
    failed) result "$1" dns-failed ;;
    no-program) result "$1" no-program "$missing" ;;
    *) return 0 ;;
  esac
  return 1
}

# records PATTERN: those lines of $values, $count of them, as $list separated by semicolons
records() {
  list=$(printf '%s\n' "$values" | sed -n "/$1/p" | awk '{ printf "%s%s", (NR > 1 ? "; " : ""), $0 }')
  count=$(printf '%s\n' "$values" | sed -n "/$1/p" | awk 'END { print NR }')
}

check_domain() {
  server=
  lookup "$domain" CNAME
  # A name that does not exist has no record of any type and no names below it: one sentence says all of it.
  if [ "$status" = name-missing ]; then
    not_reached dns-alias
    result dns-mx domain-missing
    not_reached dns-spf dns-dmarc dns-dkim dns-dnssec dns-mta-sts
    return
  fi
  if answered dns-alias; then
    records .
    if [ "$count" -gt 0 ]; then result dns-alias alias "$list"; else result dns-alias alias-none; fi
  fi

  lookup "$domain" MX
  hosts=
  if answered dns-mx; then
    records .
    hosts=$(printf '%s\n' "$values" | sed 's/^[0-9]* *//' | awk '/./ && !seen[$0]++')
    case $status in
      name-missing) result dns-mx domain-missing ;;
      absent) result dns-mx mx-missing ;;
      *) if printf '%s\n' "$values" | grep -q ' $'; then result dns-mx mx-null "$list"; else result dns-mx mx-ok "$list"; fi ;;
    esac
  fi

  lookup "$domain" TXT
  if answered dns-spf; then
    records '^[vV]=[sS][pP][fF]1\( \|$\)'
    case $count in
      0) result dns-spf spf-missing ;;
      1) case "$(printf '%s' "$list" | tr '[:upper:]' '[:lower:]') " in
        *' +all '* | *' all '*) result dns-spf spf-open "$list" ;;
        *) result dns-spf spf-ok "$list" ;;
      esac ;;
      *) result dns-spf spf-several "$list" ;;
    esac
  fi

  lookup "_dmarc.$domain" TXT
  if answered dns-dmarc; then
    records '^v=DMARC1'
    case $count in
      0) result dns-dmarc dmarc-missing ;;
      1) result dns-dmarc dmarc-ok "$list" ;;
      *) result dns-dmarc dmarc-several "$list" ;;
    esac
  fi

  # No selector exists where the name above them does not (RFC 8020).
  lookup "_domainkey.$domain" TXT
  if answered dns-dkim; then
    if [ $status = name-missing ]; then result dns-dkim dkim-missing; else result dns-dkim dkim-possible; fi
  fi

  lookup "$domain" DNSKEY
  if answered dns-dnssec; then
    signed=$status
    lookup "$domain" DS
    if answered dns-dnssec; then
      case $signed-$status in
        found-found) result dns-dnssec dnssec-ok ;;
        found-*) result dns-dnssec dnssec-unanchored ;;
        *) result dns-dnssec dnssec-none ;;
      esac
    fi
  fi

  lookup "_mta-sts.$domain" TXT
  if answered dns-mta-sts; then
    records '^v=STSv1'
    if [ "$count" -gt 0 ]; then result dns-mta-sts mta-sts-found "$list"; else result dns-mta-sts mta-sts-none; fi
  fi

  for host in $hosts; do check_host; done
}

is_private() {
  printf '%s\n' "$1" | grep -Eq '^(10|127|192\.168|169\.254|172\.(1[6-9]|2[0-9]|3[01])|100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7]))\.'
}

check_host() {
  server=$host
  lookup "$host" A
  addresses=$values
  v4_status=$status
  lookup "$host" AAAA
  values=$(printf '%s\n%s\n' "$addresses" "$values" | sed '/^$/d')
  records .
  all=$list
  lookup "$host" CNAME
  if answered dns-mx-host; then
    alias=$values
    status=$v4_status
    if answered dns-mx-host; then
      if [ -n "$alias" ]; then result dns-mx-host mx-host-alias "$alias"
      elif [ -z "$all" ]; then result dns-mx-host mx-host-missing
      elif [ -z "$addresses" ]; then result dns-mx-host mx-host-ipv6 "$all"
      elif is_private "$addresses"; then result dns-mx-host mx-host-private "$all"
      else result dns-mx-host mx-host-ok "$all"; fi
    fi
  fi
  lookup "_25._tcp.$host" TLSA
  if answered dns-tlsa; then
    if [ $status = found ]; then result dns-tlsa tlsa-found; else result dns-tlsa tlsa-none; fi
  fi
  for address in $addresses; do
    server="$host [$address]"
    check_smtp "$address" "$host"
  done
}

# --- SMTP ------------------------------------------------------------------------------------------------------

cr=$(printf '\r')
transport=
if have bash; then transport=bash; elif have nc; then transport=nc; fi

# Carries standard input and output to port 25 of $1: plain, or encrypted for the name $3 if $2 is tls.
carry() {
  if [ "$2" = tls ]; then
    : >"$work/connected"
    # -quiet also keeps s_client from taking a line that begins with R or Q as a command to itself.
    exec openssl s_client -quiet -starttls smtp -connect "$1:25" ${3:+-servername "$3"}
  elif [ $transport = bash ]; then
    # shellcheck disable=SC2016 # for bash to expand
    exec bash -c 'exec 3<>"/dev/tcp/$0/25" || exit; : >"$1/connected"; cat <&3 & echo $! >"$1/reader"; exec cat >&3' \
      "$1" "$work"
  else
    : >"$work/connected"
    exec nc -w 30 "$1" 25
  fi
}

# begin ADDRESS plain|tls [NAME]: a dialogue, written to descriptor 3, read from 4, ended by force after 90 s.
begin() {
  rm -f "$work/to" "$work/from" "$work/connected" "$work/reader"
  mkfifo "$work/to" "$work/from"
  carry "$@" <"$work/to" >"$work/from" 2>"$work/error" &
  carrier=$!
  (
    sleep 10
    if [ -e "$work/connected" ]; then sleep 80; fi
    stop_carrier
  ) >/dev/null 2>&1 &
  watchdog=$!
  exec 3>"$work/to" 4<"$work/from"
}

stop_carrier() {
  kill "$carrier"
  if [ -e "$work/reader" ]; then kill "$(cat "$work/reader")"; fi
}

# end: politely, then for certain
end() {
  say QUIT
  exec 3>&- 4<&-
  { stop_carrier; kill -KILL "$watchdog"; wait "$carrier" "$watchdog"; } 2>/dev/null
}

# reply: the next answer as $code (empty: none came), $lines, and $answer in one line
reply() {
  code='' lines='' answer=''
  while IFS= read -r line <&4; do
    line=${line%"$cr"}
    case $line in
      [2-5][0-9][0-9] | [2-5][0-9][0-9][\ -]*) ;;
      *) code='' && return ;;
    esac
    rest=${line#???}
    rest=${rest#[ -]}
    lines="$lines$rest
"
    answer="${answer:+$answer / }$rest"
    case $line in
      ???-*) ;;
      *)
        code=${line%"${line#???}"}
        answer="$code $answer"
        return
        ;;
    esac
  done
}

# say COMMAND: sends it and waits for its answer
say() {
  { printf '%s\r\n' "$1" >&3; } 2>/dev/null || { code='' && return; }
  reply
}

# limited SECONDS COMMAND…: ends it by force after a time. A shell that has only just been forked still has this one's
# traps: by any other signal it would clear the folder away.
limited() {
  limit=$1
  shift
  "$@" &
  limited=$!
  (sleep "$limit"; kill $limited) >/dev/null 2>&1 &
  killer=$!
  wait $limited 2>/dev/null
  { kill -KILL $killer; wait $killer; } 2>/dev/null
}

own_name=$(hostname -f 2>/dev/null || hostname 2>/dev/null)
case $own_name in
  *[!A-Za-z0-9.-]* | .* | *. | '') own_name='[127.0.0.1]' ;;
  *.*) ;;
  *) own_name='[127.0.0.1]' ;;
esac

not_reached() { for check; do result "$check" not-reached; done; }

# How a connection failed, as $failure.
connect_failure() {
  case $(cat "$work/error") in
    *refused*) failure=refused ;;
    *'No route'* | *unreachable* | *prohibited* | *'Permission denied'*) failure=unreachable ;;
    *'timed out'*) failure=timeout ;;
    *) failure=timeout ;;
  esac
}

rcpt_checks='smtp-null-sender smtp-postmaster smtp-unknown-recipient smtp-open-relay'

# check_smtp ADDRESS [NAME]: everything about one server, as $server
# shellcheck disable=SC2086 # lists of words
check_smtp() {
  if [ -z "$transport" ]; then
    for check in smtp-connect smtp-banner smtp-ehlo smtp-starttls smtp-certificate smtp-size $rcpt_checks; do
      result $check no-program 'bash oder nc'
    done
    return
  fi
  begin "$1" plain
  reply
  if [ -z "$code" ] && { [ ! -e "$work/connected" ] || grep -Eq 'refused|No route|unreachable|prohibited|timed out' "$work/error"; }; then
    end
    connect_failure
    if [ $view = host ] && [ -n "$2" ]; then failure=not-from-here; fi
    result smtp-connect connect-$failure
    not_reached smtp-banner smtp-ehlo smtp-starttls smtp-certificate smtp-size $rcpt_checks
    return
  fi
  result smtp-connect connect-ok
  case $code in
    '') result smtp-banner banner-missing ;;
    [45]*) result smtp-banner banner-refused "$answer" ;;
    *) case $answer in
      *'***'*) result smtp-banner banner-masked "$answer" ;;
      *) result smtp-banner banner-ok "$answer" ;;
    esac ;;
  esac
  case $code in
    2*) ;;
    *)
      end
      not_reached smtp-ehlo smtp-starttls smtp-certificate smtp-size $rcpt_checks
      return
      ;;
  esac
  say "EHLO $own_name"
  if [ "$code" != 250 ]; then
    if [ -n "$code" ]; then result smtp-ehlo ehlo-refused "$answer"; else not_reached smtp-ehlo; fi
    end
    not_reached smtp-starttls smtp-certificate smtp-size $rcpt_checks
    return
  fi
  values=$(printf '%s' "$lines" | sed 1d)
  records .
  end
  result smtp-ehlo ehlo-ok "$list"
  keywords=$(printf '%s\n' "$values" | tr '[:lower:]' '[:upper:]')
  check_tls "$1" "$2"
  check_size
  check_recipients "$1" "$2"
}

# Also says in $mode how the recipients are best asked for.
check_tls() {
  mode=plain
  if ! printf '%s\n' "$keywords" | grep -q '^STARTTLS$'; then
    if printf '%s\n' "$keywords" | grep -Eq '^XXX+[A-Z]?$|^\*\*\*'; then
      result smtp-starttls starttls-masked
    else
      result smtp-starttls starttls-missing
    fi
    not_reached smtp-certificate
    return
  fi
  if ! have openssl; then
    result smtp-starttls no-program openssl
    result smtp-certificate no-program openssl
    return
  fi
  limited 40 openssl s_client -starttls smtp -connect "$1:25" ${2:+-servername "$2"} \
    </dev/null >"$work/session" 2>/dev/null
  if ! grep -q 'BEGIN CERTIFICATE' "$work/session" || grep -q 'Cipher is (NONE)' "$work/session"; then
    result smtp-starttls starttls-failed
    not_reached smtp-certificate
    return
  fi
  mode=tls
  result smtp-starttls starttls-ok
  openssl x509 -noout -enddate -text <"$work/session" >"$work/certificate" 2>/dev/null
  until=$(awk '/^notAfter=/ {
    sub(/^notAfter=/, "")
    printf "%s-%02d-%02dT%sZ", $4, (index("JanFebMarAprMayJunJulAugSepOctNovDec", $1) + 2) / 3, $2, $3
  }' "$work/certificate")
  values=$(awk '/Subject Alternative Name/ { getline; print }' "$work/certificate" | tr ',' '\n' |
    sed -n 's/^ *DNS://p' | tr '[:upper:]' '[:lower:]' | sort)
  found=$(printf '%s\n' "$values" | awk '{ printf "%s%s", (NR > 1 ? ", " : ""), $0 }')
  found="$found; ${until%T*}"
  # Compared as text, which RFC 3339 allows.
  if [ "$(printf '%s\n%s\n' "$until" "$now" | sort | sed 1q)" = "$until" ]; then
    result smtp-certificate certificate-expired "$found"
  elif [ -z "$2" ] || printf '%s\n' "$values" | grep -Fxq -e "$2" -e "*.${2#*.}"; then
    result smtp-certificate certificate-ok "$found"
  else
    result smtp-certificate certificate-name "$found"
  fi
}

check_size() {
  size=$(printf '%s\n' "$keywords" | sed -n 's/^SIZE *\([0-9]*\).*/x\1/p' | sed 1q)
  size=${size#x}
  if ! printf '%s\n' "$keywords" | grep -Eq '^SIZE( |$)'; then
    result smtp-size size-unknown
  elif [ "${size:=0}" -eq 0 ] || [ "$size" -ge "$needed_size" ]; then
    result smtp-size size-ok "$size"
  else
    result smtp-size size-small "$size"
  fi
}

# judge CHECK FINDING-2XX FINDING-4XX FINDING-5XX of the last answer
judge() {
  case $code in
    '') not_reached "$1" ;;
    4*) result "$1" "$3" "$answer" ;;
    5*) result "$1" "$4" "$answer" ;;
    *) result "$1" "$2" ;;
  esac
}

# shellcheck disable=SC2086 # a list of words
check_recipients() {
  begin "$1" $mode "$2"
  if [ $mode = plain ]; then reply; fi
  # openssl has said EHLO for itself; the server forgot it with the handshake (RFC 3207).
  say "EHLO $own_name"
  say 'MAIL FROM:<>'
  case $code in
    530)
      if have openssl; then not_reached $rcpt_checks; else for check in $rcpt_checks; do result $check no-program openssl; done; fi
      end
      return
      ;;
    '')
      end
      not_reached $rcpt_checks
      return
      ;;
    [45]*)
      result smtp-null-sender null-sender-refused "$answer"
      end
      not_reached smtp-postmaster smtp-unknown-recipient smtp-open-relay
      return
      ;;
  esac
  result smtp-null-sender null-sender-ok
  say "RCPT TO:<postmaster@$domain>"
  refused=postmaster-missing
  case $code-$(printf '%s' "$answer" | tr '[:upper:]' '[:lower:]') in 5*relay*) refused='domain-not-hosted' ;; esac
  judge smtp-postmaster postmaster-ok rcpt-deferred $refused
  say "RCPT TO:<$unknown_local_part@$domain>"
  # A server that has not this domain refuses everyone, known or not.
  if [ $refused = domain-not-hosted ]; then not_reached smtp-unknown-recipient
  else judge smtp-unknown-recipient unknown-accepted rcpt-deferred unknown-refused; fi
  say "RCPT TO:<$foreign_recipient>"
  accepted=relay-open
  # A mail server trusts itself.
  if [ $view = host ]; then accepted=relay-not-from-here; fi
  judge smtp-open-relay $accepted rcpt-deferred relay-closed
  say RSET
  end
}

# --- on the mail server itself -----------------------------------------------------------------------------------

# Addresses that listen on port 25, as $values; 0.0.0.0 and :: are all.
listening() {
  # The kernel writes addresses as the processor keeps them, here with the last byte first.
  values=$(awk '
    function hex(s,   i, n) { for (i = 1; i <= length(s); i++) n = n * 16 + index("0123456789ABCDEF", substr(s, i, 1)) - 1; return n }
    $4 == "0A" && $2 ~ /:0019$/ {
      a = $2; sub(/:.*/, "", a)
      if (length(a) == 8) print hex(substr(a, 7, 2)) "." hex(substr(a, 5, 2)) "." hex(substr(a, 3, 2)) "." hex(substr(a, 1, 2))
      else print (a ~ /^0+$/) ? "::" : (a == "00000000000000000000000001000000") ? "::1" : "IPv6"
    }' /proc/net/tcp /proc/net/tcp6 2>/dev/null | sort -u)
  records .
}

check_listen() {
  if [ ! -r /proc/net/tcp ]; then
    result host-listen no-program /proc/net/tcp
    return
  fi
  case "
$values
" in
    '

') result host-listen listen-none ;;
    *'
0.0.0.0
'* | *'
::
'*) result host-listen listen-ok "$list" ;;
    *"
${inside:-0.0.0.0}
"*) result host-listen listen-ok "$list" ;;
    *) if printf '%s\n' "$values" | grep -Evq '^(127\.|::1$)'; then result host-listen listen-elsewhere "$list"
    else result host-listen listen-loopback "$list"; fi ;;
  esac
}

# Without a word from outside: an address on which it listens, or the first that the machine has.
guess_inside() {
  inside=$(printf '%s\n' "$values" | grep -Ev '^(127\.|0\.0\.0\.0$|.*:|IPv6)' | sed 1q)
  if [ -z "$inside" ]; then inside=$(hostname -I 2>/dev/null | tr ' ' '\n' | grep -Ev ':|^127\.' | sed '/^$/d; q'); fi
  if [ -z "$inside" ] && have ip; then
    inside=$(ip -4 -o addr show scope global 2>/dev/null | awk '{ sub(/\/.*/, "", $4); print $4; exit }')
  fi
}

check_limit() {
  if ! have postconf; then
    result host-limit no-program postconf
    return
  fi
  set -- "$(postconf -h message_size_limit 2>/dev/null)"
  found="message_size_limit=$1"
  for name in mailbox_size_limit virtual_mailbox_limit; do found="$found; $name=$(postconf -h $name 2>/dev/null)"; done
  case $1 in
    '' | *[!0-9]*) result host-limit no-program "postconf: $found" ;;
    0) result host-limit limit-ok "$found" ;;
    *) if [ "$1" -ge "$needed_size" ]; then result host-limit limit-ok "$found"; else result host-limit limit-small "$found"; fi ;;
  esac
}

check_outgoing() {
  if [ -z "$outgoing" ]; then
    result host-outgoing no-program '--ausgang'
  elif [ -z "$transport" ]; then
    result host-outgoing no-program 'bash oder nc'
  else
    begin "$outgoing" plain
    reply
    end
    if [ -n "$code" ]; then result host-outgoing outgoing-ok "$outgoing: $answer"
    else
      connect_failure
      result host-outgoing outgoing-blocked "$outgoing: $failure"
    fi
  fi
}

check_here() {
  domain='' server=''
  listening
  if [ -z "$inside" ]; then guess_inside; fi
  check_listen
  check_limit
  check_outgoing
  for domain in $domains; do
    server="[$inside]"
    if [ -n "$inside" ]; then check_smtp "$inside" ''; else result smtp-connect no-program '--innen'; fi
  done
}

# --- the call ----------------------------------------------------------------------------------------------------

explain() { sed -n '2,6s/^# \{0,1\}//p' "$0" 2>/dev/null; }
usage() { # WORDS
  { echo "$1"; explain; } >&2
  exit 4
}
no_domain() { # WORD
  usage "Das ist keine Domain: $1 (klein geschrieben, wie musterstadt.example; Umlaute als xn--…)"
}

format=text view=host inside='' outgoing='' domains=''
while [ $# -gt 0 ]; do
  case $1 in
    --json) format=json ;;
    --von-aussen) view=outside ;;
    --innen | --ausgang)
      case ${2-} in '' | *[!A-Za-z0-9.-]* | -*) usage "Hinter $1 fehlt eine Adresse." ;; esac
      if [ "$1" = --innen ]; then inside=$2; else outgoing=$2; fi
      shift
      ;;
    --help | -h) explain; exit 0 ;;
    -*) usage "Diese Angabe gibt es hier nicht: $1" ;;
    *[!a-z0-9.-]* | .* | *. | *..*) no_domain "$1" ;;
    *.*) domains="$domains${domains:+ }$1" ;;
    *) no_domain "$1" ;;
  esac
  shift
done
if [ -z "$domains" ]; then usage 'Die Domain fehlt.'; fi

work=$(mktemp -d "${TMPDIR:-/tmp}/mailversand.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
checks >"$work/checks"
findings >"$work/findings"
: >"$work/results"
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
# As clocks in Germany have it, wherever this host stands and whether it knows time zones by name or not.
german_time=$(TZ=CET-1CEST,M3.5.0,M10.5.0/3 date '+%d.%m.%Y, %H:%M:%S Uhr')

for domain in $domains; do check_domain; done
if [ $view = host ]; then check_here; fi
"print_$format"
! awk -F '\t' 'NR == FNR { split($0, f, "|"); severity[f[1]] = f[2]; next } severity[$4] == "problem" { bad = 1 } END { exit !bad }' \
  "$work/findings" "$work/results"
