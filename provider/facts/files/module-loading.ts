import type { Fact } from "../fact";
import { byName } from "./by-name";
import { matchesAnyName } from "./glob";
import { type Files, fileLines, type Line, numbered } from "./lines";
import { OWN_UNIT_FOLDERS } from "./unit-file";

const FOLDERS = ["/etc/modprobe.d", "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d", "/lib/modprobe.d"];
const MODULES_LOAD = "systemd-modules-load.service";

/** A line of modprobe.d(5), or a word of the kernel's command line, that has a say in the load of a module. */
export interface ModuleLine {
  /** With the number of the line: `/etc/modprobe.d/local.conf, line 3`. */
  readonly at: string;
  readonly command: string;
  /** The name of the module, with `_` for `-`. */
  readonly module: string;
  /** The options, or the command of `install`. */
  readonly rest: string;
}

/** Where lines of others for modules are, and what keeps systemd from loading modules early. What is below /run is gone by the next boot. */
export const moduleFiles: Fact<Files> = fileLines(
  ...FOLDERS.map((folder) => `${folder}/*.conf`),
  "/proc/cmdline",
  ...OWN_UNIT_FOLDERS.map((folder) => `${folder}/${MODULES_LOAD}`),
);

/** Why nothing can load a module: another command runs in its place. Blacklists are no reason, because they do not count for a name. */
export function loadProblem(files: Files, module: string): string | undefined {
  const install = linesFor(files, module).find(({ command, rest }) => command === "install" && !IGNORES.test(rest));
  return install === undefined
    ? undefined
    : `${install.at}, runs "${install.rest}" where ${module} is to be loaded. Remove that line`;
}

/** Why a file of modules-load.d does not load a module at boot. */
export function earlyLoadProblem(files: Files, module: string): string | undefined {
  const masked = [...files].find(([path, lines]) => path.endsWith(MODULES_LOAD) && lines.length === 0);
  if (masked !== undefined)
    return `${masked[0]} masks the unit that loads ${module} at boot. Run "systemctl unmask ${MODULES_LOAD}"`;
  const line = linesFor(files, module).find(({ command }) => command === "blacklist");
  return line === undefined
    ? loadProblem(files, module)
    : `${line.at}, blacklists ${module}, so that nothing loads it early at boot. Remove that line`;
}

/** A line after that of our file, or a word of the kernel's command line, that sets the option again. The last one counts. */
export function laterOption(files: Files, module: string, option: string, ours: string): ModuleLine | undefined {
  const lines = linesFor(files, module).filter(({ command }) => command === "options");
  const own = lines.findLastIndex(({ at }) => at.startsWith(`${ours},`));
  return lines.findLast(
    ({ rest }, index) => index > own && rest.split(/[ \t]+/).some((word) => nameOf(word) === option),
  );
}

/** The value that a file of modprobe.d gives an option of a module. Of several the last counts. */
export function optionIn(text: string | undefined, module: string, option: string): string | undefined {
  const lines = linesOf("", numbered((text ?? "").split("\n")));
  const words = lines
    .filter((line) => line.command === "options" && line.module === underscores(module))
    .flatMap(({ rest }) => rest.split(/[ \t]+/));
  return words.findLast((word) => nameOf(word) === option && word.includes("="))?.replace(/^[^=]*=/, "");
}

function nameOf(word: string): string {
  return underscores(word.split("=")[0] ?? "");
}

/** An `install` that loads the module itself and does something else besides. */
const IGNORES = /\bmodprobe\b[^]*(?:\s-i\b|--ignore-install\b)|(?:^|[\s/])insmod\s/;

function linesFor(files: Files, module: string): readonly ModuleLine[] {
  const name = underscores(module);
  return [
    ...byName(FOLDERS, files.keys()).flatMap((path) => linesOf(path, files.get(path) ?? [])),
    ...wordsOfKernel(files),
  ].filter((line) => (line.command === "install" ? matchesAnyName(line.module, name) !== false : line.module === name));
}

/** Lines that end in a backslash go on in the next one, comments too. */
function linesOf(path: string, lines: readonly Line[]): readonly ModuleLine[] {
  const found: ModuleLine[] = [];
  let parts: string[] = [];
  let first = 0;
  const end = () => {
    const text = parts.join("");
    parts = [];
    const [, command = "", module = "", rest = ""] =
      /^[ \t]*([^ \t]+)[ \t]+([^ \t]+)(?:[ \t]+([^]*))?$/.exec(text) ?? [];
    if (!text.startsWith("#") && command !== "")
      found.push({ at: `${path}, line ${first}`, command, module: underscores(module), rest: rest.trimEnd() });
  };
  for (const { number, text } of lines) {
    if (parts.length === 0) first = number;
    const goesOn = text.endsWith("\\");
    parts.push(goesOn ? text.slice(0, -1) : text);
    if (!goesOn) end();
  }
  if (parts.length > 0) end();
  return found;
}

/** `modprobe.blacklist=a,b`, `ip_vs.conn_tab_bits=10`. */
function wordsOfKernel(files: Files): readonly ModuleLine[] {
  const words = (files.get("/proc/cmdline") ?? []).flatMap(({ text }) => text.split(" "));
  return words.flatMap((word): ModuleLine[] => {
    const at = `the kernel's command line, word ${word}`;
    const [, list] = /^(?:modprobe\.|module_)blacklist=(.*)$/.exec(word) ?? [];
    if (list !== undefined)
      return list.split(",").map((name) => ({ at, command: "blacklist", module: underscores(name), rest: "" }));
    const [, module, option] = /^([\w-]+)\.([\w-]+=.*)$/.exec(word) ?? [];
    return module === undefined || option === undefined
      ? []
      : [{ at, command: "options", module: underscores(module), rest: option }];
  });
}

function underscores(name: string): string {
  return name.replaceAll("-", "_");
}
