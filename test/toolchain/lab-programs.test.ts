import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { needsOf } from "../../tools/toolchain/machine-packages.mjs";
import { repository } from "../../tools/toolchain/paths.mjs";

const lab = join(repository, "tools", "lab");
const sources = readdirSync(lab, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => readFileSync(join(lab, path), "utf8"));

/** Recipes that run on this machine; the others run in a guest. */
const scripts = ["build.sh", "spare.sh", "disks.sh", "customize.sh", "disk.sh", "managers.sh", "uutils.sh"].map(
  (name) => readFileSync(join(lab, "image", name), "utf8"),
);

/** Of packages that every Debian has: they are Essential, or installed them. */
const ESSENTIAL =
  "apt-get basename cat chmod chroot cp df dirname env find grep install ln mkdir mktemp mv printf readlink rm sed sh tail touch".split(
    " ",
  );
const BUILTIN = "[ : cd echo exit export set shift trap true".split(" ");
const KEYWORD = /^(?:if|then|else|elif|fi|for|do|done|while|case|esac|!)$/;

/** Installed by the toolchain itself. */
const OURS = ["pulumi"];

/** Programs that a program of the lab starts: `taskset env linux.uml`, and what the first shell of the namespaces does. */
const STARTED_BY_OTHERS = ['"linux.uml"', "'mount -t tmpfs"];

const known = new Set([...Object.keys(needsOf("lab")), "cc", ...ESSENTIAL, ...BUILTIN, ...OURS]);

test("every program that the lab's sources start is on the list of what a machine needs", () => {
  const calls = sources.flatMap((text) => text.match(/\b(?:spawn|spawnSync|execFile|execFileSync)\([^,]+/g) ?? []);
  const programs = calls.map((call) => /\(\s*"(?<program>[^"]+)"$/.exec(call)?.groups?.["program"] ?? call);
  expect(programs.length).toBeGreaterThan(6);
  expect(programs.filter((program) => !known.has(program))).toEqual([]);
});

test.each(STARTED_BY_OTHERS)("so is %s", (word) => {
  expect(sources.some((text) => text.includes(word))).toBe(true);
  expect(known).toContain(/[\w.]+/.exec(word)?.[0]);
});

test("and every program of the disks' recipes", () => {
  const programs = new Set(scripts.flatMap(programsOf));
  expect([...programs]).toEqual(expect.arrayContaining(["mmdebstrap", "mke2fs", "mount", "umount", "strip"]));
  expect([...programs].filter((program) => !known.has(program))).toEqual([]);
});

test("the lab's README names every package", () => {
  const readme = readFileSync(join(lab, "README.md"), "utf8");
  const [, list = ""] = /apt-get install --no-install-recommends ([^]*?)\n\n/.exec(readme) ?? [];
  const named = list.split(/[\s\\]+/).filter((word) => word !== "");
  const needed = Object.entries(needsOf("lab")).filter(([program]) => program !== "cc");
  expect(named).toEqual([...new Set(needed.flatMap(([, packages]) => packages))].toSorted());
});

/** The first words of a script's simple commands, of those in its traps and hooks, and after find's -exec. */
function programsOf(script: string): string[] {
  const functions = [...script.matchAll(/^(\w+)\(\) \{/gm)].map(([, name]) => name);
  const text = script
    .replaceAll(/<<'(\w+)'\n[^]*?\n\1\n/g, "\n")
    .replaceAll(/^\s*#.*$/gm, "")
    .replaceAll("\\\n", " ")
    .replaceAll(/\becho '[^']*'/g, "echo")
    .replaceAll(/\bfor \w+ in [^;\n]*/g, "")
    .replaceAll(/--dpkgopt='[^']*'/g, "")
    .replaceAll(/--customize-hook='([^']*)'/g, ";$1; --hook")
    .replaceAll(/\btrap '([^']*)'.*/g, "trap; $1");
  return text
    .split(/\n|;|&&|\|\|?|\$\(|\(|\)|\{ |\} |-exec /)
    .map((command) => command.trim().split(/\s+/))
    .map((words) => words.find((word) => !KEYWORD.test(word) && !/^\w+=/.test(word)) ?? "")
    .filter((word) => !functions.includes(word))
    .filter((word) => /^[\w[:.-]+$/.test(word) && !word.startsWith("-"));
}
