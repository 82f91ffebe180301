#!/bin/sh
# The test mailbox of a municipality in the rehearsal: answers mail that was sent from name+id@…, as its people would.
# Run by pipe(8). Usage: answer.sh SENDER RECIPIENT
cat >/dev/null
case $1 in
  *+*@*)
    printf 'From: <%s>\nTo: <%s>\nSubject: Re: Anbindungstest\n\nAngekommen.\n' "$2" "$1" | /usr/sbin/sendmail -i -f "$2" "$1"
    ;;
esac
