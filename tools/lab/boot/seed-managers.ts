import type { Nic } from "../hosts.ts";
import type { Entry } from "./tar.ts";

/** systemd-networkd has the first card, and ifupdown the other: two managers, each with its own. */
export function networkdFiles(nics: readonly Nic[]): Entry[] {
  const [first, ...others] = nics;
  return [
    ...(first === undefined ? [] : [network(first)]),
    { path: "etc/network/interfaces", text: `${others.map(stanza).join("\n")}\nsource /etc/network/interfaces.d/*\n` },
    wanted("systemd-networkd.service"),
    wanted("networking.service"),
  ];
}

export function netplanFiles(nics: readonly Nic[]): Entry[] {
  const cards = nics.map(({ name, address }) => `    ${name}:\n      addresses: [${address}/24]\n`);
  const text = `network:\n  version: 2\n  renderer: networkd\n  ethernets:\n${cards.join("")}`;
  return [noInterfaces, { path: "etc/netplan/50-lab.yaml", mode: 0o600, text }];
}

export function networkManagerFiles(nics: readonly Nic[]): Entry[] {
  return [
    noInterfaces,
    // The card that the lab itself comes in by is the lab's own.
    {
      path: "etc/NetworkManager/conf.d/lab.conf",
      text: "[main]\nno-auto-default=*\n[keyfile]\nunmanaged-devices=interface-name:mgmt0\n",
    },
    ...nics.map(profile),
    wanted("NetworkManager.service"),
    // NetworkManager asks for the host's name, and the one who tells it ends when it is idle.
    { path: "etc/systemd/system/systemd-hostnamed.service", link: "/dev/null" },
  ];
}

const noInterfaces: Entry = { path: "etc/network/interfaces", text: "source /etc/network/interfaces.d/*\n" };

const wanted = (unit: string): Entry => ({
  path: `etc/systemd/system/multi-user.target.wants/${unit}`,
  link: `/lib/systemd/system/${unit}`,
});

const network = ({ name, address }: Nic): Entry => ({
  path: `etc/systemd/network/10-${name}.network`,
  text: `[Match]\nName=${name}\n\n[Network]\nAddress=${address}/24\n`,
});

const stanza = ({ name, address }: Nic): string =>
  `auto ${name}\niface ${name} inet static\n    address ${address}/24\n`;

const profile = ({ name, address, mac }: Nic): Entry => ({
  path: `etc/NetworkManager/system-connections/${name}.nmconnection`,
  mode: 0o600,
  text: [
    "# as the operator left it",
    "[connection]",
    `id=${name}`,
    `uuid=5f1c0d3e-0000-4000-8000-${mac.replaceAll(":", "")}`,
    "type=ethernet",
    `interface-name=${name}`,
    "",
    "[ethernet]",
    "",
    "[ipv4]",
    `address1=${address}/24`,
    "method=manual",
    "",
    "[ipv6]",
    "addr-gen-mode=eui64",
    "method=auto",
    "",
  ].join("\n"),
});
