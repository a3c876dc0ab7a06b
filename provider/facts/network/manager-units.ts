/** The services that configure a network, by systemd unit: aliases and sockets name the same manager. */
export const MANAGER_OF_UNIT: Readonly<Record<string, string>> = {
  "NetworkManager.service": "NetworkManager",
  "network-manager.service": "NetworkManager",
  "dbus-org.freedesktop.NetworkManager.service": "NetworkManager",
  "systemd-networkd.service": "systemd-networkd",
  "systemd-networkd.socket": "systemd-networkd",
  "dbus-org.freedesktop.network1.service": "systemd-networkd",
  "networking.service": "networking",
  "network.service": "network",
  "wicked.service": "wicked",
  "wickedd.service": "wicked",
};
