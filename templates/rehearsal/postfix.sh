#!/bin/sh
# Starts a Postfix whose main.cf and master.cf are in place; it listens when this ends. What `postfix start` would
# check and create in half a second, a fresh host needs only in this form.
# Usage: postfix.sh [MAP]…   (lmdb maps that main.cf names and that begin empty)
set -eu
for map; do
  mkdir -p "${map%/*}"
  : >"$map"
  postmap "lmdb:$map"
done
mkdir -p /var/spool/postfix /var/lib/postfix
chown 65534:65534 /var/mail
chown postfix /var/lib/postfix
chmod 700 /var/lib/postfix
cd /var/spool/postfix
mkdir -p pid active bounce corrupt defer deferred flush hold incoming private saved trace maildrop public
chown postfix active bounce corrupt defer deferred flush hold incoming private saved trace
chmod 700 active bounce corrupt defer deferred flush hold incoming private saved trace
chown postfix:postdrop maildrop public
chmod 730 maildrop
chmod 710 public
exec "$(postconf -h daemon_directory)/master" -w
