#!/bin/sh
# build.sh OUT [PACKAGES SCRIPT]: make the guests' disk, as root or as a plain user with subordinate ids. The caller holds the
# lock. Another disk has more packages, and a script of this folder that is told the tree when it is complete.
set -eu
here=$(dirname "$(readlink -f "$0")")
out=$1
more=${2:-}
export LAB_MORE="${3:-}"
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
export TMPDIR="$work/tmp" LAB_WORK="$work" LAB_RECIPE="$here"

packages=systemd-sysv,udev,dbus,libpam-systemd,kmod,procps,psmisc,sudo,openssh-server
packages=$packages,ifupdown,iproute2,iptables,conntrack,iputils-ping,iputils-arping,tcpdump,socat,curl
packages=$packages,apt,ipvsadm,nginx-light,nfs-kernel-server,nfs-common${more:+,$more}

mmdebstrap --mode=auto --variant=essential --include="$packages" \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
  --customize-hook='sh "$LAB_RECIPE/customize.sh" "$1"' \
  --customize-hook='[ -z "$LAB_MORE" ] || sh "$LAB_RECIPE/$LAB_MORE" "$1"' \
  --customize-hook='sh "$LAB_RECIPE/disk.sh" "$1" "$LAB_WORK/disk"' \
  bookworm /dev/null

# Beside the image first: a rename within one file system is all or nothing.
cp --sparse=always "$work/disk/root.ext4" "$out.new"
chmod 444 "$out.new"
mv "$out.new" "$out"
