#!/bin/sh
# enter.sh TREE USER HOME COMMAND...: run a command in the tree TREE as if the machine were this tree. The caller has given us mount
# and process namespaces of our own. A plain chroot would not do: in one the kernel refuses user namespaces.
set -eu
tree=$1 user=$2 home=$3
shift 3
mount --bind "$tree" "$tree"
mount -t proc proc "$tree/proc"
mount --rbind /sys "$tree/sys"
mount --rbind /dev "$tree/dev"
# The machine's has what others keep there.
mount -t tmpfs -o mode=1777,nosuid,nodev memory "$tree/dev/shm"
[ -z "${BARE_CACHE:-}" ] || mount --bind "$BARE_CACHE" "$tree/cache"
cd "$tree"
mount --move . /
exec chroot --userspec="$user:$user" . env --chdir="$home" "$@"
