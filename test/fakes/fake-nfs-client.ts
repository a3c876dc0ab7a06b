import { escapeOctal } from "../../provider/facts/files/octal";
import { UNMAKE } from "../../provider/facts/files/path-state";
import { linkedMountPoints, missingPrograms, mountPoint } from "../../provider/kinds/nfs-mount/facts";
import { isNfs } from "../../provider/kinds/nfs-mount/find";
import { findEntry } from "../../provider/kinds/nfs-mount/fstab";
import { mountFlags } from "../../provider/kinds/nfs-mount/options";
import type { Command } from "../../provider/step";
import { makeDirectory, placeAt, unmake } from "./directories";
import { argsOf, CommandFailure, FakeHost, shellOf } from "./fake-host";

interface Mounted {
  readonly source: string;
  readonly type: string;
  readonly flags: readonly string[];
  readonly nfs: readonly string[];
  /** The options of nfs(5) with which it was mounted. */
  readonly options?: readonly string[];
}

/**
 * A host that mounts what its fstab contains, and shows it as /proc/self/mountinfo does. Under contract:
 * test/fakes/contracts/nfs-client.ts.
 */
export class FakeNfsClient extends FakeHost {
  readonly mounts = new Map<string, Mounted>();
  /** What somebody has mounted over those. */
  readonly covers = new Map<string, Mounted>();
  /** Directories that are not empty. */
  readonly full = new Set<string>();
  /** Mounts that a process uses. */
  readonly busy = new Set<string>();

  /** A mount point of fstab → the same place without symbolic links. */
  readonly links = new Map<string, string>();
  /** Name of a server → its addresses. */
  readonly addresses = new Map<string, readonly string[]>();

  /** Programs that are not installed. */
  missing: readonly string[] = [];

  answer(command: Command): string | undefined {
    if (shellOf(command) === shellOf(missingPrograms.command)) return this.missing.map((name) => `${name}\n`).join("");
    if (shellOf(command) === shellOf(linkedMountPoints.command)) {
      return [...this.links].map(([written, real]) => `${written}\t${real}\n`).join("");
    }
    if (shellOf(command) !== shellOf(mountPoint("").command)) return undefined;
    const [, path = "", , , name = ""] = argsOf(command);
    const [top, ...below] = [this.covers.get(path), this.mounts.get(path)].filter((one) => one !== undefined);
    if (top !== undefined) {
      const hosts = (this.addresses.get(name) ?? []).map((address) => `${address}  STREAM ${name}\n`);
      return [`mounted ${shown(top)}`, ...below.map((one) => `below ${shown(one)}`), ...hosts].join("");
    }
    if (this.full.has(path)) return `full\n${path}\n`;
    return placeAt(path, this);
  }

  execute(command: Command): void {
    if ("run" in command) {
      const path = command.run.at(-1) ?? "";
      if (command.run.includes("mount")) this.mount(path);
      else makeDirectory(path, this);
      return;
    }
    const [path = "", , remount] = command.args ?? [];
    if (command.sh === UNMAKE) unmake(argsOf(command), this, (one) => this.mounts.has(one));
    else if (command.sh.includes("umount") && remount === undefined) this.#unmount(path);
    if (remount !== undefined) this.#remount(path, remount.split(","));
  }

  /** `mount PATH`, as a boot does it. */
  mount(path: string): void {
    const entry = findEntry(this.files.get("/etc/fstab"), path);
    if (entry === undefined || !isNfs(entry.type)) {
      throw new CommandFailure(1, `mount: ${path}: can't find in /etc/fstab.`);
    }
    const version = entry.options.find((option) => option.startsWith("vers="))?.slice(5) ?? "4.2";
    this.mounts.set(path, {
      source: entry.source,
      type: version === "3" ? "nfs" : "nfs4",
      flags: shownFlags(entry.options),
      nfs: shownOptions(entry.options, version === "4" ? "4.2" : version),
      options: nfsOptions(entry.options),
    });
  }

  #unmount(path: string): void {
    if (!this.mounts.has(path) && !this.covers.has(path)) throw new CommandFailure(32, `umount: ${path}: not mounted.`);
    if (this.busy.has(path)) throw new CommandFailure(16, `umount.nfs: ${path}: device is busy`);
    if (!this.covers.delete(path)) this.mounts.delete(path);
  }

  /** The kernel changes flags, and refuses a remount whose other options, those of fstab, are new: then it is mounted anew. */
  #remount(path: string, words: readonly string[]): void {
    const mounted = this.mounts.get(path);
    const inFstab = nfsOptions(findEntry(this.files.get("/etc/fstab"), path)?.options ?? []);
    if (mounted !== undefined && inFstab.join(",") === mounted.options?.join(",")) {
      const nfs = [mountFlags(words)[0] ?? "", ...mounted.nfs.slice(1)];
      this.mounts.set(path, { ...mounted, flags: shownFlags(words), nfs });
      return;
    }
    this.#unmount(path);
    this.mount(path);
  }
}

/** As /proc/self/mountinfo has it, from its flags on. */
function shown({ source, type, flags, nfs }: Mounted): string {
  return `${flags.join(",")} shared:14 - ${type} ${escapeOctal(source, /[ \t\n\\]/g)} ${nfs.join(",")}\n`;
}

/** Flags that are on by default are not shown; relatime is. */
function shownFlags(options: readonly string[]): readonly string[] {
  return mountFlags(options).filter((flag) => !["exec", "suid", "dev"].includes(flag));
}

/** Those of nfs(5): neither flags of the mount nor words of mount(8). */
function nfsOptions(options: readonly string[]): readonly string[] {
  return options.filter(
    (option) => !/^(?:r[ow]|(?:no)?(?:exec|suid|dev|atime)|relatime|strictatime|nofail|noauto|_netdev)$/.test(option),
  );
}

/** Options in the order in which the kernel shows them, of those that have a part in tests. */
function shownOptions(options: readonly string[], version: string): readonly string[] {
  const noac = options.includes("noac");
  const valueOf = (name: string) => options.findLast((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
  const cacheTimes = Object.entries({ acregmin: "3", acregmax: "60", acdirmin: "30", acdirmax: "60" }).flatMap(
    ([name, byDefault]) => {
      const value = noac ? "0" : (valueOf(name) ?? valueOf("actimeo") ?? byDefault);
      return value === byDefault ? [] : [`${name}=${value}`];
    },
  );
  return [
    mountFlags(options)[0] ?? "",
    ...(noac ? ["sync"] : []),
    `vers=${version}`,
    `rsize=${valueOf("rsize") ?? "32768"}`,
    ...cacheTimes,
    options.findLast((option) => /^(?:hard|soft|softerr)$/.test(option)) ?? "hard",
    ...(noac ? ["noac"] : []),
    `proto=${valueOf("proto") ?? "tcp"}`,
    `timeo=${valueOf("timeo") ?? "600"}`,
    `retrans=${valueOf("retrans") ?? "2"}`,
    `sec=${valueOf("sec") ?? "sys"}`,
    ...options.filter((option) => option.startsWith("lookupcache=") && option !== "lookupcache=all"),
  ];
}
