import { isDeepStrictEqual } from "node:util";
import type { Check, HealthCheck } from "../../../model/ipvs/health-check";
import type { ServerSettings, Tunnel } from "../../../model/ipvs/real-server";
import { SCHEDULER_FLAGS } from "../../../model/ipvs/scheduler";
import { parseServiceKey, type ServiceIdentity } from "../../../model/ipvs/service-key";
import type { Service } from "../../../model/ipvs/virtual-service";
import { canonicalAddress, formatAddressAndPort, parseAddressAndPort } from "../../../model/network/address";
import { type Line, Options, readBlocks } from "./blocks";
import { readCheck } from "./parse-check";

/** What keepalived is told about a service, as its file has it. */
export interface Fragment {
  readonly service: Service;
  /** By address, each with its check. */
  readonly servers: ReadonlyMap<string, { readonly settings: ServerSettings; readonly check: Check }>;
  readonly onFailure: HealthCheck["onFailure"];
  readonly sorry?: string;
}

/** Undefined: it is not what we could have written, of this service. */
export function parseFragment(text: string, key: string): Fragment | undefined {
  try {
    const [only, ...more] = readBlocks(text) ?? [];
    return only?.block === undefined || more.length > 0 ? undefined : readService(only.words, only.block, key);
  } catch {
    return undefined;
  }
}

function readService(words: readonly string[], block: readonly Line[], key: string): Fragment {
  const identity = parseServiceKey(key);
  const isMark = identity.protocol === "fwmark";
  const name = isMark ? ["fwmark", String(identity.fwmark)] : wordsOf(identity.address);
  if (!isDeepStrictEqual(words, ["virtual_server", ...name])) throw new Error("it is another service");
  const options = new Options(block);
  const family = identity.family === "ipv6" ? "inet6" : "inet";
  const isSame = isMark
    ? options.word("ip_family") === family
    : options.word("protocol") === identity.protocol.toUpperCase();
  if (!isSame) throw new Error("it is another service");
  const service = readSettings(identity, options);
  const sorry = readSorry(options, identity);
  options.end();
  const servers = block.filter((line) => line.block !== undefined).map(readServer);
  const inhibited = servers.filter(({ isInhibited }) => isInhibited).length;
  if (servers.length === 0 || (inhibited !== 0 && inhibited !== servers.length)) throw new Error("it has no servers");
  return {
    service,
    servers: new Map(servers.map(({ address, settings, check }) => [address, { settings, check }])),
    onFailure: inhibited === 0 ? "remove" : "weight0",
    ...(sorry !== undefined && { sorry }),
  };
}

function wordsOf(text: string): readonly string[] {
  const { address, port = 0 } = parseAddressAndPort(text);
  return [address, String(port)];
}

function addressOf([ip = "", port = "", ...more]: readonly string[]): string {
  if (more.length > 0) throw new Error("an address has two words");
  const text = formatAddressAndPort(canonicalAddress(ip), Number(port));
  parseAddressAndPort(text);
  return text;
}

function readSettings(identity: ServiceIdentity, options: Options): Service {
  const persistenceTimeout = options.number("persistence_timeout");
  const netmask = options.word("persistence_granularity");
  const persistenceEngine = options.word("persistence_engine");
  const scheduler = options.word("lvs_sched");
  if (scheduler === undefined) throw new Error("it has no scheduler");
  const { protocol } = identity;
  return {
    ...(protocol === "fwmark"
      ? { protocol, fwmark: identity.fwmark, family: identity.family }
      : { protocol, address: identity.address }),
    scheduler,
    schedulerFlags: readFlags(scheduler, options),
    ...(persistenceTimeout !== undefined && { persistenceTimeout }),
    ...(netmask !== undefined && { netmask }),
    ...(persistenceEngine !== undefined && { persistenceEngine }),
    onePacket: options.flag("ops"),
  };
}

/** In the order of ipvsadm. */
function readFlags(scheduler: string, options: Options): Service["schedulerFlags"] {
  const named = SCHEDULER_FLAGS.filter((flag) => options.flag(flag));
  const order = (flag: string) => ["-1", "-fallback", "-2", "-port", "-3"].findIndex((end) => flag.endsWith(end));
  if (named.some((flag) => !flag.startsWith("flag-") && !flag.startsWith(`${scheduler}-`)))
    throw new Error("it has a flag of another scheduler");
  return named.sort((a, b) => order(a) - order(b));
}

function readSorry(options: Options, service: ServiceIdentity): string | undefined {
  const words = options.take("sorry_server");
  const method = options.word("sorry_server_lvs_method");
  if (words === undefined) return undefined;
  const sorry = addressOf(words);
  const isSame = parseAddressAndPort(sorry).port === service.port;
  if (method !== (isSame ? "DR" : "NAT")) throw new Error("the sorry server has another method");
  return sorry;
}

interface ReadServer {
  readonly address: string;
  readonly settings: ServerSettings;
  readonly check: Check;
  readonly isInhibited: boolean;
}

function readServer({ words: [name, ...words], block = [] }: Line): ReadServer {
  const checkers = block.filter((line) => line.block !== undefined);
  const [checker] = checkers;
  if (name !== "real_server" || checker === undefined || checkers.length > 1) throw new Error("it has no check");
  const address = addressOf(words);
  const options = new Options(block);
  const method = readMethod(options.take("lvs_method") ?? []);
  const settings = {
    ...method,
    weight: options.needed("weight"),
    upperThreshold: options.number("uthreshold") ?? 0,
    lowerThreshold: options.number("lthreshold") ?? 0,
  };
  const isInhibited = options.flag("inhibit_on_failure");
  options.end();
  return { address, settings, check: readCheck(checker, address), isInhibited };
}

function readMethod([method, ...words]: readonly string[]): Pick<ServerSettings, "forwarding" | "tunnel"> {
  if (words.length === 0 && method === "DR") return { forwarding: "direct" };
  if (words.length === 0 && method === "NAT") return { forwarding: "masquerade" };
  if (method !== "TUN") throw new Error("it has another lvs_method");
  return { forwarding: "tunnel", tunnel: readTunnel(words) };
}

function readTunnel(words: readonly string[]): Tunnel {
  if (words.length === 0) return { type: "ipip" };
  const [, gre] = /^type gre (nocsum|csum)$/.exec(words.join(" ")) ?? [];
  if (gre !== undefined) return { type: "gre", checksum: gre as "nocsum" | "csum" };
  const [, port, gue] = /^type gue port (\d{1,5}) (nocsum|csum|remcsum)$/.exec(words.join(" ")) ?? [];
  if (port === undefined || gue === undefined) throw new Error("it has another tunnel");
  return { type: "gue", port: Number(port), checksum: gue as "nocsum" | "csum" | "remcsum" };
}
