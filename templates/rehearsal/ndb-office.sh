#!/bin/sh
# The office that distributes the Mailertabelle in the rehearsal: each second the domains that the register has as
# reported become the partner's table. Usage: ndb-office.sh REGISTER-FILE TABLE PARTNER-PROCESS
set -u
known=none
while sleep 0.5; do
  domains=$(sed -n 's/^ndb_domains \([^ ]*\) .*/\1 \1/p' "$1" 2>/dev/null)
  [ "$domains" = "$known" ] && continue
  # In the partner's mount namespace, where Postfix's own configuration is.
  printf '%s\n' "$domains" | nsenter --target "$3" --mount -- sh -c '
    cat >"$1.new"; sed "/./!d" "$1.new" >"$1"; postmap "lmdb:$1"; rm "$1.new"' sh "$2" && known=$domains
done
