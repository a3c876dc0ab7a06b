import { ownValue } from "../../model/own-value";

/** An option of ipvsadm by its long name, with its value. */
export interface Option {
  readonly name: string;
  readonly value?: string;
}

/** The words of one command, as popt gives them to ipvsadm: the options up to the first that popt refuses, and the other words. */
export interface Words {
  readonly options: readonly Option[];
  readonly others: readonly string[];
  /** Why popt refuses the next option. `unsure`: another version may know it. */
  readonly error?: { readonly text: string; readonly unsure: boolean };
}

export function readWords(words: readonly string[]): Words {
  const options: Option[] = [];
  const others: string[] = [];
  const left: Left = { words, at: 0 };
  for (let word = shift(left); word !== undefined; word = shift(left)) {
    if (word === "--") return { options, others: [...others, ...words.slice(left.at)] };
    if (!word.startsWith("-") || word === "-") others.push(word);
    else {
      const error = word.startsWith("--") ? readLong(word, left, options) : readShort(word.slice(1), left, options);
      if (error !== undefined) return { options, others, error };
    }
  }
  return { options, others };
}

/** The words that are left. An array would be moved as a whole for each word that is taken from it. */
interface Left {
  readonly words: readonly string[];
  at: number;
}

function shift(left: Left): string | undefined {
  left.at += 1;
  return left.words[left.at - 1];
}

type Problem = NonNullable<Words["error"]>;

function readLong(word: string, left: Left, options: Option[]): Problem | undefined {
  const at = word.indexOf("=");
  const name = word.slice(2, at < 0 ? undefined : at);
  const takes = ownValue(LONG, name);
  if (takes === undefined) return { text: `${word}: unknown option`, unsure: true };
  if (at < 0) return push(name, takes, undefined, left, options);
  // Versions of popt differ in what they do with such a value.
  if (takes === "nothing") return { text: `${word}: option does not take an argument`, unsure: true };
  return push(name, takes, word.slice(at + 1), left, options);
}

/** `-At vip:80`, `-tvip:80`, `-t=vip:80`. */
function readShort(cluster: string, left: Left, options: Option[]): Problem | undefined {
  let rest = cluster;
  for (;;) {
    const letter = rest.charAt(0);
    const name = ownValue(SHORT, letter);
    if (name === undefined) return { text: `-${letter}: unknown option`, unsure: true };
    const takes = ownValue(LONG, name) ?? "nothing";
    const more = rest.slice(1);
    const attached = more === "" ? undefined : more.replace(/^=/, "");
    const error = push(name, takes, takes === "nothing" ? undefined : attached, left, options);
    if (error !== undefined || takes !== "nothing" || attached === undefined) return error;
    rest = attached;
  }
}

function push(
  name: string,
  takes: Takes,
  attached: string | undefined,
  left: Left,
  options: Option[],
): Problem | undefined {
  if (takes === "nothing") options.push({ name });
  else {
    const next = left.words[left.at];
    const absent = next === undefined || (takes === "a value or nothing" && next.startsWith("-"));
    if (attached === undefined && absent) {
      if (takes === "a value") return { text: `--${name}: missing argument`, unsure: false };
      options.push({ name });
      return undefined;
    }
    const value = attached ?? shift(left) ?? "";
    // popt puts the next word in place of these characters.
    if (value.includes("!#:+")) return { text: `"${value}" has !#:+ in it`, unsure: true };
    options.push({ name, value });
  }
  return undefined;
}

type Takes = "nothing" | "a value" | "a value or nothing";

function each(takes: Takes, names: string): Readonly<Record<string, Takes>> {
  return Object.fromEntries(names.split(" ").map((name) => [name, takes]));
}

/** The options of ipvsadm 1.31. */
const LONG: Readonly<Record<string, Takes>> = {
  ...each(
    "nothing",
    "add-service edit-service delete-service clear list zero add-server edit-server delete-server set help version restore save " +
      "masquerading ipip gatewaying numeric connection timeout daemon stats rate thresholds persistent-conn nosort sort exact ipv6 ops " +
      "tun-info tun-nocsum tun-csum tun-remcsum",
  ),
  ...each(
    "a value",
    "start-daemon stop-daemon tcp-service udp-service sctp-service fwmark-service scheduler netmask real-server weight u-threshold " +
      "l-threshold mcast-interface syncid pe sched-flags mcast-group mcast-port mcast-ttl sync-maxlen tun-type tun-port",
  ),
  persistent: "a value or nothing",
};

const SHORT: Readonly<Record<string, string>> = {
  A: "add-service",
  E: "edit-service",
  D: "delete-service",
  C: "clear",
  L: "list",
  l: "list",
  Z: "zero",
  a: "add-server",
  e: "edit-server",
  d: "delete-server",
  h: "help",
  v: "version",
  R: "restore",
  S: "save",
  t: "tcp-service",
  u: "udp-service",
  f: "fwmark-service",
  s: "scheduler",
  p: "persistent",
  M: "netmask",
  r: "real-server",
  m: "masquerading",
  i: "ipip",
  g: "gatewaying",
  w: "weight",
  x: "u-threshold",
  y: "l-threshold",
  n: "numeric",
  c: "connection",
  X: "exact",
  "6": "ipv6",
  o: "ops",
  b: "sched-flags",
};
