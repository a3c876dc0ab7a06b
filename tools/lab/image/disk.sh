#!/bin/sh
# disk.sh ROOT DIR: write the tree ROOT into the file system DIR/root.ext4.
set -eu
# As on a host that has booted before: what systemd does once after each change of /usr has been done.
touch -r "$1/usr" "$1/etc/.updated" "$1/var/.updated"
# mke2fs -d descends into whatever is mounted below the tree (proc, sys, dev): a bind mount shows the tree alone.
mkdir "$2/tree"
mount --bind "$1" "$2/tree"
trap 'umount "$2/tree"' EXIT
mke2fs -q -t ext4 -m 0 -J size=4 -L lab -d "$2/tree" "$2/root.ext4" 900M
