import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { spentByChildren } from "./processes.ts";

/** A host without a kernel of its own: namespaces of this machine, over its files, with `/etc`, `/var/lib` and `/run` of its own. */
export interface Place {
  /** A program and its arguments, to be run in it. */
  readonly inside: (...command: readonly string[]) => readonly [string, ...string[]];
  /** Processor time of what has ended in it and had no parent left there, in milliseconds: whoever hangs up leaves such processes. */
  readonly spent: () => number;
  readonly remove: () => void;
}

/** Needs root. */
export async function makePlace(folder: string, name: string): Promise<Place> {
  const at = join(folder, name);
  mkdirSync(at);
  const words = [
    "--net",
    "--mount",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
    "sh",
    "-euc",
    MAKE,
    "sh",
    at,
    name,
  ];
  const child = spawn("unshare", words, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, "close").then(() => Promise.reject(new Error(`${name} was not made: ${said}`)));
  await Promise.race([once(child.stdout, "data"), ended]);
  ended.catch(() => undefined);
  // What it is in its own /proc is 1.
  const [pid = ""] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").split(" ");
  return {
    inside: (...command) => ["nsenter", "--target", pid, "--net", "--mount", "--pid", ...command],
    spent: () => spentByChildren(pid),
    remove: () => child.kill("SIGKILL"),
  };
}

const MAKE = `mount --make-rprivate /
mount -t tmpfs tmpfs "$1"
for part in /etc /var/lib; do
  mkdir -p "$1/upper$part" "$1/work$part"
  mount -t overlay overlay -o "lowerdir=$part,upperdir=$1/upper$part,workdir=$1/work$part" "$part"
done
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p -m 755 /run/sshd /run/lock
# What the login shell of this machine's root reads would take longer than the login.
mount -t tmpfs -o mode=700 tmpfs /root
ip link set lo up
printf %s "$2" | md5sum | cut -c 1-32 >/etc/machine-id
grep -q ^sshd: /etc/passwd || echo sshd:x:65500:65534::/run/sshd:/usr/sbin/nologin >>/etc/passwd
echo made
# It is the parent of all whose own parent has ended.
while :; do sleep 3600 & wait $!; done`;
