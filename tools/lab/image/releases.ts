import type { KernelChoice } from "./uml.ts";

/** The releases of Debian that a guest can be, and two whose programs are others than Debian's usual ones. */
export const releases = {
  // Its NFS server has no nfsdcld, without which a later kernel lets no client open a file for 90 seconds.
  bullseye: {
    ...release("bullseye", "ifupdown", "nginx-light"),
    scripts: ["bullseye.sh"],
    kernel: "machine",
  },
  // Alone has what a small Slurm cluster is made of.
  bookworm: {
    ...release("bookworm", "ifupdown", "nginx", "slurmctld", "slurmd", "slurm-client", "munge"),
    scripts: ["slurm.sh"],
  },
  trixie: release("trixie", "ifupdown", "nginx"),
  testing: release("testing", "ifupdown", "nginx"),
  /** Debian 13 with ifupdown2 in place of ifupdown. */
  ifupdown2: { ...release("trixie", "ifupdown2", "nginx"), scripts: ["ifupdown2.sh"] },
  /** Testing with uutils' coreutils and sudo-rs in place of GNU's and Todd Miller's, as Ubuntu has them since 25.10. */
  uutils: { ...release("testing", "ifupdown", "nginx", "rust-coreutils", "sudo-rs"), scripts: ["uutils.sh"] },
} as const satisfies Readonly<Record<string, ReleasePlan>>;

export type Release = keyof typeof releases;

export interface ReleasePlan {
  /** As the archive calls it. */
  readonly suite: string;
  /** Packages beside those that are the same in every release. */
  readonly packages: readonly string[];
  /** Scripts of this folder that are told the complete tree. */
  readonly scripts: readonly string[];
  /** The one that its hosts boot, and all others of their lab. */
  readonly kernel: KernelChoice;
}

export const releaseNames = Object.keys(releases) as readonly Release[];

export const isRelease = (name: string): name is Release => Object.hasOwn(releases, name);

function release(suite: string, ...packages: readonly string[]): ReleasePlan {
  return { suite, packages, scripts: [], kernel: "quickest" };
}
