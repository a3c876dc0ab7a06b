import { compact } from "../../model/fields";
import { fragmentText, instanceName, type Written } from "./fragment";
import type { Track, VrrpAddress, VrrpInstance } from "./schema";

type Known = Pick<VrrpInstance, "device" | "virtualRouterId" | "addresses">;

/** What the file of this instance says, also where somebody has edited it. Its identity is that of the file's name. */
export function readFragment(text: string, known: Known): Written & Pick<VrrpInstance, "file"> {
  const lines = linesOf(text);
  const value = (name: string) =>
    lines.find(({ block, words }) => block === "vrrp_instance" && words[0] === name)?.words[1];
  const inside = (name: string) => lines.flatMap(({ block, words }) => (block === name ? [words] : []));
  const delay = value("preempt_delay");
  const written: Written = compact({
    device: known.device,
    virtualRouterId: known.virtualRouterId,
    addresses: ["virtual_ipaddress", "virtual_ipaddress_excluded"].flatMap((name) =>
      inside(name).map((words) => addressIn(words, known.device)),
    ),
    priority: Number(value("priority") ?? 0),
    advertInterval: Number(value("advert_int") ?? 0),
    preempt: delay === undefined ? (false as const) : { delay: Number(delay) },
    peers: unlessEmpty(firstWords(inside("unicast_peer"))),
    source: value("unicast_src_ip") ?? value("mcast_src_ip"),
    track: trackIn(inside, { lines, text }, `${instanceName(known)}_`),
  });
  return fragmentText(written) === text ? written : { ...written, file: "differs" };
}

/** A line, and the block that it stands in. */
interface ConfigLine {
  readonly block: string;
  readonly words: readonly string[];
}

function linesOf(text: string): readonly ConfigLine[] {
  const blocks: string[] = [];
  return text.split("\n").flatMap((line): ConfigLine[] => {
    const words = line
      .replace(/[#!].*/, "")
      .split(/\s+/)
      .filter((word) => word !== "");
    const [first] = words;
    if (first === undefined) return [];
    if (first === "}") {
      blocks.pop();
      return [];
    }
    const found = { block: blocks.at(-1) ?? "", words };
    if (words.at(-1) === "{") blocks.push(first);
    return [found];
  });
}

/** `192.168.4.5/32 dev eth0 label eth0:0` */
function addressIn(words: readonly string[], usual: string): VrrpAddress {
  const after = (name: string) => words[words.indexOf(name) + 1];
  const label = words.includes("label") ? after("label") : undefined;
  return {
    address: words[0] ?? "",
    device: (words.includes("dev") ? after("dev") : undefined) ?? usual,
    ...(label !== undefined && { label }),
  };
}

/** A service by the name of its script, and hosts by what theirs does. */
function trackIn(
  inside: (name: string) => readonly (readonly string[])[],
  { lines, text }: { readonly lines: readonly ConfigLine[]; readonly text: string },
  prefix: string,
): Track | undefined {
  const tracked = firstWords(inside("track_script")).filter((name) => name.startsWith(prefix));
  const own = tracked.map((name) => name.slice(prefix.length));
  const pings = lines.flatMap(({ words }) => (words[0] === "script" && words.includes("wait)") ? [words] : []));
  const hosts = pings.flatMap((words) => words.filter((_, index) => words[index - 2] === "-W"));
  const track = compact({
    devices: unlessEmpty(firstWords(inside("track_interface"))),
    services: unlessEmpty(own.filter((name) => name !== "hosts" && !isCommand(name))),
    scripts: unlessEmpty(
      commandsIn(
        text,
        own.filter(isCommand).map((name) => `${prefix}${name}`),
      ),
    ),
    hosts: own.includes("hosts") ? unlessEmpty(hosts) : undefined,
  });
  return Object.keys(track).length === 0 ? undefined : track;
}

function isCommand(name: string): boolean {
  return /^script_\d+$/.test(name);
}

/** What the blocks of scripts with these names run. */
function commandsIn(text: string, names: readonly string[]): readonly string[] {
  let isOurs = false;
  return text.split("\n").flatMap((line) => {
    if (line.startsWith("vrrp_script ")) isOurs = names.includes(line.split(" ")[1] ?? "");
    const command = line.trim();
    return isOurs && command.startsWith('script "') && command.endsWith('"') ? [command.slice(8, -1)] : [];
  });
}

function firstWords(lines: readonly (readonly string[])[]): readonly string[] {
  return lines.flatMap(([first]) => first ?? []);
}

function unlessEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
