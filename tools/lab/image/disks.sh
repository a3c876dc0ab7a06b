#!/bin/sh
# disks.sh ROOT: the disks that build.sh wants, of one tree of packages.
set -eu
root=$1

# disk NAME "[SCRIPT...]": make a guest of the tree, and a disk of the guest.
disk() {
  for script in customize.sh $2; do
    sh "$LAB_RECIPE/$script" "$root"
  done
  sh "$LAB_RECIPE/disk.sh" "$root" "$LAB_WORK/disk" "$1"
}

# all FOLDER COMMAND...: all that is there, but what mmdebstrap has mounted.
all() {
  folder=$1
  shift
  find "$folder" -mindepth 1 -maxdepth 1 ! -name dev ! -name proc ! -name sys -exec "$@" {} +
}

if [ -n "$LAB_PLAIN" ]; then
  # The other disk begins with the tree as it is now.
  [ -z "$LAB_MANAGED" ] || all "$root" cp -a --target-directory="$LAB_WORK/kept"
  disk plain "$LAB_MORE"
  if [ -n "$LAB_MANAGED" ]; then
    all "$root" rm -rf
    all "$LAB_WORK/kept" mv --target-directory="$root"
  fi
fi
if [ -n "$LAB_MANAGED" ]; then
  set -- install
  for package in $LAB_ADDED; do
    set -- "$@" "$package"
  done
  # As mmdebstrap installs, from outside of the tree.
  APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get --yes -qq -o DPkg::Chroot-Directory="$root" -o Dir::Bin::dpkg=env \
    -o DPkg::Options::=--unset=TMPDIR -o DPkg::Options::=dpkg "$@"
  disk managed "$LAB_MORE managers.sh"
fi
