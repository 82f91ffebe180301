#!/bin/sh
# First process of one rehearsal, in a process and a mount namespace of its own: when it ends, for whatever
# reason, the kernel ends everything in the rehearsal, and every mount goes with it.
# Usage: unshare --mount --pid --fork sh init.sh RUN-FOLDER <pipe
# It lives for as long as somebody holds the pipe's other end, so a killed rehearsal cleans up after itself.
# The word `keep` lets it live on without; then `npx mailversand rehearsal stop` ends it.
set -eu
run=$1
# The host's /proc is still mounted here, so this is the host's number for this process.
read -r pid _ </proc/self/stat
mount -t proc proc /proc
mkdir "$run/net"
mount -t tmpfs -o mode=0755 mailversand "$run/net"
mkdir "$run/net/hosts" "$run/net/relay-maps"
echo "$pid"
exec >&-
while read -r word; do
  if [ "$word" = keep ]; then exec sleep infinity; fi
done
umount -l "$run/net"
rm -rf "$run"
