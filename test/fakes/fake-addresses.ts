import { splitPrefix } from "../../provider/model/network/interface-address";
import { isSameSubnet } from "../../provider/model/network/subnet";
import { CommandFailure } from "./fake-host";
import { FakeRoutes } from "./fake-routes";

export interface FakeAddress {
  readonly device: string;
  readonly local: string;
  readonly label: string;
  /** Behind another address of the same subnet on its device. */
  readonly secondary: boolean;
  /** Seconds until the kernel takes it away. */
  readonly lifetime?: string;
}

/** The addresses and links of a kernel under `ip addr` and `ip link`. */
export class FakeAddresses {
  readonly devices: Set<string>;
  /** Devices on which a secondary address is promoted when its primary is deleted. */
  readonly promotes = new Set<string>();
  readonly down = new Set<string>();
  readonly routes = new FakeRoutes();
  list: FakeAddress[] = [];

  constructor(devices: readonly string[]) {
    this.devices = new Set(devices);
  }

  /** One command as the words behind `ip`. Throws what ip(8) prints. */
  ip(words: readonly string[]): void {
    const [object, verb, ...rest] = words;
    if (object === "route") this.routes.ip(verb, rest);
    else if (object === "link") this.#link(verb, rest);
    else if (object === "addr" && verb === "add") this.#add(rest);
    else if (object === "addr" && verb === "del") this.#del(rest);
    else if (object === "addr" && verb === "change") this.#change(rest);
    else throw new Error(`the fake does not know ip ${words.join(" ")}`);
  }

  /** As `ip -batch -`: it stops at the first line that fails. */
  batch(text: string): void {
    for (const [index, line] of text.trim().split("\n").entries()) {
      try {
        this.ip(line.split(" "));
      } catch (error) {
        if (!(error instanceof CommandFailure)) throw error;
        throw new CommandFailure(1, `${error.message}\nCommand failed -:${index + 1}`);
      }
    }
  }

  /** A line for each address, as `ip -o addr show` prints them. */
  lines(): string[] {
    return this.list.map(({ device, local, label, secondary, lifetime }, index) => {
      const left = lifetime === undefined ? "forever" : `${lifetime}sec`;
      const back = `\\       valid_lft ${left} preferred_lft ${left}`;
      if (local.includes(":")) return `${index + 1}: ${device}    inet6 ${local} scope global nodad ${back}`;
      return `${index + 1}: ${device}    inet ${local} scope global ${secondary ? "secondary " : ""}${label}${back}`;
    });
  }

  #link(verb: string | undefined, words: readonly string[]): void {
    const device = after("dev", words) ?? words[0] ?? "";
    if (verb === "add") {
      if (this.devices.has(device)) throw new CommandFailure(2, "RTNETLINK answers: File exists");
      this.devices.add(device);
      return;
    }
    this.#refuseMissing(device);
    if (words.includes("up")) this.down.delete(device);
    if (words.includes("down")) this.down.add(device);
    if (verb !== "del") return;
    this.down.delete(device);
    this.devices.delete(device);
    this.list = this.list.filter((one) => one.device !== device);
    for (const family of ["ipv4", "ipv6"] as const) this.routes.removeByDevice(device, family);
  }

  #add(words: readonly string[]): void {
    const [local = ""] = words;
    const device = after("dev", words) ?? "";
    this.#refuseMissing(device);
    const { ip, family } = splitPrefix(local);
    // IPv6 has an address once on a device, IPv4 once with each prefix length.
    const same = (one: FakeAddress) => (family === "ipv6" ? splitPrefix(one.local).ip === ip : one.local === local);
    if (this.list.some((one) => one.device === device && same(one))) {
      throw new CommandFailure(2, "RTNETLINK answers: File exists");
    }
    const secondary = this.#sameSubnet(device, local).length > 0;
    const limit = after("valid_lft", words);
    const lifetime = limit !== undefined && limit !== "forever" ? { lifetime: limit } : {};
    this.list.push({ device, local, label: after("label", words) ?? device, secondary, ...lifetime });
    this.routes.addSubnet(device, local);
  }

  /** Lifetimes: the rest stays as it is. */
  #change(words: readonly string[]): void {
    const limit = after("valid_lft", words);
    this.list = this.list.map((one) => {
      const { lifetime: _, ...endless } = one;
      if (one.local !== words[0] || one.device !== after("dev", words)) return one;
      return limit === undefined || limit === "forever" ? endless : { ...endless, lifetime: limit };
    });
  }

  #del(words: readonly string[]): void {
    const [local = ""] = words;
    const device = after("dev", words) ?? "";
    this.#refuseMissing(device);
    const found = this.list.find((one) => one.device === device && one.local === local);
    if (found === undefined) throw new CommandFailure(2, "RTNETLINK answers: Cannot assign requested address");
    const [heir, ...others] = found.secondary ? [] : this.#sameSubnet(device, local).filter((one) => one.secondary);
    const lost = this.promotes.has(device) || heir === undefined ? [found] : [found, heir, ...others];
    this.list = this.list
      .filter((one) => !lost.includes(one))
      .map((one) => (one === heir ? { ...one, secondary: false } : one));
    for (const one of lost) this.#removeRoutesOf(one);
  }

  /** What the kernel removes with an address that is gone. */
  #removeRoutesOf({ device, local, secondary }: FakeAddress): void {
    const { ip, family } = splitPrefix(local);
    const left = this.list.filter((one) => splitPrefix(one.local).family === family);
    const heir = this.#sameSubnet(device, local)[0];
    if (!secondary && family === "ipv4") this.routes.removeSubnet(device, local);
    if (family === "ipv6" && !left.some((one) => one.device === device && isInSubnetOf(one.local, local))) {
      this.routes.removeSubnet(device, local);
    }
    if (family === "ipv6") return;
    if (!secondary && heir !== undefined) this.routes.addSubnet(device, heir.local);
    if (left.every((one) => splitPrefix(one.local).ip !== ip)) this.routes.removeBySource(ip);
    if (left.every((one) => one.device !== device)) this.routes.removeByDevice(device, family);
  }

  #refuseMissing(device: string): void {
    if (!this.devices.has(device)) throw new CommandFailure(1, `Cannot find device "${device}"`);
  }

  #sameSubnet(device: string, local: string): FakeAddress[] {
    const { ip, prefix, family } = splitPrefix(local);
    return this.list.filter((one) => {
      const other = splitPrefix(one.local);
      const comparable = one.device === device && family === "ipv4" && other.family === "ipv4";
      return comparable && other.prefix === prefix && isSameSubnet(other.ip, ip, prefix);
    });
  }
}

function isInSubnetOf(one: string, local: string): boolean {
  const { ip, prefix } = splitPrefix(local);
  return splitPrefix(one).prefix === prefix && isSameSubnet(splitPrefix(one).ip, ip, prefix);
}

function after(word: string, words: readonly string[]): string | undefined {
  return words.includes(word) ? words[words.indexOf(word) + 1] : undefined;
}
