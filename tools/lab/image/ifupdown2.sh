#!/bin/sh
# ifupdown2.sh ROOT: what an operator adds who mounts NFS at boot. Debian's networking.service is ordered before nothing.
set -eu
folder="$1/etc/systemd/system/networking.service.d"
mkdir -p "$folder"
printf '[Unit]\nBefore=network.target network-online.target\n' > "$folder/order.conf"
