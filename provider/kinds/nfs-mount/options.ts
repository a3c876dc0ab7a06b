/** Flags of a mount, which the kernel can change while files are open. The first word of each row is the default. */
const MOUNT_FLAGS: readonly (readonly string[])[] = [
  ["rw", "ro"],
  ["exec", "noexec"],
  ["suid", "nosuid"],
  ["dev", "nodev"],
  ["relatime", "noatime", "strictatime"],
];

/** Options of nfs(5) that the kernel shows, with their defaults. undefined: the default depends on others, so it is not compared. */
const SHOWN: Readonly<Record<string, string | undefined>> = {
  recovery: "hard",
  noac: "no",
  lookupcache: "all",
  acregmin: "3",
  acregmax: "60",
  acdirmin: "30",
  acdirmax: "60",
  proto: undefined,
  timeo: undefined,
  retrans: undefined,
  sec: undefined,
};

/** The options of a live mount. */
export interface LiveOptions {
  readonly flags: readonly string[];
  readonly nfs: readonly string[];
}

/** The flags of a mount, with defaults written out. */
export function mountFlags(options: readonly string[]): string[] {
  return MOUNT_FLAGS.map((words) => options.findLast((option) => words.includes(option)) ?? words[0] ?? "");
}

/** Whether a live mount has these options, as far as the kernel shows them: it does not show the rsize that was given, for one. */
export function isLive(options: readonly string[], live: LiveOptions): boolean {
  const flags = mountFlags(live.flags);
  if (!mountFlags(options).every((word, index) => flags[index] === word)) return false;
  const [desired, shown] = [settings(options), settings(live.nfs)];
  return Object.entries(SHOWN).every(([name, byDefault]) => {
    const want = desired.get(name) ?? byDefault;
    return want === undefined || want === (shown.get(name) ?? byDefault);
  });
}

/** The options of a live mount that differ from the defaults. */
export function liveWords({ flags, nfs }: LiveOptions): string[] {
  const shown = settings(nfs);
  const defaults = mountFlags([]);
  return [
    ...mountFlags(flags).filter((word) => !defaults.includes(word)),
    ...Object.entries(SHOWN).flatMap(([name, byDefault]) => {
      const value = shown.get(name);
      if (value === undefined || value === byDefault || byDefault === undefined) return [];
      if (shown.get("noac") === "yes" && CACHE_TIMES.includes(name)) return [];
      return [name === "recovery" ? value : name === "noac" ? "noac" : `${name}=${value}`];
    }),
  ];
}

function settings(options: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map(options.flatMap((option) => setting(option)));
  // The kernel sets them to 0 then, whatever else is given, and shows them.
  if (found.has("noac")) for (const name of CACHE_TIMES) found.set(name, "0");
  return found;
}

/** Seconds for which the client trusts attributes that it has read. */
const CACHE_TIMES = ["acregmin", "acregmax", "acdirmin", "acdirmax"];

function setting(option: string): (readonly [string, string])[] {
  const [name = "", value] = option.split("=");
  if (["hard", "soft", "softerr"].includes(option)) return [["recovery", option]];
  if (option === "noac") return [["noac", "yes"]];
  if (option === "tcp" || option === "udp") return [["proto", option]];
  if (name === "actimeo" && value !== undefined) {
    return CACHE_TIMES.map((one) => [one, value] as const);
  }
  return Object.hasOwn(SHOWN, name) && value !== undefined ? [[name, value]] : [];
}
