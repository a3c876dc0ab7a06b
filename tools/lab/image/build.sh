#!/bin/sh
# build.sh PLAIN MANAGED SUITE PACKAGES "[SCRIPT...]" "MANAGER..." MODULES...: make disks for guests of this suite of Debian, as root or as
# a plain user with subordinate ids: PLAIN, and MANAGED with packages that bring addresses up. An empty path is a disk that is not wanted.
# The caller holds the lock. The packages come on top of those that every guest has. The scripts are of this folder, and are told the
# tree when it is complete. The last are the folders of modules of the kernels that guests may boot.
set -eu
here=$(dirname "$(readlink -f "$0")")
plain=$1
managed=$2
suite=$3
more=$4
export LAB_MORE="$5" LAB_ADDED="$6"
shift 6
[ ! -e "$plain" ] || plain=
[ ! -e "$managed" ] || managed=
[ -n "$plain$managed" ] || exit 0
export LAB_PLAIN="$plain" LAB_MANAGED="$managed"

# The tree of the guest is thousands of small files: build it in memory where there is enough, else beside the image.
scratch=$(dirname "${plain:-$managed}")
free=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1) || free=0
[ "${free:-0}" -lt 2500000 ] || scratch=/dev/shm
work=$(mktemp -d "$scratch/lvs-lab-image.XXXXXX")
trap 'rm -rf "$work" "$plain.new" "$managed.new"' EXIT
trap 'exit 1' HUP INT TERM
# In a user namespace the build is another user.
chmod 711 "$work"
mkdir -m 777 "$work/tmp" "$work/kept" "$work/disk"
# Our cache may be closed to it.
mkdir "$work/modules"
for modules in "$@"; do
  cp -a "$modules" "$work/modules/"
done
export TMPDIR="$work/tmp" LAB_WORK="$work" LAB_RECIPE="$here" LAB_MODULES="$work/modules"

packages=systemd-sysv,udev,dbus,libpam-systemd,kmod,procps,psmisc,sudo,openssh-server
packages=$packages,iproute2,iptables,conntrack,iputils-ping,iputils-arping,tcpdump,socat,curl
packages=$packages,apt,mount,python3,ipvsadm,keepalived,nfs-kernel-server,nfs-common,$more

# A copy of the archive may be older than the archive's lists are good for.
mmdebstrap --mode=auto --variant=essential --include="$packages" \
  --aptopt='Acquire::Check-Valid-Until "false"' \
  --extract-hook='sh "$LAB_RECIPE/spare.sh" "$1"' \
  --customize-hook='sh "$LAB_RECIPE/disks.sh" "$1"' \
  "$suite" /dev/null

# Beside the image first: a rename within one file system is all or nothing.
publish() {
  cp --sparse=always "$1" "$2.new"
  chmod 444 "$2.new"
  mv "$2.new" "$2"
}
[ -z "$plain" ] || publish "$work/disk/plain.ext4" "$plain"
[ -z "$managed" ] || publish "$work/disk/managed.ext4" "$managed"
