import { DialError } from "../dial-error";

/** Packages by their names of Debian and of Red Hat. */
interface Packages {
  readonly debian: string;
  readonly redHat: string;
}

const COREUTILS: Packages = { debian: "coreutils", redHat: "coreutils" };
const UTIL_LINUX: Packages = { debian: "util-linux", redHat: "util-linux" };

/** The programs that every session needs, and the kinds that set rules, addresses and settings. */
const PROGRAMS: Readonly<Record<string, Packages>> = {
  awk: { debian: "mawk", redHat: "gawk" },
  cp: COREUTILS,
  env: COREUTILS,
  flock: UTIL_LINUX,
  ip: { debian: "iproute2", redHat: "iproute" },
  mktemp: COREUTILS,
  mv: COREUTILS,
  readlink: COREUTILS,
  stat: COREUTILS,
  sysctl: { debian: "procps", redHat: "procps-ng" },
  tee: COREUTILS,
  timeout: COREUTILS,
};

/** Shell text that sets `l` to the programs that are missing, joined by commas, or to `-`. The cp of busybox keeps no attributes. */
export const FIND_MISSING = `l=; for k in awk cp env flock ip mktemp mv readlink stat sysctl tee timeout; do command -v "$k" >/dev/null 2>&1 || l=$l,$k; done; \
case $(readlink "$(command -v cp)" 2>/dev/null) in *busybox*) l=$l,cp ;; esac; l=\${l#,}; l=\${l:--}`;

/** The error of a host that lacks some of them; undefined: it has all. */
export function missingError(word: string): DialError | undefined {
  const missing = word.split(",").flatMap((name) => {
    const packages = new Map(Object.entries(PROGRAMS)).get(name);
    return packages === undefined ? [] : [{ name, packages }];
  });
  if (missing.length === 0) return undefined;
  const all = (of: keyof Packages) => [...new Set(missing.map(({ packages }) => packages[of]))].join(" ");
  return new DialError(
    "the host lacks programs that its changes need",
    missing.map(({ name, packages }) => `${name}, of ${packages.debian}`),
    [`Install them: apt-get install ${all("debian")}, or dnf install ${all("redHat")}.`],
  );
}
