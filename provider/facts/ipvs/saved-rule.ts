import type { Checksum, Server, Tunnel } from "../../model/ipvs/real-server";
import { canonicalFlags } from "../../model/ipvs/scheduler";
import { parseServiceKey, serviceKey } from "../../model/ipvs/service-key";
import type { Service } from "../../model/ipvs/virtual-service";
import { formatAddressAndPort, parseAddressAndPort } from "../../model/network/address";
import { splitRule } from "./rule-words";

/** A real server as `--save` tells it: thresholds are not in there. */
export type SavedServer = Omit<Server, "upperThreshold" | "lowerThreshold">;

export type SavedRule = { readonly service: Service } | { readonly server: SavedServer };

interface Said {
  protocol?: string;
  name?: string;
  ipv6?: true;
  address?: string;
  scheduler?: string;
  flags?: readonly string[];
  timeout?: number;
  netmask?: string;
  engine?: string;
  onePacket?: true;
  forwarding?: Server["forwarding"];
  weight?: number;
  tunnel?: "ipip" | "gue" | "gre";
  port?: number;
  checksum?: Checksum;
}

type Next = () => string | undefined;

/** `ipvsadm --save` speaks in ipvsadm's own flags; this is what each of them says. */
const SAYS: Readonly<Record<string, (next: Next) => Said>> = {
  "-t": (next) => ({ protocol: "tcp", name: value(next) }),
  "-u": (next) => ({ protocol: "udp", name: value(next) }),
  "--sctp-service": (next) => ({ protocol: "sctp", name: value(next) }),
  "-f": (next) => ({ protocol: "fwmark", name: value(next) }),
  "-6": () => ({ ipv6: true }),
  "-s": (next) => ({ scheduler: value(next) }),
  "-p": (next) => ({ timeout: count(next) }),
  "-M": (next) => ({ netmask: value(next) }),
  "--pe": (next) => ({ engine: value(next) }),
  "-o": () => ({ onePacket: true }),
  // sh and mh have no name for the third flag: the list is empty.
  "-b": (next) => ({ flags: next()?.split(",") ?? ["flag-3"] }),
  // ipvsadm 1.26 prints these two without dashes, and cannot read them back itself.
  pe: (next) => ({ engine: value(next) }),
  ops: () => ({ onePacket: true }),
  "-r": (next) => ({ address: value(next) }),
  "-g": () => ({ forwarding: "direct" }),
  "-m": () => ({ forwarding: "masquerade" }),
  "-i": () => ({ forwarding: "tunnel" }),
  "-w": (next) => ({ weight: count(next) }),
  "--tun-type": (next) => ({ tunnel: tunnelType(value(next)) }),
  "--tun-port": (next) => ({ port: count(next) }),
  "--tun-nocsum": () => ({ checksum: "nocsum" }),
  "--tun-csum": () => ({ checksum: "csum" }),
  "--tun-remcsum": () => ({ checksum: "remcsum" }),
};

/** `-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 100`. Throws for a word that it does not know. */
export function parseRule(line: string): SavedRule {
  const [operation, ...words] = splitRule(line);
  const said: Said = {};
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const read = Object.hasOwn(SAYS, word) ? SAYS[word] : undefined;
    if (read === undefined) throw new Error(`the word "${word}" is unknown`);
    Object.assign(
      said,
      read(() => words.shift()),
    );
  }
  if (operation === "-A") return { service: readService(said) };
  if (operation === "-a") return { server: readServer(said) };
  throw new Error(`"${operation}" is neither -A nor -a`);
}

function readService(said: Said): Service {
  const identity = identify(said);
  const scheduler = must(said.scheduler, "-s");
  return {
    protocol: identity.protocol,
    ...(identity.protocol === "fwmark"
      ? { fwmark: identity.fwmark, family: identity.family }
      : { address: identity.address }),
    scheduler,
    schedulerFlags: canonicalFlags(scheduler, said.flags ?? []),
    ...(said.timeout === undefined ? {} : { persistenceTimeout: said.timeout }),
    ...(said.netmask === undefined ? {} : { netmask: said.netmask }),
    ...(said.engine === undefined ? {} : { persistenceEngine: said.engine }),
    onePacket: said.onePacket ?? false,
  };
}

function readServer(said: Said): SavedServer {
  const { address, port = 0 } = parseAddressAndPort(must(said.address, "-r"));
  const forwarding = must(said.forwarding, "-g, -i or -m");
  return {
    service: serviceKey(identify(said)),
    address: formatAddressAndPort(address, port),
    forwarding,
    weight: must(said.weight, "-w"),
    ...(forwarding === "tunnel" ? { tunnel: readTunnel(said) } : {}),
  };
}

/** ipvsadm before 1.31 knows one type only, and does not say it. */
function readTunnel({ tunnel = "ipip", port, checksum = "nocsum" }: Said): Tunnel {
  if (tunnel === "ipip") return { type: tunnel };
  if (tunnel === "gue") return { type: tunnel, port: must(port, "--tun-port"), checksum };
  if (checksum === "remcsum") throw new Error("a gre tunnel has no --tun-remcsum");
  return { type: tunnel, checksum };
}

function identify({ protocol = "", name = "", ipv6 }: Said) {
  return parseServiceKey(`${protocol} ${name}${ipv6 === true ? " ipv6" : ""}`);
}

function tunnelType(word: string): "ipip" | "gue" | "gre" {
  if (word === "ipip" || word === "gue" || word === "gre") return word;
  throw new Error(`the tunnel type "${word}" is unknown`);
}

function value(next: Next): string {
  return must(next(), "a value");
}

function count(next: Next): number {
  const text = value(next);
  if (/^\d+$/.test(text)) return Number(text);
  throw new Error(`"${text}" is not a number`);
}

function must<T>(said: T | undefined, what: string): T {
  if (said === undefined) throw new Error(`it does not say ${what}`);
  return said;
}
