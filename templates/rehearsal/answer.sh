#!/bin/sh
# The test mailbox of a municipality in the rehearsal: answers mail that was sent from name+id@…, as its people would,
# and signs the answer, as its server would (DKIM, RFC 6376, relaxed/relaxed). Run by pipe(8).
# Usage: answer.sh SENDER RECIPIENT
set -u
key=/etc/dkim.pem
cat >/dev/null
case $1 in *+*@*) ;; *) exit 0 ;; esac

signature() { # FROM TO DOMAIN → the header's value
  body=$(printf 'Angekommen.\r\n' | openssl dgst -sha256 -binary | openssl base64 -A)
  unsigned="v=1; a=rsa-sha256; c=relaxed/relaxed; d=$3; s=rehearsal; h=from:to:subject; bh=$body; b="
  printf 'from:<%s>\r\nto:<%s>\r\nsubject:Re: Anbindungstest\r\ndkim-signature:%s' "$1" "$2" "$unsigned" |
    openssl dgst -sha256 -sign "$key" | openssl base64 -A | { printf '%s' "$unsigned"; cat; }
}

{
  [ ! -r "$key" ] || printf 'DKIM-Signature: %s\n' "$(signature "$2" "$1" "${2#*@}")"
  printf 'From: <%s>\nTo: <%s>\nSubject: Re: Anbindungstest\n\nAngekommen.\n' "$2" "$1"
} | /usr/sbin/sendmail -i -f "$2" "$1"
