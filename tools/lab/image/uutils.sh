#!/bin/sh
# uutils.sh ROOT: the programs of uutils and of sudo-rs by the names of GNU's and of Todd Miller's.
set -eu
cd "$1/usr/bin"
# One program that is each of them by the name that it is called by.
for path in ../lib/cargo/bin/coreutils/*; do
  name=${path##*/}
  [ ! -e "$name" ] || ln -sf coreutils "$name"
done
for name in su sudo; do
  ln -sf "../lib/cargo/bin/$name" "$name"
done
# It is so.
chroot "$1" ls --version | grep -q uutils
chroot "$1" sudo --version | grep -q sudo-rs
