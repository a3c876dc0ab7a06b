import { type Family, familyOf } from "../../provider/model/network/address";
import { splitPrefix } from "../../provider/model/network/interface-address";
import { networkOf } from "../../provider/model/network/subnet";
import { CommandFailure } from "./fake-host";

interface FakeRoute {
  readonly family: Family;
  readonly to: string;
  readonly device: string;
  readonly source: string | undefined;
  readonly table: string;
  readonly words: readonly string[];
}

/** The unicast routes of a kernel under `ip route`, and those that it makes and removes with addresses. */
export class FakeRoutes {
  #list: FakeRoute[] = [];

  /** One command as the words behind `ip route`. Throws what ip(8) prints. */
  ip(verb: string | undefined, words: readonly string[]): void {
    const route = read(words);
    const same = this.#list.find(
      (one) => one.to === route.to && one.table === route.table && one.family === route.family,
    );
    if (verb === "add" && same !== undefined) throw new CommandFailure(2, "RTNETLINK answers: File exists");
    if (verb === "del" && same === undefined) throw new CommandFailure(2, "RTNETLINK answers: No such process");
    if (same !== undefined) this.#list = this.#list.filter((one) => one !== same);
    if (verb !== "del") this.#list.push(route);
  }

  /** A line for each route, as `ip -o route show table all` prints them. */
  lines(family: Family): string[] {
    return this.#list.filter((one) => one.family === family).map(({ words }) => `${words.join(" ")} `);
  }

  /** The route to the subnet of an address, where it is the first of it on its device. */
  addSubnet(device: string, local: string): void {
    const { ip, prefix, family } = splitPrefix(local);
    const to = networkOf(ip, prefix) ?? local;
    // On lo, the route to the subnet is a local one.
    if (device === "lo" || (family === "ipv4" && to === local)) return;
    if (this.#list.some((one) => one.to === to && one.device === device && one.words.includes("kernel"))) return;
    const rest = family === "ipv4" ? `scope link src ${ip}` : "metric 256 pref medium";
    this.#list.push(read(`${to} dev ${device} proto kernel ${rest}`.split(" ")));
  }

  removeSubnet(device: string, local: string): void {
    const { ip, prefix } = splitPrefix(local);
    const to = networkOf(ip, prefix) ?? local;
    this.#list = this.#list.filter((one) => one.to !== to || one.device !== device || !one.words.includes("kernel"));
  }

  /** IPv4: with the last place of an address on the host. */
  removeBySource(source: string): void {
    this.#list = this.#list.filter((one) => one.source !== source);
  }

  /** With the last address of a device, or with the device. */
  removeByDevice(device: string, family: Family): void {
    this.#list = this.#list.filter((one) => one.device !== device || one.family !== family);
  }
}

function read(words: readonly string[]): FakeRoute {
  const after = (word: string) => (words.includes(word) ? words[words.indexOf(word) + 1] : undefined);
  const [to = ""] = words;
  const address = to === "default" ? (after("via") ?? "0.0.0.0") : to;
  const device = after("dev") ?? "";
  return { family: familyOf(address), to, device, source: after("src"), table: after("table") ?? "main", words };
}
