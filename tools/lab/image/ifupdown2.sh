#!/bin/sh
# ifupdown2.sh ROOT: what an operator adds whose services need addresses at boot. Debian's networking.service is ordered before nothing,
# and asks for no network.target, without which nobody's "After=network.target" counts.
set -eu
folder="$1/etc/systemd/system/networking.service.d"
mkdir -p "$folder"
printf '[Unit]\nWants=network.target\nBefore=network.target network-online.target\n' > "$folder/order.conf"
