# Vorabprüfung des Mailservers (Aufgabe 03), mit Windows PowerShell 5.1, ohne Installation:
#   powershell -ExecutionPolicy Bypass -File mailversand-pruefung.ps1 [-Json] [-Innen ADRESSE] [-Ausgang ZIEL] DOMAIN…
#   powershell -ExecutionPolicy Bypass -File mailversand-pruefung.ps1 -VonAussen [-Json] DOMAIN…
# Das erste auf dem Mailserver (bei Exchange in der Exchange Management Shell), das zweite auf einem anderen Rechner.
# Der Bericht steht auf der Standardausgabe und gehört in den Antrag. Es wird keine Mail verschickt und nichts
# verändert. Ende: 0 keine Hindernisse, 1 Hindernisse, 4 falscher Aufruf. Erklärung: docs/vorabpruefung.md
#
# Built-in commands and .NET only. What cannot be asked shows as "nicht geprüft". The same checks as
# lib/vorabpruefung and mailversand-pruefung.sh. UTF-8 with a byte order mark, without which 5.1 reads Umlauts wrong.
[CmdletBinding(PositionalBinding = $false)]
param(
    [switch] $Json,
    [switch] $VonAussen,
    [string] $Innen = '',
    [string] $Ausgang = '',
    [Parameter(Position = 0, ValueFromRemainingArguments = $true)]
    [string[]] $Domain = @()
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
# Otherwise Umlauts are lost on the way into a file. An editor's own window has no console.
try { [Console]::OutputEncoding = New-Object Text.UTF8Encoding($false) } catch { Write-Verbose "$_" }

$CheckLines = @'
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
'@

$FindingLines = @'
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
'@

$NeededSize = 105906176
$UnknownLocalPart = 'pruefung-unbekannter-empfaenger'
$ForeignRecipient = 'postmaster@example.com'

$View = if ($VonAussen) { 'outside' } else { 'host' }
$Started = [DateTime]::UtcNow
$Now = $Started.ToString('yyyy-MM-ddTHH:mm:ssZ', [Globalization.CultureInfo]::InvariantCulture)
# As clocks in Germany have it, wherever this host stands.
$GermanTime = [TimeZoneInfo]::ConvertTimeBySystemTimeZoneId($Started, 'W. Europe Standard Time').ToString(
    "dd.MM.yyyy, HH:mm:ss 'Uhr'", [Globalization.CultureInfo]::InvariantCulture)
$Results = New-Object System.Collections.ArrayList
$Titles = @{}
$Findings = @{}
foreach ($Line in ($CheckLines -split "`r?`n")) {
    $Part = $Line.Split('|')
    $Titles[$Part[0]] = $Part[1]
}
foreach ($Line in ($FindingLines -split "`r?`n")) {
    $Part = $Line.Split('|')
    $Findings[$Part[0]] = @{ severity = $Part[1]; text = $Part[2]; remedy = $Part[3] }
}

# --- results -----------------------------------------------------------------------------------------------------

# One result, about a domain and a server; either may be empty.
function Add-Result([string] $Check, [string[]] $Subject, [string] $Finding, [string] $Found = '') {
    # Whatever a foreign server said: one line of printable ASCII, at most 200 characters.
    $Shown = [regex]::Replace($Found, '[^\x20-\x7e]', '?')
    if ($Shown.Length -gt 200) { $Shown = $Shown.Substring(0, 200) }
    $Known = $Findings[$Finding]
    [void] $Results.Add([ordered] @{
        check = $Check
        domain = $Subject[0]
        server = $Subject[1]
        finding = $Finding
        severity = $Known.severity
        title = $Titles[$Check]
        found = $Shown
        text = $Known.text
        remedy = $Known.remedy
    })
}

function Add-NotReached([string[]] $Checks, [string[]] $Subject) {
    foreach ($Check in $Checks) { Add-Result $Check $Subject 'not-reached' }
}

function Write-JsonReport([string[]] $Domains) {
    ConvertTo-Json -Depth 4 -InputObject ([ordered] @{
        version = 1
        program = 'mailversand-pruefung.ps1'
        view = $View
        at = $Now
        domains = @($Domains)
        results = @($Results.ToArray())
    })
}

function Write-TextReport([string[]] $Domains) {
    $Sections = @(@('problem', 'Hindernisse'), @('note', 'Hinweise'), @('unchecked', 'Nicht geprüft'), @('ok', 'In Ordnung'))
    $Counts = foreach ($Section in $Sections) {
        '{0}: {1}' -f $Section[1], @($Results | Where-Object { $_.severity -eq $Section[0] }).Count
    }
    'Vorabprüfung des Mailservers (Aufgabe 03: Verfügbarkeit lokaler Mailserver prüfen)'
    'Anlage zum Antrag auf Freischaltung'
    ''
    'Domain:    ' + ($Domains -join ', ')
    'Sicht:     ' + $(if ($View -eq 'host') { 'auf dem Mailserver' } else { 'von außen' })
    'Stand:     ' + $GermanTime
    'Programm:  mailversand-pruefung.ps1'
    'Ergebnis:  ' + ($Counts -join ', ')
    foreach ($Section in $Sections) {
        $Entries = @($Results | Where-Object { $_.severity -eq $Section[0] })
        if ($Entries.Count -eq 0) { continue }
        ''
        $Section[1]
        foreach ($Entry in $Entries) {
            $Where = @(@($Entry.domain, $Entry.server) | Where-Object { $_ -ne '' }) -join ', '
            if ($Where -ne '') { $Where = ' (' + $Where + ')' }
            '- ' + $Entry.title + $Where + ': ' + $Entry.text
            $Label = if ($Entry.finding -eq 'no-program') { '  es fehlt: ' } else { '  gefunden: ' }
            if ($Entry.found -ne '') { $Label + $Entry.found }
            if ($Entry.remedy -ne '') { '  zu tun:   ' + $Entry.remedy }
        }
    }
}

# --- DNS ---------------------------------------------------------------------------------------------------------

function Get-PlainName([string] $Name) { $Name.TrimEnd('.').ToLowerInvariant() }

# Sorts as bytes, as the other programs do.
function Get-Sorted([string[]] $Values) {
    $Copy = [string[]] @($Values)
    [Array]::Sort($Copy, [StringComparer]::Ordinal)
    $Copy
}

# The status (found, absent, name-missing, failed, no-program) and the values, as in lib/vorabpruefung/lookup.ts.
function Get-Lookup([string] $Name, [string] $Type) {
    if ($null -eq (Get-Command Resolve-DnsName -ErrorAction SilentlyContinue)) {
        return @{ status = 'no-program'; missing = 'Resolve-DnsName'; values = @() }
    }
    # Resolve-DnsName has no such type.
    if ($Type -eq 'TLSA') { return @{ status = 'no-program'; missing = 'Resolve-DnsName (TLSA)'; values = @() } }
    try {
        $Records = @(Resolve-DnsName -Name $Name -Type $Type -DnsOnly -NoHostsFile -ErrorAction Stop)
    } catch {
        $Id = "$($_.FullyQualifiedErrorId)"
        if ($Id -match 'DNS_ERROR_RCODE_NAME_ERROR') { return @{ status = 'name-missing'; values = @() } }
        if ($Id -match 'DNS_INFO_NO_RECORDS') { return @{ status = 'absent'; values = @() } }
        return @{ status = 'failed'; values = @() }
    }
    $Answers = @($Records | Where-Object { "$($_.Section)" -eq 'Answer' -and "$($_.QueryType)" -eq $Type })
    if ($Answers.Count -eq 0) { return @{ status = 'absent'; values = @() } }
    if ($Type -eq 'MX') {
        $Answers = @($Answers | Sort-Object -Property @('Preference', 'NameExchange'))
        $Values = @($Answers | ForEach-Object { '{0} {1}' -f $_.Preference, (Get-PlainName $_.NameExchange) })
        return @{ status = 'found'; values = $Values }
    }
    $Values = foreach ($Answer in $Answers) {
        if ($Type -eq 'A' -or $Type -eq 'AAAA') { "$($Answer.IPAddress)" }
        elseif ($Type -eq 'CNAME') { Get-PlainName $Answer.NameHost }
        elseif ($Type -eq 'TXT') { -join $Answer.Strings }
        else { $Type }
    }
    return @{ status = 'found'; values = @(Get-Sorted @($Values)) }
}

# Whether a look-up says anything; otherwise that is the result.
function Test-Answered($Lookup, [string] $Check, [string[]] $Subject) {
    if ($Lookup.status -eq 'failed') {
        Add-Result $Check $Subject 'dns-failed'
        return $false
    }
    if ($Lookup.status -eq 'no-program') {
        Add-Result $Check $Subject 'no-program' $Lookup.missing
        return $false
    }
    return $true
}

function Test-Domain([string] $Name) {
    $Subject = @($Name, '')
    $Alias = Get-Lookup $Name 'CNAME'
    # A name that does not exist has no record of any type and no names below it: one sentence says all of it.
    if ($Alias.status -eq 'name-missing') {
        Add-NotReached @('dns-alias') $Subject
        Add-Result 'dns-mx' $Subject 'domain-missing'
        Add-NotReached @('dns-spf', 'dns-dmarc', 'dns-dkim', 'dns-dnssec', 'dns-mta-sts') $Subject
        return
    }
    if (Test-Answered $Alias 'dns-alias' $Subject) {
        if (@($Alias.values).Count -gt 0) { Add-Result 'dns-alias' $Subject 'alias' ($Alias.values -join '; ') }
        else { Add-Result 'dns-alias' $Subject 'alias-none' }
    }

    $Mx = Get-Lookup $Name 'MX'
    $MxHosts = @()
    if (Test-Answered $Mx 'dns-mx' $Subject) {
        $List = $Mx.values -join '; '
        $MxHosts = @($Mx.values | ForEach-Object { $_ -replace '^\d+ ', '' } | Where-Object { $_ -ne '' } | Select-Object -Unique)
        if ($Mx.status -eq 'name-missing') { Add-Result 'dns-mx' $Subject 'domain-missing' }
        elseif ($Mx.status -eq 'absent') { Add-Result 'dns-mx' $Subject 'mx-missing' }
        elseif (@($Mx.values | Where-Object { $_.EndsWith(' ') }).Count -gt 0) { Add-Result 'dns-mx' $Subject 'mx-null' $List }
        else { Add-Result 'dns-mx' $Subject 'mx-ok' $List }
    }

    $Txt = Get-Lookup $Name 'TXT'
    if (Test-Answered $Txt 'dns-spf' $Subject) {
        $Spf = @($Txt.values | Where-Object { $_ -match '^v=spf1( |$)' })
        $List = $Spf -join '; '
        if ($Spf.Count -eq 0) { Add-Result 'dns-spf' $Subject 'spf-missing' }
        elseif ($Spf.Count -gt 1) { Add-Result 'dns-spf' $Subject 'spf-several' $List }
        elseif ($List -match ' \+?all( |$)') { Add-Result 'dns-spf' $Subject 'spf-open' $List }
        else { Add-Result 'dns-spf' $Subject 'spf-ok' $List }
    }

    $Dmarc = Get-Lookup "_dmarc.$Name" 'TXT'
    if (Test-Answered $Dmarc 'dns-dmarc' $Subject) {
        $Policies = @($Dmarc.values | Where-Object { $_ -cmatch '^v=DMARC1' })
        $List = $Policies -join '; '
        if ($Policies.Count -eq 0) { Add-Result 'dns-dmarc' $Subject 'dmarc-missing' }
        elseif ($Policies.Count -gt 1) { Add-Result 'dns-dmarc' $Subject 'dmarc-several' $List }
        else { Add-Result 'dns-dmarc' $Subject 'dmarc-ok' $List }
    }

    # No selector exists where the name above them does not (RFC 8020).
    $Domainkey = Get-Lookup "_domainkey.$Name" 'TXT'
    if (Test-Answered $Domainkey 'dns-dkim' $Subject) {
        if ($Domainkey.status -eq 'name-missing') { Add-Result 'dns-dkim' $Subject 'dkim-missing' }
        else { Add-Result 'dns-dkim' $Subject 'dkim-possible' }
    }

    $Dnskey = Get-Lookup $Name 'DNSKEY'
    if (Test-Answered $Dnskey 'dns-dnssec' $Subject) {
        $Ds = Get-Lookup $Name 'DS'
        if (Test-Answered $Ds 'dns-dnssec' $Subject) {
            if ($Dnskey.status -ne 'found') { Add-Result 'dns-dnssec' $Subject 'dnssec-none' }
            elseif ($Ds.status -eq 'found') { Add-Result 'dns-dnssec' $Subject 'dnssec-ok' }
            else { Add-Result 'dns-dnssec' $Subject 'dnssec-unanchored' }
        }
    }

    $MtaSts = Get-Lookup "_mta-sts.$Name" 'TXT'
    if (Test-Answered $MtaSts 'dns-mta-sts' $Subject) {
        $Policies = @($MtaSts.values | Where-Object { $_ -cmatch '^v=STSv1' })
        if ($Policies.Count -gt 0) { Add-Result 'dns-mta-sts' $Subject 'mta-sts-found' ($Policies -join '; ') }
        else { Add-Result 'dns-mta-sts' $Subject 'mta-sts-none' }
    }

    foreach ($MxHost in $MxHosts) { Test-MxHost $Name $MxHost }
}

function Test-MxHost([string] $Name, [string] $MxHost) {
    $Subject = @($Name, $MxHost)
    $Private = '^(10|127|192\.168|169\.254|172\.(1[6-9]|2[0-9]|3[01])|100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7]))\.'
    $V4 = Get-Lookup $MxHost 'A'
    $V6 = Get-Lookup $MxHost 'AAAA'
    $Alias = Get-Lookup $MxHost 'CNAME'
    $All = (@($V4.values) + @($V6.values)) -join '; '
    if ((Test-Answered $Alias 'dns-mx-host' $Subject) -and (Test-Answered $V4 'dns-mx-host' $Subject)) {
        if (@($Alias.values).Count -gt 0) { Add-Result 'dns-mx-host' $Subject 'mx-host-alias' ($Alias.values -join '; ') }
        elseif ($All -eq '') { Add-Result 'dns-mx-host' $Subject 'mx-host-missing' }
        elseif (@($V4.values).Count -eq 0) { Add-Result 'dns-mx-host' $Subject 'mx-host-ipv6' $All }
        elseif (@($V4.values | Where-Object { $_ -match $Private }).Count -gt 0) { Add-Result 'dns-mx-host' $Subject 'mx-host-private' $All }
        else { Add-Result 'dns-mx-host' $Subject 'mx-host-ok' $All }
    }
    $Tlsa = Get-Lookup "_25._tcp.$MxHost" 'TLSA'
    if (Test-Answered $Tlsa 'dns-tlsa' $Subject) {
        if ($Tlsa.status -eq 'found') { Add-Result 'dns-tlsa' $Subject 'tlsa-found' } else { Add-Result 'dns-tlsa' $Subject 'tlsa-none' }
    }
    foreach ($Address in @($V4.values)) { Test-Smtp $Address $MxHost $Name @($Name, "$MxHost [$Address]") }
}

# --- SMTP --------------------------------------------------------------------------------------------------------

$OwnName = '[127.0.0.1]'
try { $FullName = [Net.Dns]::GetHostEntry('').HostName } catch { $FullName = '' }
if ($FullName -match '^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$') { $OwnName = $FullName }

$RecipientChecks = @('smtp-postmaster', 'smtp-unknown-recipient', 'smtp-open-relay')

# A connection to port 25: failure (refused, timeout, unreachable; empty: none), client and stream.
function Open-Smtp([string] $Address) {
    $Client = New-Object Net.Sockets.TcpClient
    try {
        $Pending = $Client.BeginConnect($Address, 25, $null, $null)
        if (-not $Pending.AsyncWaitHandle.WaitOne(10000)) {
            $Client.Close()
            return @{ failure = 'timeout' }
        }
        $Client.EndConnect($Pending)
    } catch {
        $Client.Close()
        $Cause = $_.Exception
        while ($null -ne $Cause.InnerException) { $Cause = $Cause.InnerException }
        $Code = 0
        if ($Cause -is [Net.Sockets.SocketException]) { $Code = $Cause.ErrorCode }
        # WSAECONNREFUSED, WSAETIMEDOUT
        if ($Code -eq 10061) { return @{ failure = 'refused' } }
        if ($Code -eq 10060) { return @{ failure = 'timeout' } }
        return @{ failure = 'unreachable' }
    }
    $Stream = $Client.GetStream()
    $Stream.ReadTimeout = 30000
    $Stream.WriteTimeout = 30000
    return @{ failure = ''; client = $Client; stream = $Stream }
}

# One line without its end, byte by byte, so that nothing is read ahead of a handshake; $null: none came.
function Read-SmtpLine($Stream) {
    $Text = New-Object Text.StringBuilder
    try {
        while ($true) {
            $Byte = $Stream.ReadByte()
            if ($Byte -lt 0) { return $null }
            if ($Byte -eq 10) { return $Text.ToString().TrimEnd("`r") }
            if ($Text.Length -lt 2000) { [void] $Text.Append([char] $Byte) }
        }
    } catch {
        return $null
    }
}

# The next answer: code (0: none came), lines, and all of it in one line.
function Read-Reply($Stream) {
    $Lines = @()
    while ($true) {
        $Line = Read-SmtpLine $Stream
        if ($null -eq $Line -or $Line -notmatch '^([2-5]\d\d)(?:([ -])(.*))?$') { return @{ code = 0; lines = @(); text = '' } }
        $Code = [int] $Matches[1]
        $More = $Matches.ContainsKey(2) -and $Matches[2] -eq '-'
        $Rest = ''
        if ($Matches.ContainsKey(3)) { $Rest = $Matches[3] }
        $Lines += $Rest
        if (-not $More) { return @{ code = $Code; lines = $Lines; text = ("$Code " + ($Lines -join ' / ')).Trim() } }
    }
}

# Sends a command and waits for its answer.
function Send-Command($Stream, [string] $Line) {
    try {
        $Bytes = [Text.Encoding]::ASCII.GetBytes("$Line`r`n")
        $Stream.Write($Bytes, 0, $Bytes.Length)
        $Stream.Flush()
    } catch {
        return @{ code = 0; lines = @(); text = '' }
    }
    return Read-Reply $Stream
}

# Ends a dialogue, politely if the server still listens.
function Close-Smtp($Client, $Stream) {
    [void] (Send-Command $Stream 'QUIT')
    $Client.Close()
}

function Test-Smtp([string] $Address, [string] $HostName, [string] $Name, [string[]] $Subject) {
    $Later = @('smtp-ehlo', 'smtp-starttls', 'smtp-certificate', 'smtp-size', 'smtp-null-sender') + $RecipientChecks
    $Opened = Open-Smtp $Address
    if ($Opened.failure -ne '') {
        $Failure = $Opened.failure
        if ($View -eq 'host' -and $HostName -ne '') { $Failure = 'not-from-here' }
        Add-Result 'smtp-connect' $Subject "connect-$Failure"
        Add-NotReached (@('smtp-banner') + $Later) $Subject
        return
    }
    Add-Result 'smtp-connect' $Subject 'connect-ok'
    $Client = $Opened.client
    $Stream = $Opened.stream
    $Banner = Read-Reply $Stream
    if ($Banner.code -eq 0) { Add-Result 'smtp-banner' $Subject 'banner-missing' }
    elseif ($Banner.code -ge 400) { Add-Result 'smtp-banner' $Subject 'banner-refused' $Banner.text }
    elseif ($Banner.text.Contains('***')) { Add-Result 'smtp-banner' $Subject 'banner-masked' $Banner.text }
    else { Add-Result 'smtp-banner' $Subject 'banner-ok' $Banner.text }
    if ($Banner.code -eq 0 -or $Banner.code -ge 400) {
        Close-Smtp $Client $Stream
        Add-NotReached $Later $Subject
        return
    }
    $Hello = Send-Command $Stream "EHLO $OwnName"
    if ($Hello.code -ne 250) {
        if ($Hello.code -eq 0) { Add-NotReached @('smtp-ehlo') $Subject } else { Add-Result 'smtp-ehlo' $Subject 'ehlo-refused' $Hello.text }
        Close-Smtp $Client $Stream
        Add-NotReached @($Later | Where-Object { $_ -ne 'smtp-ehlo' }) $Subject
        return
    }
    $Keywords = @($Hello.lines | Select-Object -Skip 1)
    Add-Result 'smtp-ehlo' $Subject 'ehlo-ok' ($Keywords -join '; ')

    $Secure = $null
    if (@($Keywords | Where-Object { $_ -match '^STARTTLS$' }).Count -eq 0) {
        $Masked = @($Keywords | Where-Object { $_ -match '^X{3,}[A-Z]?$|^\*{3,}' }).Count -gt 0
        Add-Result 'smtp-starttls' $Subject $(if ($Masked) { 'starttls-masked' } else { 'starttls-missing' })
        Add-NotReached @('smtp-certificate') $Subject
    } else {
        $Secure = Start-Tls $Stream $HostName
        if ($null -eq $Secure) {
            Add-Result 'smtp-starttls' $Subject 'starttls-failed'
            Add-NotReached @('smtp-certificate') $Subject
        } else {
            Add-Result 'smtp-starttls' $Subject 'starttls-ok'
            Test-Certificate $Secure.RemoteCertificate $HostName $Subject
        }
    }
    Test-Size $Keywords $Subject

    if ($null -ne $Secure) {
        $Stream = $Secure
    } elseif (@($Keywords | Where-Object { $_ -match '^STARTTLS$' }).Count -gt 0) {
        # What the server says without encryption is worth knowing as well.
        $Client.Close()
        $Opened = Open-Smtp $Address
        if ($Opened.failure -ne '') {
            Add-NotReached (@('smtp-null-sender') + $RecipientChecks) $Subject
            return
        }
        $Client = $Opened.client
        $Stream = $Opened.stream
        [void] (Read-Reply $Stream)
    }
    [void] (Send-Command $Stream "EHLO $OwnName")
    Test-Recipients $Stream $Name $Subject
    Close-Smtp $Client $Stream
}

# The encrypted stream, or $null. Any certificate will do, as it does for the relay; it is looked at afterwards.
function Start-Tls($Stream, [string] $HostName) {
    if ((Send-Command $Stream 'STARTTLS').code -ne 220) { return $null }
    try {
        $Any = [Net.Security.RemoteCertificateValidationCallback] { $true }
        $Secure = New-Object Net.Security.SslStream($Stream, $false, $Any)
        $Secure.AuthenticateAsClient($HostName, $null, [Security.Authentication.SslProtocols]::Tls12, $false)
        $Secure.ReadTimeout = 30000
        return $Secure
    } catch {
        return $null
    }
}

function Test-Certificate($Raw, [string] $HostName, [string[]] $Subject) {
    $Certificate = New-Object Security.Cryptography.X509Certificates.X509Certificate2($Raw)
    $Until = $Certificate.NotAfter.ToUniversalTime()
    $Names = @()
    foreach ($Extension in $Certificate.Extensions) {
        if ($Extension.Oid.Value -ne '2.5.29.17') { continue }
        # "DNS Name=a" in English, "DNS-Name=a" in German; every other kind of name has another word.
        $Matched = [regex]::Matches($Extension.Format($false), 'DNS[^=,]*=([^,\s]+)')
        $Names += @($Matched | ForEach-Object { $_.Groups[1].Value.ToLowerInvariant() })
    }
    $Names = @(Get-Sorted $Names)
    $Found = ($Names -join ', ') + '; ' + $Until.ToString('yyyy-MM-dd', [Globalization.CultureInfo]::InvariantCulture)
    $Wildcard = '*' + $HostName.Substring([Math]::Max(0, $HostName.IndexOf('.')))
    if ($Until -lt [DateTime]::UtcNow) { Add-Result 'smtp-certificate' $Subject 'certificate-expired' $Found }
    elseif ($HostName -eq '' -or $Names -contains $HostName -or $Names -contains $Wildcard) { Add-Result 'smtp-certificate' $Subject 'certificate-ok' $Found }
    else { Add-Result 'smtp-certificate' $Subject 'certificate-name' $Found }
}

function Test-Size([string[]] $Keywords, [string[]] $Subject) {
    $Line = @($Keywords | Where-Object { $_ -match '^SIZE( |$)' })
    if ($Line.Count -eq 0) {
        Add-Result 'smtp-size' $Subject 'size-unknown'
        return
    }
    # 0: no limit (RFC 1870).
    $Size = [long] 0
    if ($Line[0] -match '^SIZE +(\d{1,18})') { $Size = [long] $Matches[1] }
    if ($Size -eq 0 -or $Size -ge $NeededSize) { Add-Result 'smtp-size' $Subject 'size-ok' "$Size" }
    else { Add-Result 'smtp-size' $Subject 'size-small' "$Size" }
}

function Add-Reply([string] $Check, [string[]] $Subject, $Reply, [string] $Accepted, [string] $Deferred, [string] $Refused) {
    if ($Reply.code -eq 0) { Add-NotReached @($Check) $Subject }
    elseif ($Reply.code -lt 400) { Add-Result $Check $Subject $Accepted }
    elseif ($Reply.code -lt 500) { Add-Result $Check $Subject $Deferred $Reply.text }
    else { Add-Result $Check $Subject $Refused $Reply.text }
}

# As far as RCPT; RSET comes before DATA.
function Test-Recipients($Stream, [string] $Name, [string[]] $Subject) {
    $Sender = Send-Command $Stream 'MAIL FROM:<>'
    # 530: only after STARTTLS (RFC 3207), which failed; it says nothing about the sender.
    if ($Sender.code -eq 0 -or $Sender.code -eq 530) {
        Add-NotReached (@('smtp-null-sender') + $RecipientChecks) $Subject
        return
    }
    if ($Sender.code -ge 400) {
        Add-Result 'smtp-null-sender' $Subject 'null-sender-refused' $Sender.text
        Add-NotReached $RecipientChecks $Subject
        return
    }
    Add-Result 'smtp-null-sender' $Subject 'null-sender-ok'
    $Postmaster = Send-Command $Stream "RCPT TO:<postmaster@$Name>"
    $NotHosted = $Postmaster.code -ge 500 -and $Postmaster.text -match 'relay'
    $Refused = if ($NotHosted) { 'domain-not-hosted' } else { 'postmaster-missing' }
    Add-Reply 'smtp-postmaster' $Subject $Postmaster 'postmaster-ok' 'rcpt-deferred' $Refused
    $Unknown = Send-Command $Stream "RCPT TO:<$UnknownLocalPart@$Name>"
    # A server that has not this domain refuses everyone, known or not.
    if ($NotHosted) { Add-NotReached @('smtp-unknown-recipient') $Subject }
    else { Add-Reply 'smtp-unknown-recipient' $Subject $Unknown 'unknown-accepted' 'rcpt-deferred' 'unknown-refused' }
    $Foreign = Send-Command $Stream "RCPT TO:<$ForeignRecipient>"
    # A mail server trusts itself.
    $Accepted = if ($View -eq 'host') { 'relay-not-from-here' } else { 'relay-open' }
    Add-Reply 'smtp-open-relay' $Subject $Foreign $Accepted 'rcpt-deferred' 'relay-closed'
    [void] (Send-Command $Stream 'RSET')
}

# --- on the mail server itself ------------------------------------------------------------------------------------

# Addresses that listen on port 25; 0.0.0.0 and :: are all.
function Get-Listening {
    $Properties = [Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties()
    $Addresses = @($Properties.GetActiveTcpListeners() | Where-Object { $_.Port -eq 25 } | ForEach-Object { $_.Address.ToString() } | Select-Object -Unique)
    Get-Sorted $Addresses
}

# Without a word from outside: an address on which it listens, or the first that the machine has.
function Get-InsideAddress([string[]] $Listening) {
    $Own = @([Net.Dns]::GetHostAddresses('') | ForEach-Object { $_.ToString() })
    $Candidates = @(@($Listening) + $Own | Where-Object { $_ -match '^\d+\.\d+\.\d+\.\d+$' -and $_ -notmatch '^127\.|^0\.0\.0\.0$|^169\.254\.' })
    if ($Candidates.Count -gt 0) { return $Candidates[0] }
    return ''
}

function Test-Listening([string[]] $Listening, [string] $Inside) {
    $Subject = @('', '')
    $List = $Listening -join '; '
    if (@($Listening).Count -eq 0) { Add-Result 'host-listen' $Subject 'listen-none' }
    elseif ($Listening -contains '0.0.0.0' -or $Listening -contains '::' -or $Listening -contains $Inside) { Add-Result 'host-listen' $Subject 'listen-ok' $List }
    elseif (@($Listening | Where-Object { $_ -notmatch '^127\.|^::1$' }).Count -gt 0) { Add-Result 'host-listen' $Subject 'listen-elsewhere' $List }
    else { Add-Result 'host-listen' $Subject 'listen-loopback' $List }
}

# Bytes of an Exchange size, "36 MB (37,748,736 bytes)"; 0: unlimited; -1: not understood.
function Get-SizeInBytes($Size) {
    $Text = "$Size"
    if ($Text -match '^unlimited$') { return [long] 0 }
    if ($Text -match '\(([\d.,\s]+) ') { return [long] ($Matches[1] -replace '[^\d]', '') }
    return [long] -1
}

function Test-Limit {
    $Subject = @('', '')
    if ($null -eq (Get-Command Get-TransportConfig -ErrorAction SilentlyContinue)) {
        Add-Result 'host-limit' $Subject 'no-program' 'Get-TransportConfig (Exchange Management Shell)'
        return
    }
    try {
        $Limits = [ordered] @{ 'MaxReceiveSize' = (Get-TransportConfig).MaxReceiveSize }
        foreach ($Connector in @(Get-ReceiveConnector -Server $env:COMPUTERNAME)) { $Limits["$($Connector.Name)"] = $Connector.MaxMessageSize }
    } catch {
        Add-Result 'host-limit' $Subject 'no-program' 'Get-ReceiveConnector (Exchange Management Shell)'
        return
    }
    $Found = @($Limits.Keys | ForEach-Object { '{0}={1}' -f $_, (Get-SizeInBytes $Limits[$_]) }) -join '; '
    $Small = @($Limits.Values | Where-Object { $Bytes = Get-SizeInBytes $_; $Bytes -gt 0 -and $Bytes -lt $NeededSize })
    if (@($Limits.Values | Where-Object { (Get-SizeInBytes $_) -lt 0 }).Count -gt 0) { Add-Result 'host-limit' $Subject 'no-program' $Found }
    elseif ($Small.Count -gt 0) { Add-Result 'host-limit' $Subject 'limit-small' $Found }
    else { Add-Result 'host-limit' $Subject 'limit-ok' $Found }
}

function Test-Outgoing {
    $Subject = @('', '')
    if ($Ausgang -eq '') {
        Add-Result 'host-outgoing' $Subject 'no-program' '-Ausgang'
        return
    }
    $Opened = Open-Smtp $Ausgang
    if ($Opened.failure -ne '') {
        Add-Result 'host-outgoing' $Subject 'outgoing-blocked' "${Ausgang}: $($Opened.failure)"
        return
    }
    $Banner = Read-Reply $Opened.stream
    Close-Smtp $Opened.client $Opened.stream
    if ($Banner.code -eq 0) { Add-Result 'host-outgoing' $Subject 'outgoing-blocked' "${Ausgang}: timeout" }
    else { Add-Result 'host-outgoing' $Subject 'outgoing-ok' "${Ausgang}: $($Banner.text)" }
}

function Test-Here([string[]] $Domains) {
    $Listening = @(Get-Listening)
    $Inside = $Innen
    if ($Inside -eq '') { $Inside = Get-InsideAddress $Listening }
    Test-Listening $Listening $Inside
    Test-Limit
    Test-Outgoing
    foreach ($Name in $Domains) {
        if ($Inside -eq '') { Add-Result 'smtp-connect' @($Name, '[]') 'no-program' '-Innen' }
        else { Test-Smtp $Inside '' $Name @($Name, "[$Inside]") }
    }
}

# --- the call ----------------------------------------------------------------------------------------------------

$Wrong = @($Domain | Where-Object { $_ -cnotmatch '^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+$' })
if ($Wrong.Count -gt 0) {
    [Console]::Error.WriteLine("Das ist keine Domain: $($Wrong[0]) (klein geschrieben, wie musterstadt.example; Umlaute als xn--...)")
    exit 4
}
if (@($Domain).Count -eq 0) {
    [Console]::Error.WriteLine('Die Domain fehlt.')
    exit 4
}
foreach ($Name in $Domain) { Test-Domain $Name }
if ($View -eq 'host') { Test-Here $Domain }
if ($Json) { Write-JsonReport $Domain } else { Write-TextReport $Domain }
if (@($Results | Where-Object { $_.severity -eq 'problem' }).Count -gt 0) { exit 1 }
exit 0
