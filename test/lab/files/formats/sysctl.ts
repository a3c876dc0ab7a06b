import { posix } from "node:path";
import { atBoot } from "../../../../provider/dialects/sysctl/at-boot.ts";
import { addOwner } from "../../../../provider/dialects/sysctl/ledger.ts";
import { LEDGER } from "../../../../provider/dialects/sysctl/ledger-text.ts";
import { linesAtBoot, overruledBy } from "../../../../provider/dialects/sysctl/precedence.ts";
import { kernelNumbers } from "../../../../provider/facts/sysctl/kernel-value.ts";
import { swapSeparators } from "../../../../provider/facts/sysctl/values.ts";
import { type Entry, tar } from "../../../../tools/lab/boot/tar.ts";
import type { LabHost } from "../../../../tools/lab/host/host.ts";
import type { Texts } from "../../../support/differential.ts";
import type { LabFormat } from "../compare.ts";
import { linesOf } from "./lines-of.ts";
import { LINK, sysctlTexts } from "./sysctl-texts.ts";

/** The setting that our own file has, in those texts that have one. */
const OURS = { key: "net.ipv4.ip_forward", desired: "1", reason: "replies pass through this host", original: "0" };

/**
 * Files of sysctl.d(5) as systemd-sysctl applies them at boot: the values that the kernel has afterwards, and whether one of ours
 * is lost where it should be 1.
 */
export const sysctl: LabFormat = {
  name: "sysctl.d",
  host: "nfs",
  texts: sysctlTexts(addOwner(undefined, { name: "NatKernelTuning", boot: true }, [OURS])),
  // Patterns with braces.
  refusedAtMost: 0.08,
  read,
  ours: (texts) => {
    const files = new Map(
      Object.entries(texts)
        .filter(([path]) => /\/sysctl\.d\/[^./][^/]*\.conf$/.test(path))
        .map(([path]) => [`/${path}`, linesIn(path, texts)]),
    );
    const boot = atBoot(linesAtBoot(files));
    const values = SETTINGS.map((setting) => {
      const value = boot.lastSetting(swapSeparators(setting))?.value;
      return value === undefined ? UNSET : kernelNumbers(value, 1)?.[0];
    });
    return [...values, files.has(LEDGER) && overruledBy(files, OURS.key, OURS.desired) !== undefined];
  },
};

function linesIn(path: string, texts: Texts): ReturnType<typeof linesOf> {
  const text = texts[path] ?? "";
  if (!text.startsWith(LINK)) return linesOf(text);
  const target = posix.join(posix.dirname(path), text.slice(LINK.length));
  return linesOf(texts[target] ?? "");
}

/** `tag` is a number that the kernel keeps for nobody. */
const SETTINGS = [
  "net/ipv4/ip_forward",
  ...["all", "lo", "eth1", "eth1.5"].map((device) => `net/ipv4/conf/${device}/tag`),
];
const UNSET = 77;

async function read(host: LabHost, all: readonly Texts[]): Promise<readonly unknown[]> {
  const entries = all.flatMap((texts, index) => [
    { path: `${index}/.keep`, text: "" },
    ...Object.entries(texts).map(
      ([path, text]): Entry =>
        text.startsWith(LINK)
          ? { path: `${index}/${path}`, link: text.slice(LINK.length) }
          : { path: `${index}/${path}`, text },
    ),
  ]);
  const { stdout } = await host.sh(`exec bash -c '${READ}' bash ${UNSET} ${all.length} ${SETTINGS.join(" ")}`, {
    input: tar(entries),
    timeout: 400_000,
  });
  const answers = stdout.trim().split("\n");
  return all.map((texts, index) => {
    const values = (answers[index] ?? "").trim().split(" ").map(Number);
    return [...values, LEDGER.slice(1) in texts && values[0] !== Number(OURS.desired)];
  });
}

// The folders of the host lead to those of a text by its working directory. bash reads a setting at once, and needs no process for it.
const READ = `work=$(mktemp -d) && cd "$work" && tar xf - || exit
unset=$1 count=$2 && shift 2
folders="/etc/sysctl.d /run/sysctl.d /usr/local/lib/sysctl.d /usr/lib/sysctl.d"
ip link add eth1.5 type dummy
for folder in $folders; do
  if [ -d $folder ]; then mv $folder $folder.kept; fi
  ln -s /proc/self/cwd$folder $folder
done
for ((text = 0; text < count; text++)); do
  cd "$work/$text" || exit
  for setting; do echo $unset >/proc/sys/$setting; done
  /usr/lib/systemd/systemd-sysctl 2>/dev/null
  for setting; do read -r value </proc/sys/$setting; printf "%s " $value; done
  echo
done
for folder in $folders; do
  rm $folder
  if [ -d $folder.kept ]; then mv $folder.kept $folder; fi
done
for setting; do echo 0 >/proc/sys/$setting; done
ip link delete eth1.5
rm -rf "$work"`;
