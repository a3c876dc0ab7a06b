import { trim } from "../../facts/files/blanks";
import type { Files, Line } from "../../facts/files/lines";

/** The files of nfs.conf(5), and those that SUSE's own includes. Versions differ in how many of them they read. */
export const SERVER_CONFIG: readonly string[] = [
  "/usr/etc/nfs.conf",
  "/usr/etc/nfs.conf.d/*.conf",
  "/etc/nfs.conf",
  "/etc/nfs.conf.d/*.conf",
  "/etc/nfs.conf.local",
  "/etc/sysconfig/nfs",
];

const INCLUDED = ["/etc/nfs.conf.local", "/etc/sysconfig/nfs"];

/** Whether a file is one of these, and none of exports(5). */
export function isServerConfig(path: string): boolean {
  return /^(?:\/usr)?\/etc\/nfs\.conf(?:\.d\/|$)/.test(path) || INCLUDED.includes(path);
}

/** Why exportfs means other directories by paths than this host, or keeps its table elsewhere. */
export function serverConfigProblem(files: Files): string | undefined {
  // A file in /etc takes the place of that of the distribution.
  const isHidden = (file: string) => file.startsWith("/usr/") && files.has("/etc/nfs.conf");
  const read = [...files.keys()].filter((file) => isServerConfig(file) && !INCLUDED.includes(file) && !isHidden(file));
  return read.map((file) => problemIn(settingsIn(files, file, "", new Set()))).find((problem) => problem !== undefined);
}

interface Setting {
  readonly file: string;
  readonly line: number;
  readonly section: string;
  readonly name: string;
  readonly value: string;
}

/** Of several values in a file, the last one counts. */
function problemIn(settings: readonly Setting[]): string | undefined {
  const last = new Map(settings.map((setting) => [`${setting.section} ${setting.name}`, setting]));
  const include = settings.find(({ name }) => name === "include");
  if (include !== undefined)
    return `${at(include)} includes ${include.value}, which may set rootdir, and is not read here: move its text to a file in /etc/nfs.conf.d`;
  const root = last.get("exports rootdir");
  if (root !== undefined && !/^(?:\/|\.(?=\/|$))*$/.test(root.value))
    return `${at(root)} sets rootdir=${root.value}, below which exportfs looks for every path that is exported: remove that line, or export by hand on this host`;
  const state = [last.get("mountd state-directory-path"), last.get("exportd state-directory-path")].find(
    (one) => one !== undefined && !/^\/+var\/+lib\/+nfs\/*$/.test(one.value),
  );
  return (
    state &&
    `${at(state)} sets state-directory-path=${state.value}, where exportfs then keeps its table, which is read in /var/lib/nfs here: remove that line, or export by hand on this host`
  );
}

function at({ file, line }: Setting): string {
  return `${file}, line ${line},`;
}

/** The assignments of a file, and of those that it includes, which begin in the section of the `include`. One that is unknown stays. */
function settingsIn(files: Files, file: string, startsIn: string, read: Set<string>): readonly Setting[] {
  if (read.has(file)) return [];
  read.add(file);
  let section = startsIn;
  return joined(files.get(file) ?? []).flatMap(({ number, text }): readonly Setting[] => {
    const line = trim(text);
    const header = /^\[[ \t]*([^\]"]*)/.exec(line);
    if (header !== null) {
      section = line.includes("]") ? trim(header[1] ?? "").toLowerCase() : "";
      return [];
    }
    const equals = line.indexOf("=");
    if (equals < 1 || section === "" || /^[#;]/.test(line)) return [];
    const [name, value] = [trim(line.slice(0, equals)).toLowerCase(), valueOf(trim(line.slice(equals + 1)))];
    if (name !== "include") return [{ file, line: number, section, name, value }];
    const written = value.replace(/^-/, "");
    const path = written.startsWith("/") ? written : file.slice(0, file.lastIndexOf("/") + 1) + written;
    if (isServerConfig(path)) return settingsIn(files, path, section, read);
    return [{ file, line: number, section, name, value: path }];
  });
}

/** In quotes, or up to a comment. */
function valueOf(text: string): string {
  const [quote = ""] = text;
  if (quote === '"' || quote === "'") return text.slice(1).split(quote)[0] ?? "";
  return trim(text.split(/[#;]/)[0] ?? "");
}

/** A line that ends with a backslash goes on, a comment too. */
function joined(lines: readonly Line[]): readonly Line[] {
  const all: { number: number; parts: string[] }[] = [];
  let goesOn = false;
  for (const { number, text } of lines) {
    const last = all.at(-1);
    const part = text.endsWith("\\") ? `${text.slice(0, -1)} ` : text;
    if (goesOn && last !== undefined) last.parts.push(part);
    else all.push({ number, parts: [part] });
    goesOn = text.endsWith("\\");
  }
  return all.map(({ number, parts }) => ({ number, text: parts.join(" ") }));
}
