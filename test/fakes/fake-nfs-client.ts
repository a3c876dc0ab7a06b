import { UNMAKE } from "../../provider/facts/files/path-state";
import { mountPoint } from "../../provider/kinds/nfs-mount/facts";
import { isNfs } from "../../provider/kinds/nfs-mount/find";
import { findEntry } from "../../provider/kinds/nfs-mount/fstab";
import { isLive, mountFlags } from "../../provider/kinds/nfs-mount/options";
import type { Command } from "../../provider/step";
import { FakeHost, shellOf } from "./fake-host";

interface Mounted {
  readonly source: string;
  readonly type: string;
  readonly flags: readonly string[];
  readonly nfs: readonly string[];
}

/** A host that mounts what its fstab says, and tells of it as /proc/self/mountinfo does. */
export class FakeNfsClient extends FakeHost {
  readonly mounts = new Map<string, Mounted>();
  /** What is in a directory. */
  readonly full = new Set<string>();
  readonly busy = new Set<string>();

  answer(command: Command): string | undefined {
    if (shellOf(command) !== shellOf(mountPoint("").command)) return undefined;
    const [, path = ""] = "args" in command ? (command.args ?? []) : [];
    const mounted = this.mounts.get(path);
    if (mounted !== undefined) {
      const { source, type, flags, nfs } = mounted;
      return `mounted ${flags.join(",")} shared:14 - ${type} ${source.replaceAll(" ", "\\040")} ${nfs.join(",")}\n`;
    }
    if (this.full.has(path)) return `full\n${path}\n`;
    return this.directories.has(path) ? `empty\n${path}\n` : `missing\n${path}\n${path}\n`;
  }

  execute(command: Command): void {
    if ("run" in command) {
      const path = command.run.at(-1) ?? "";
      if (command.run.includes("mount")) this.mount(path);
      else this.directories.add(path);
      return;
    }
    const [path = "", , remount] = command.args ?? [];
    if (command.sh === UNMAKE) this.directories.delete(path);
    else if (command.sh.includes("umount") && remount === undefined) this.#unmount(path);
    if (remount !== undefined) this.#remount(path, remount.split(","));
  }

  /** `mount PATH`, as a boot does it. */
  mount(path: string): void {
    const entry = findEntry(this.files.get("/etc/fstab"), path);
    if (entry === undefined || !isNfs(entry.type)) throw new Error(`can't find ${path} in /etc/fstab`);
    const version = entry.options.find((option) => option.startsWith("vers="))?.slice(5) ?? "4.2";
    const kept = entry.options.filter((option) => !/^(?:nofail|noauto|_netdev|vers=.*|rsize=.*)$/.test(option));
    const shown = kept.flatMap((option) =>
      /^actimeo=/.test(option)
        ? ["acregmin", "acregmax", "acdirmin", "acdirmax"].map((name) => option.replace("actimeo", name))
        : [option],
    );
    this.mounts.set(path, {
      source: entry.source,
      type: version === "3" ? "nfs" : "nfs4",
      flags: mountFlags(entry.options).filter((flag) => !["exec", "suid", "dev"].includes(flag)),
      nfs: [
        mountFlags(entry.options)[0] ?? "",
        `vers=${version === "4" ? "4.2" : version}`,
        "rsize=16384",
        ...shown,
        ...["hard", "proto=tcp", "timeo=600"].filter(
          (word) =>
            !shown.some(
              (one) => one.split("=")[0] === word.split("=")[0] || (word === "hard" && one.startsWith("soft")),
            ),
        ),
      ],
    });
  }

  #unmount(path: string): void {
    if (this.busy.has(path)) throw new Error("device is busy");
    this.mounts.delete(path);
  }

  /** The kernel takes new flags, and nothing else. */
  #remount(path: string, options: readonly string[]): void {
    const mounted = this.mounts.get(path);
    if (mounted === undefined) throw new Error("not mounted");
    const flags = mountFlags(options).filter((flag) => !["exec", "suid", "dev"].includes(flag));
    const wanted = findEntry(this.files.get("/etc/fstab"), path)?.options ?? [];
    if (isLive(wanted, { flags, nfs: mounted.nfs })) this.mounts.set(path, { ...mounted, flags });
    else {
      this.#unmount(path);
      this.mount(path);
    }
  }
}
