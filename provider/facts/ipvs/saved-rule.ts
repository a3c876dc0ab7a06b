import type { Checksum, Server, Tunnel } from "../../model/ipvs/real-server";
import { canonicalFlags } from "../../model/ipvs/scheduler";
import { parseServiceKey, serviceKey } from "../../model/ipvs/service-key";
import type { Service } from "../../model/ipvs/virtual-service";
import { formatAddressAndPort, parseAddressAndPort } from "../../model/network/address";
import { ownValue } from "../../model/own-value";
import { splitRule } from "./rule-target";

/** A real server as `--save` prints it, without thresholds. */
export type SavedServer = Omit<Server, "upperThreshold" | "lowerThreshold">;

export type SavedRule = { readonly service: Service } | { readonly server: SavedServer };

/** The options of one rule. */
interface Options {
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

/** The options that `ipvsadm --save` prints, and how to read each. */
const OPTIONS: Readonly<Record<string, (next: Next) => Options>> = {
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
  // sh and mh have no name for the third flag, so ipvsadm prints an empty list.
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

/** Parses `-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 100`. Throws for an unknown word. */
export function parseRule(line: string): SavedRule {
  const [operation, ...words] = splitRule(line);
  const options: Options = {};
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const read = ownValue(OPTIONS, word);
    if (read === undefined) throw new Error(`the word "${word}" is unknown`);
    Object.assign(
      options,
      read(() => words.shift()),
    );
  }
  if (operation === "-A") return { service: readService(options) };
  if (operation === "-a") return { server: readServer(options) };
  throw new Error(`"${operation}" is neither -A nor -a`);
}

function readService(options: Options): Service {
  const identity = identify(options);
  const scheduler = required(options.scheduler, "-s");
  return {
    protocol: identity.protocol,
    ...(identity.protocol === "fwmark"
      ? { fwmark: identity.fwmark, family: identity.family }
      : { address: identity.address }),
    scheduler,
    schedulerFlags: canonicalFlags(scheduler, options.flags ?? []),
    ...(options.timeout === undefined ? {} : { persistenceTimeout: options.timeout }),
    ...(options.netmask === undefined ? {} : { netmask: options.netmask }),
    ...(options.engine === undefined ? {} : { persistenceEngine: options.engine }),
    onePacket: options.onePacket ?? false,
  };
}

function readServer(options: Options): SavedServer {
  const { address, port = 0 } = parseAddressAndPort(required(options.address, "-r"));
  const forwarding = required(options.forwarding, "-g, -i or -m");
  return {
    service: serviceKey(identify(options)),
    address: formatAddressAndPort(address, port),
    forwarding,
    weight: required(options.weight, "-w"),
    ...(forwarding === "tunnel" ? { tunnel: readTunnel(options) } : {}),
  };
}

/** ipvsadm before 1.31 supports ipip only, and prints no type. */
function readTunnel({ tunnel = "ipip", port, checksum = "nocsum" }: Options): Tunnel {
  if (tunnel === "ipip") return { type: tunnel };
  if (tunnel === "gue") return { type: tunnel, port: required(port, "--tun-port"), checksum };
  if (checksum === "remcsum") throw new Error("a gre tunnel has no --tun-remcsum");
  return { type: tunnel, checksum };
}

function identify({ protocol = "", name = "", ipv6 }: Options) {
  return parseServiceKey(`${protocol} ${name}${ipv6 === true ? " ipv6" : ""}`);
}

function tunnelType(word: string): "ipip" | "gue" | "gre" {
  if (word === "ipip" || word === "gue" || word === "gre") return word;
  throw new Error(`the tunnel type "${word}" is unknown`);
}

function value(next: Next): string {
  return required(next(), "a value");
}

function count(next: Next): number {
  const text = value(next);
  if (/^\d+$/.test(text)) return Number(text);
  throw new Error(`"${text}" is not a number`);
}

function required<T>(options: T | undefined, what: string): T {
  if (options === undefined) throw new Error(`it has no ${what}`);
  return options;
}
