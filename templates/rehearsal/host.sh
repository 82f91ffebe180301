#!/bin/sh
# Gives one host of the rehearsal its own /etc, /home, /opt, /run, /tmp, /usr/local and /var, inside its new namespaces,
# and leaves a process behind that holds them; prints its number.
# Usage: unshare --mount --net --uts sh host.sh HOST HOST-FOLDER
# (Namespaces held by a file instead of a process: Linux 6.18 refuses that for some mount namespaces.)
set -eu
hostname "$1"
# As systemd sets it on a real host. With the kernel's 10, Postfix's master waits for ever for the logger that it has to
# start: postlogd ends when settings are read anew, and many processes that end at once are more lines than that.
echo 512 >/proc/sys/net/unix/max_dgram_qlen
mkdir "$2"
cd "$2"
mkdir -p etc home opt run/lock tmp usr/local var/lib var/log var/mail var/spool
chmod 1777 tmp run/lock
ln -s /run var/run
here=$PWD
cd /etc
# Not everything is on every machine, and cp has to go on without.
cp -a --parents passwd group services protocols ld.so.cache ld.so.conf ld.so.conf.d alternatives localtime shells \
  login.defs ssl/openssl.cnf postfix/dynamicmaps.cf postfix/dynamicmaps.cf.d postfix/postfix-files \
  postfix/postfix-files.d postfix/postfix-script postfix/post-install "$here/etc" 2>/dev/null || [ -s "$here/etc/passwd" ]
cd "$here"
# The tenant and the NdB partner route by what the relay announces at this moment: they read its maps.
case $1 in
  relay)
    mkdir var/lib/mailversand-relay
    mount --bind ../../relay-maps var/lib/mailversand-relay
    ;;
  tenant | ndb)
    mkdir opt/relay-maps
    mount --bind -o ro ../../relay-maps opt/relay-maps
    ;;
esac
for place in etc home opt run tmp usr/local var; do
  mount --rbind "$place" "/$place"
done
setsid sleep infinity </dev/null >/dev/null 2>&1 &
echo $!
