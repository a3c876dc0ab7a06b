#!/bin/sh
# build.sh OUT SUITE PACKAGES "[SCRIPT...]" MODULES...: make a disk for guests of this suite of Debian, as root or as a plain user
# with subordinate ids. The caller holds the lock. The packages come on top of those that every guest has. The scripts are of this
# folder, and are told the tree when it is complete. The last are the folders of modules of the kernels that guests may boot.
set -eu
here=$(dirname "$(readlink -f "$0")")
out=$1
suite=$2
more=$3
export LAB_MORE="$4"
shift 4
[ ! -e "$out" ] || exit 0

# The tree of the guest is thousands of small files: build it in memory where there is enough, else beside the image.
scratch=$(dirname "$out")
free=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1) || free=0
[ "${free:-0}" -lt 2000000 ] || scratch=/dev/shm
work=$(mktemp -d "$scratch/lvs-lab-image.XXXXXX")
trap 'rm -rf "$work" "$out.new"' EXIT
trap 'exit 1' HUP INT TERM
# In a user namespace the build is another user.
chmod 711 "$work"
mkdir -m 777 "$work/tmp" "$work/disk"
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
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
  --customize-hook='sh "$LAB_RECIPE/customize.sh" "$1"' \
  --customize-hook='for script in $LAB_MORE; do sh "$LAB_RECIPE/$script" "$1"; done' \
  --customize-hook='sh "$LAB_RECIPE/disk.sh" "$1" "$LAB_WORK/disk"' \
  "$suite" /dev/null

# Beside the image first: a rename within one file system is all or nothing.
cp --sparse=always "$work/disk/root.ext4" "$out.new"
chmod 444 "$out.new"
mv "$out.new" "$out"
