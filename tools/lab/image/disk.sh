#!/bin/sh
# disk.sh ROOT DIR NAME: write the tree ROOT into the file system DIR/NAME.ext4.
set -eu
# As on a host that has booted before: what systemd does once after each change of /usr has been done.
touch -r "$1/usr" "$1/etc/.updated" "$1/var/.updated"
# mke2fs -d descends into whatever is mounted below the tree (proc, sys, dev): a bind mount shows the tree alone.
mkdir "$2/$3"
mount --bind "$1" "$2/$3"
trap 'umount "$2/$3"' EXIT
mke2fs -q -t ext4 -m 0 -J size=4 -L lab -d "$2/$3" "$2/$3.ext4" 900M
