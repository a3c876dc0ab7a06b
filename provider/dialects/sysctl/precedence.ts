import type { Files } from "../../facts/files/lines";
import { type Assignment, parseAssignment } from "../../facts/sysctl/assignment";
import { swapSeparators } from "../../facts/sysctl/values";
import { ledgerEntries } from "./ledger";
import { LEDGER } from "./ledger-text";

/** A line of some file that sets a kernel setting. */
export interface LocatedAssignment extends Assignment {
  readonly path: string;
  readonly number: number;
}

/** The lines of others that set a key, also those in our own file, in the order in which they are applied: the last one wins. */
export function othersSetting(files: Files, key: string, { foreign } = linesInLedger(files)): LocatedAssignment[] {
  return orderedFiles(files)
    .flatMap((path) => (path === LEDGER ? foreign : assignments(files, path)))
    .filter((one) => one.key === key);
}

/** The line that is applied after ours and sets another value, so that ours has no effect. */
export function overruledBy(files: Files, key: string, value: string): LocatedAssignment | undefined {
  const order = [...orderedFiles(files).filter((path) => path !== LEDGER), LEDGER].sort(byPrecedence);
  const later = new Set(order.slice(order.indexOf(LEDGER) + 1));
  const ledger = linesInLedger(files);
  const own = ledger.own.find((one) => one.key === key)?.number ?? Infinity;
  const last = othersSetting(files, key, ledger).findLast(
    ({ path, number }) => later.has(path) || (path === LEDGER && number > own),
  );
  return last !== undefined && last.value !== value ? last : undefined;
}

/** Each entry has one line of its own in the ledger; all other lines there are foreign. */
function linesInLedger(files: Files): { readonly own: LocatedAssignment[]; readonly foreign: LocatedAssignment[] } {
  const entries = ledgerEntries(files).filter(({ written }) => written !== undefined);
  const written = new Set(entries.map((entry) => `${entry.key} = ${entry.written}`));
  const [own, foreign]: [LocatedAssignment[], LocatedAssignment[]] = [[], []];
  for (const line of assignments(files, LEDGER)) {
    // The first of two equal lines is that of the entry.
    (written.delete(`${line.key} = ${line.value}`) ? own : foreign).push(line);
  }
  return { own, foreign };
}

/** A file in an earlier directory replaces a file of the same name in a later one. */
const DIRECTORIES = ["/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d"];

/** The files in the order in which they are applied: by name, whatever the directory; then /etc/sysctl.conf. */
function orderedFiles(files: Files): string[] {
  const byName = new Map<string, string>();
  for (const directory of DIRECTORIES) {
    for (const path of files.keys()) {
      const name = path.slice(directory.length + 1);
      if (path === `${directory}/${name}` && !name.includes("/") && !byName.has(name)) byName.set(name, path);
    }
  }
  const main = [...files.keys()].filter((path) => path === MAIN);
  return [...byName.values(), ...main].sort(byPrecedence);
}

/** `sysctl --system` reads it last. */
const MAIN = "/etc/sysctl.conf";

function byPrecedence(a: string, b: string): number {
  const name = (path: string) => (path === MAIN ? "\uffff" : path.slice(path.lastIndexOf("/") + 1));
  return name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0;
}

/** Patterns (`net.ipv4.conf.*.arp_ignore`) match no key and are ignored: a line that names a setting overrides them. */
function assignments(files: Files, path: string): LocatedAssignment[] {
  return (files.get(path) ?? []).flatMap(({ number, text }) => {
    const found = parseAssignment(text);
    return found === undefined ? [] : [{ path, number, key: canonicalKey(found.key), value: found.value }];
  });
}

/** A key whose first separator is a slash has slashes throughout, and its dots belong to names. */
function canonicalKey(written: string): string {
  const key = /^[^./]*\//.test(written) ? swapSeparators(written) : written;
  return SYNONYMS.get(key) ?? key;
}

/** Two names of one setting. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([["net.ipv4.conf.all.forwarding", "net.ipv4.ip_forward"]]);
