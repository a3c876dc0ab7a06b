import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type HostPlan, hosts, type Nic } from "../hosts.ts";
import { netplanFiles, networkdFiles, networkManagerFiles } from "./seed-managers.ts";
import { spared } from "./seed-units.ts";
import { type Entry, tar } from "./tar.ts";

/** What makes a guest itself. */
export interface Identity {
  readonly name: string;
  readonly plan: HostPlan;
  /** The host's private key, in OpenSSH's own form. */
  readonly hostKey: string;
  /** Lines of authorized_keys, for every user of the guest. */
  readonly authorizedKeys: readonly string[];
}

/** The archive that a guest unpacks over its root at its first boot. */
export const seed = (identity: Identity): Buffer =>
  tar([...common(identity), ...flavours[identity.plan.flavour](identity)]);

function common({ name, plan, hostKey, authorizedKeys }: Identity): Entry[] {
  return [
    { path: "etc/hostname", text: `${name}\n` },
    // A machine-id of its own, known before systemd starts: else systemd takes this for a first boot and presets all units.
    { path: "etc/machine-id", text: `${createHash("md5").update(name).digest("hex")}\n` },
    { path: "etc/hosts", text: hostsFile(name) },
    { path: "etc/ssh/ssh_host_ed25519_key", mode: 0o600, text: hostKey },
    { path: "usr/lib/lab/authorized_keys", text: lines(authorizedKeys) },
    { path: "usr/lib/lab/nics", text: nicCommands(plan) },
    ...spared,
  ];
}

const flavours: Readonly<Record<HostPlan["flavour"], (identity: Identity) => Entry[]>> = {
  debian: ({ plan }) => [interfaces(plan)],
  web: ({ name, plan }) => [
    interfaces(plan),
    { path: "var/www/html/index.html", text: `${name}\n` },
    {
      path: "etc/systemd/system/multi-user.target.wants/nginx.service",
      link: "/lib/systemd/system/nginx.service",
    },
  ],
  bare: ({ plan }) => [interfaces(plan), firstBoot("bare.sh")],
  rhel: ({ plan }) => [
    { path: "etc/sysconfig/network-scripts/ifcfg-lo", text: ifcfgLo },
    ...dataNics(plan).map((nic) => ({ path: `etc/sysconfig/network-scripts/ifcfg-${nic.name}`, text: ifcfg(nic) })),
    firstBoot("rhel.sh"),
  ],
  networkd: ({ plan }) => networkdFiles(dataNics(plan)),
  netplan: ({ plan }) => netplanFiles(dataNics(plan)),
  networkmanager: ({ plan }) => networkManagerFiles(dataNics(plan)),
};

/** Runs before systemd at every boot. The kernel calls the cards vec0, vec1, ... in their order. */
function nicCommands(plan: HostPlan): string {
  const names = plan.nics.map((nic, index) => `link set vec${index} name ${nic.name}`);
  // Nothing in a Debian guest reads ifcfg files, so the lab puts these addresses up.
  const early = plan.flavour === "rhel" ? plan.nics : plan.nics.slice(0, 1);
  const up = early.flatMap((nic) => [`link set ${nic.name} up`, `addr add ${nic.address}/24 dev ${nic.name}`]);
  return lines([...names, "link set lo up", ...up]);
}

function interfaces(plan: HostPlan): Entry {
  const cards = dataNics(plan).flatMap((nic) => [
    "",
    `auto ${nic.name}`,
    `iface ${nic.name} inet static`,
    `    address ${nic.address}/24`,
  ]);
  const text = lines([
    "# This file describes the network interfaces available on your system",
    "# and how to activate them. For more information, see interfaces(5).",
    "",
    "auto lo",
    "iface lo inet loopback",
    ...cards,
    "",
    "source /etc/network/interfaces.d/*",
  ]);
  return { path: "etc/network/interfaces", text };
}

const ifcfg = ({ name, address, mac }: Nic): string =>
  lines([
    "TYPE=Ethernet",
    "BOOTPROTO=none",
    `DEVICE=${name}`,
    `HWADDR=${mac}`,
    "ONBOOT=yes",
    "NM_CONTROLLED=no",
    `IPADDR=${address}`,
    "PREFIX=24",
  ]);

const ifcfgLo = lines([
  "DEVICE=lo",
  "IPADDR=127.0.0.1",
  "NETMASK=255.0.0.0",
  "NETWORK=127.0.0.0",
  "BROADCAST=127.255.255.255",
  "ONBOOT=yes",
  "NAME=loopback",
]);

const firstBoot = (file: string): Entry => ({
  path: "usr/lib/lab/first-boot",
  text: readFileSync(join(import.meta.dirname, "..", "image", file), "utf8"),
});

function hostsFile(name: string): string {
  const others = Object.entries(hosts).map(([other, plan]) => `${dataNics(plan)[0]?.address} ${other}`);
  return lines(["127.0.0.1 localhost", `127.0.1.1 ${name}`, "::1 localhost ip6-localhost ip6-loopback", ...others]);
}

const dataNics = (plan: HostPlan): readonly Nic[] => plan.nics.slice(1);

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}
