import { posix } from "node:path";
import { readByMount, readBySystemd } from "../../../../provider/kinds/nfs-mount/fstab-line.ts";
import { fc, type Texts } from "../../../support/differential.ts";
import type { LabFormat } from "../compare.ts";
import { readEach } from "../read-each.ts";
import { linesOf } from "./lines-of.ts";

/** fstab(5) as libmount reads it, for mount(8): every entry. */
export const fstabFormat: LabFormat = {
  name: "fstab",
  host: "nfs",
  texts: fstabTexts(),
  refusedAtMost: 0,
  read: async (host, all) => {
    const answers = await readEach(
      host,
      all,
      "findmnt --fstab --tab-file fstab --json --list --output SOURCE,TARGET,FSTYPE,OPTIONS 2>/dev/null",
    );
    return answers.map(({ stdout }) => {
      const found = stdout.trim() === "" ? [] : (JSON.parse(stdout) as Found).filesystems;
      return found.map(({ source, target, fstype, options }) => [source, target, fstype, options ?? "defaults"]);
    });
  },
  ours: ({ fstab = "" }) =>
    linesOf(fstab).flatMap(({ text }) => {
      const entry = readByMount(text);
      return entry === undefined ? [] : [[entry.source, entry.path, entry.type, entry.options.join(",")]];
    }),
};

interface Found {
  readonly filesystems: readonly {
    readonly source: string;
    readonly target: string;
    readonly fstype: string;
    readonly options: string | null;
  }[];
}

/** fstab(5) as systemd reads it at boot: the first entry of each mount point. */
export const fstabAtBootFormat: LabFormat = {
  name: "fstab at boot",
  host: "nfs",
  texts: fstabTexts(),
  refusedAtMost: 0,
  read: async (host, all) => {
    const answers = await readEach(
      host,
      all.map((texts): Texts => ({ ...texts, "out/.keep": "" })),
      GENERATE,
    );
    return answers.map(({ stdout }) => {
      const units = stdout.split("[Mount]\n").slice(1);
      return units.map((unit) => ["Where", "What", "Type", "Options"].map((key) => settingOf(unit, key))).sort();
    });
  },
  ours: ({ fstab = "" }) => {
    const first = new Map<string, readonly string[]>();
    for (const { text } of linesOf(fstab)) {
      const entry = readBySystemd(text);
      if (entry?.path.includes("/") !== true) continue;
      // A relative path counts from /, where systemd starts.
      const path = posix.resolve("/", entry.path);
      const options = entry.options.filter((word) => word !== "").join(",");
      if (!first.has(path)) first.set(path, [path, entry.source, entry.type, options === "defaults" ? "" : options]);
    }
    return [...first.values()].sort();
  },
};

const GENERATE = `at=$PWD
cd /
SYSTEMD_FSTAB=$at/fstab /usr/lib/systemd/system-generators/systemd-fstab-generator "$at/out" "$at/out" "$at/out" 2>/dev/null
for unit in "$at"/out/*.mount; do
  [ ! -e "$unit" ] || while IFS= read -r line || [ -n "$line" ]; do printf '%s\\n' "$line"; done <"$unit"
done`;

/** A percent sign is written twice. */
function settingOf(unit: string, key: string): string {
  const line = unit.split("\n").find((one) => one.startsWith(`${key}=`));
  return line === undefined ? "" : line.slice(key.length + 1).replaceAll("%%", "%");
}

function fstabTexts(): fc.Arbitrary<Texts> {
  const source = fc.constantFrom(
    "nfs:/a",
    "192.168.2.50:/a\\040b",
    "[2001:db8::50]:/a",
    "nfs:/a#b",
    "nfs:/\u00a0",
    "nfs:/a\\\\b",
  );
  const path = fc.constantFrom(
    ...[
      "/x/docs",
      "/x/docs/",
      "//x//docs",
      "/x/my\\040docs",
      "/x/a\u00a0b",
      "/x/a\vb",
      "/x/caf\\303\\251",
      "/x/a\\\\b",
    ],
    ...["/x/a\\134040", "/x/a#b", '/x/"a"', "/x/%n", "/x/a\\9", "/x/é", "none", "x/docs"],
  );
  const type = fc.constantFrom("nfs", "nfs4", "ext4", "nf\\163");
  const options = fc.constantFrom(
    "defaults",
    "ro",
    "rw,nosuid",
    "nofail,_netdev",
    "ro,,rw",
    "ro,",
    "a\\054b",
    "noauto",
  );
  const number = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom("0", "1", "2", "-1") },
    { weight: 1, arbitrary: fc.constantFrom("x", "0x", "+2", "\v0", "#") },
  );
  const gap = fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(" ", "\t", "   ", " \t ") },
    { weight: 1, arbitrary: fc.constantFrom("\u00a0", "\v", "\r") },
  );
  const field = fc.tuple(gap, fc.oneof({ weight: 12, arbitrary: options }, { weight: 1, arbitrary: number }));
  const entry = fc
    .record({
      indent: fc.constantFrom("", "", "", " ", "\t", "\v"),
      start: fc.tuple(source, gap, path, gap, type),
      rest: fc.oneof(
        {
          weight: 6,
          arbitrary: fc.tuple(field, fc.tuple(gap, number), fc.tuple(gap, number)).map((parts) => parts.flat()),
        },
        { weight: 2, arbitrary: field },
        { weight: 1, arbitrary: fc.constant([]) },
      ),
      end: fc.constantFrom("", "", "", " ", "\t ", "\r", " # comment", " more"),
    })
    .map(({ indent, start, rest, end }) => [indent, ...start, ...rest, end].join(""));
  const other = fc.constantFrom(
    "",
    " ",
    "\t",
    "# comment",
    "  # nfs:/a /x/docs nfs",
    "#",
    "nfs:/a",
    "nfs:/a /x/docs",
    "\r",
    "\u00a0",
    "\\",
  );
  const line = fc.oneof({ weight: 5, arbitrary: entry }, { weight: 1, arbitrary: other });
  return fc
    .tuple(fc.array(line, { maxLength: 5 }), fc.boolean())
    .map(([lines, isEnded]): Texts => ({ fstab: lines.join("\n") + (isEnded ? "\n" : "") }));
}
