#!/bin/sh
# managers.sh ROOT: a disk for hosts whose addresses NetworkManager, systemd-networkd or netplan brings up. None of them is on.
set -eu
units="$1/etc/systemd/system"

# They heed no card that udev has not seen. Of all devices, the network's are enough, and take a second less.
for unit in systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udev-trigger.service; do
  rm "$units/$unit"
done
mkdir -p "$units/systemd-udev-trigger.service.d"
cat > "$units/systemd-udev-trigger.service.d/lab.conf" <<'UNIT'
[Service]
ExecStart=
ExecStart=-udevadm trigger --action=add --subsystem-match=net
UNIT

# Nothing waits for the network here, and nobody is asked by polkit or looked for by radio.
for unit in systemd-networkd-wait-online.service NetworkManager-wait-online.service NetworkManager-dispatcher.service \
  ModemManager.service polkit.service wpa_supplicant.service; do
  ln -sf /dev/null "$units/$unit"
done
for unit in NetworkManager.service systemd-networkd.service systemd-networkd.socket systemd-network-generator.service \
  systemd-networkd-wait-online.service networking.service; do
  rm -f "$units"/*.wants/"$unit"
done
rm -f "$1"/etc/rc?.d/???networking
rm -f "$units/dbus-org.freedesktop.nm-dispatcher.service" "$units/dbus-org.freedesktop.network1.service"
mkdir -p "$1/etc/netplan" "$1/etc/systemd/network"
