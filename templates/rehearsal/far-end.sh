#!/bin/sh
# Installs a far end's forced command as the head of templates/*/mailversand-* says for a real host, and starts sshd.
# Its files and users are in place already. Usage: far-end.sh gateway|relay|register USER
set -eu
programs=/usr/local/lib/mailversand
state=/var/lib/mailversand-$1
case $1 in
  gateway)
    install -d -o "$2" -g mailversand -m 2770 "$state"
    for program in nft conntrack ping; do
      install -o root -g mailversand -m 0750 "$(command -v $program)" $programs/
      setcap cap_net_admin,cap_net_raw+ep $programs/$program
    done
    # The host's part (base.nft): it forwards, and two customers may have the same addresses.
    echo 1 >/proc/sys/net/ipv4/ip_forward
    for filter in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 >"$filter"; done
    ;;
  relay)
    install -d -o "$2" -g mailversand -m 2775 "$state"
    # Before Postfix makes it: the user of the connection test reads it.
    install -o root -g mailversand -m 0640 /dev/null /var/log/mail.log
    setpriv --reuid "$2" --regid mailversand --init-groups $programs/mailversand-relay prepare
    ;;
  register) install -d -o "$2" -g mailversand -m 0750 "$state" ;;
esac
mkdir -p /run/sshd
exec /usr/sbin/sshd -E /var/log/sshd.log
