/** Options of the mount itself: the kernel changes them while files are open. The first word of each is what holds by default. */
const MOUNT_FLAGS: readonly (readonly string[])[] = [
  ["rw", "ro"],
  ["exec", "noexec"],
  ["suid", "nosuid"],
  ["dev", "nodev"],
  ["relatime", "noatime", "strictatime"],
];

/** Words of nfs(5) that the kernel shows, with what holds where nothing is shown. undefined: that depends, so it is not compared. */
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

/** What the kernel says of a mount, in two lists. */
export interface LiveOptions {
  readonly flags: readonly string[];
  readonly nfs: readonly string[];
}

/** The flags of a mount, each of them said. */
export function mountFlags(options: readonly string[]): string[] {
  return MOUNT_FLAGS.map((words) => options.findLast((option) => words.includes(option)) ?? words[0] ?? "");
}

/** Whether a live mount is as these options say, as far as a kernel tells. It keeps to itself what it made of rsize, for one. */
export function isLive(options: readonly string[], live: LiveOptions): boolean {
  const flags = mountFlags(live.flags);
  if (!mountFlags(options).every((word, index) => flags[index] === word)) return false;
  const [said, shown] = [settings(options), settings(live.nfs)];
  return Object.entries(SHOWN).every(([name, byDefault]) => {
    const want = said.get(name) ?? byDefault;
    return want === undefined || want === (shown.get(name) ?? byDefault);
  });
}

/** A live mount in words for people: what is not as it would be by default. */
export function liveWords({ flags, nfs }: LiveOptions): string[] {
  const shown = settings(nfs);
  const defaults = mountFlags([]);
  return [
    ...mountFlags(flags).filter((word) => !defaults.includes(word)),
    ...Object.entries(SHOWN).flatMap(([name, byDefault]) => {
      const value = shown.get(name);
      if (value === undefined || value === byDefault || byDefault === undefined) return [];
      return [name === "recovery" ? value : name === "noac" ? "noac" : `${name}=${value}`];
    }),
  ];
}

function settings(options: readonly string[]): ReadonlyMap<string, string> {
  return new Map(options.flatMap((option) => setting(option)));
}

function setting(option: string): (readonly [string, string])[] {
  const [name = "", value] = option.split("=");
  if (["hard", "soft", "softerr"].includes(option)) return [["recovery", option]];
  if (option === "noac") return [["noac", "yes"]];
  if (option === "tcp" || option === "udp") return [["proto", option]];
  if (name === "actimeo" && value !== undefined) {
    return ["acregmin", "acregmax", "acdirmin", "acdirmax"].map((one) => [one, value] as const);
  }
  return name in SHOWN && value !== undefined ? [[name, value]] : [];
}
