import type { Fact } from "./fact";

/** Packages by their names of Debian and of Red Hat. */
export interface Packages {
  readonly debian: string;
  readonly redHat: string;
}

const COREUTILS: Packages = { debian: "coreutils", redHat: "coreutils" };

/** What each host must have: sessions, locks and files are made with them. */
const OF_ALL = {
  awk: { debian: "mawk", redHat: "gawk" },
  cp: COREUTILS,
  env: COREUTILS,
  flock: { debian: "util-linux", redHat: "util-linux" },
  mktemp: COREUTILS,
  mv: COREUTILS,
  readlink: COREUTILS,
  stat: COREUTILS,
  tee: COREUTILS,
  timeout: COREUTILS,
} satisfies Readonly<Record<string, Packages>>;

/** What a host must have for some kinds. */
const OF_KINDS = {
  ip: { debian: "iproute2", redHat: "iproute" },
  sysctl: { debian: "procps", redHat: "procps-ng" },
} satisfies Readonly<Record<string, Packages>>;

export type KindsProgram = keyof typeof OF_KINDS;

/** What the resources of one kind need. */
export interface Needs {
  readonly kind: string;
  readonly programs: readonly KindsProgram[];
}

const PACKAGES: ReadonlyMap<string, Packages> = new Map(Object.entries({ ...OF_ALL, ...OF_KINDS }));

export function packagesOf(program: string): Packages | undefined {
  return PACKAGES.get(program);
}

export function isNeededByAll(program: string): boolean {
  return Object.hasOwn(OF_ALL, program);
}

/** Shell text that sets `l` to the programs that are missing, joined by commas, or to `-`. The cp of busybox keeps no attributes. */
export const FIND_MISSING = `l=; for k in awk cp env flock ip mktemp mv readlink stat sysctl tee timeout; do command -v "$k" >/dev/null 2>&1 || l=$l,$k; done; \
case $(readlink "$(command -v cp)" 2>/dev/null) in *busybox*) l=$l,cp ;; esac; l=\${l#,}; l=\${l:--}`;

/** Those of all that a host has not. */
export const missingPrograms: Fact<readonly string[]> = {
  command: { sh: `${FIND_MISSING}; printf "%s\\n" "$l"`, summary: "look for programs" },
  parse: (output) => missingIn(output.trim()),
};

/** From the word. */
export function missingIn(word: string): readonly string[] {
  return word.split(",").filter((name) => PACKAGES.has(name));
}
