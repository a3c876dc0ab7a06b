import type { Disk } from "./image/image.ts";
import { isRelease, type Release, releaseNames } from "./image/releases.ts";

/**
 * The hosts of the lab and how they are wired: the names and addresses of an LVS operator's notes. Some are Debian 13 and most
 * 12, so that a lab of several hosts has both.
 */
export const hosts = {
  director1: host(11, "debian", { eth0: ["front", "192.168.4.2"], eth1: ["back", "192.168.2.2"] }),
  director2: host(12, "debian", { eth0: ["front", "192.168.4.3"], eth1: ["back", "192.168.2.3"] }, "trixie"),
  web1: host(21, "web", { eth0: ["front", "192.168.4.100"], eth1: ["back", "192.168.2.100"] }),
  web2: host(22, "web", { eth0: ["front", "192.168.4.200"], eth1: ["back", "192.168.2.200"] }, "trixie"),
  nfs: host(31, "debian", { eth1: ["back", "192.168.2.50"] }),
  client: host(41, "debian", { eth0: ["front", "192.168.4.10"] }),
  /** A host where nobody installed ipvsadm. */
  bare: host(51, "bare", { eth0: ["front", "192.168.4.51"], eth1: ["back", "192.168.2.51"] }),
  /** A director that keeps its settings where Red Hat's network-scripts and ipvsadm.service look for them. */
  rhel1: host(61, "rhel", { eth0: ["front", "192.168.4.61"], eth1: ["back", "192.168.2.61"] }),
  /** Hosts whose addresses somebody else than ifupdown brings up at boot. */
  networkd1: host(71, "networkd", { eth0: ["front", "192.168.4.71"], eth1: ["back", "192.168.2.71"] }),
  netplan1: host(72, "netplan", { eth0: ["front", "192.168.4.72"], eth1: ["back", "192.168.2.72"] }, "trixie"),
  nm1: host(73, "networkmanager", { eth0: ["front", "192.168.4.73"], eth1: ["back", "192.168.2.73"] }),
  nm2: host(74, "networkmanager", { eth0: ["front", "192.168.4.74"], eth1: ["back", "192.168.2.74"] }, "trixie"),
} as const satisfies Readonly<Record<string, HostPlan>>;

export type HostName = keyof typeof hosts;

/** Booted when nobody says which. */
export const usualHosts: readonly HostName[] = ["director1", "director2", "web1", "web2", "nfs", "client"];

export const isHostName = (name: string): name is HostName => Object.hasOwn(hosts, name);

/** The releases of those hosts that are to have another than their own. */
export type Releases = Readonly<Partial<Record<HostName, Release>>>;

/** PULUMI_LVS_RELEASE is that of all hosts but the client, which is a tool of the tests: its programs stay the same. */
export function releaseOf(name: HostName, wanted: Releases = {}): Release {
  const forAll = process.env["PULUMI_LVS_RELEASE"] ?? "";
  if (forAll !== "" && name !== "client") return knownRelease(forAll);
  return wanted[name] ?? hosts[name].release;
}

export function knownRelease(name: string): Release {
  if (isRelease(name)) return name;
  throw new Error(`No release ${JSON.stringify(name)}. Releases of the lab's hosts: ${releaseNames.join(", ")}`);
}

export function diskOf(name: HostName, release: Release): Disk {
  const { flavour } = hosts[name];
  const managed = flavour === "networkd" || flavour === "netplan" || flavour === "networkmanager";
  return managed ? `${release}-managers` : release;
}

/** What a guest is made into at its first boot. */
export type Flavour = "debian" | "web" | "bare" | "rhel" | "networkd" | "netplan" | "networkmanager";

export type Network = "mgmt" | "front" | "back";

export interface Nic {
  readonly name: string;
  readonly network: Network;
  readonly address: string;
  readonly mac: string;
}

export interface HostPlan {
  readonly flavour: Flavour;
  /** Unless told another one. */
  readonly release: Release;
  /** The management card first: the kernel numbers the cards in this order. */
  readonly nics: readonly Nic[];
}

/** The lab's own end of the management network. */
export const keeperAddress = "10.99.0.1";

type Cards = Readonly<Record<string, readonly [Network, string]>>;

function host(number: number, flavour: Flavour, cards: Cards, release: Release = "bookworm"): HostPlan {
  const mac = (index: number) => `02:00:63:00:${number.toString(16).padStart(2, "0")}:0${index}`;
  const data = Object.entries(cards).map(([name, [network, address]], index): Nic => {
    return { name, network, address, mac: mac(index + 1) };
  });
  return {
    flavour,
    release,
    nics: [{ name: "mgmt0", network: "mgmt", address: `10.99.0.${number}`, mac: mac(0) }, ...data],
  };
}
