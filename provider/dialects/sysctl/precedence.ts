import type { Files } from "../../facts/files/lines";
import { keyOf } from "../../facts/sysctl/values";
import { LEDGER, ledgerOf } from "./ledger";

/** A line that sets a kernel setting. */
export interface Assignment {
  readonly path: string;
  readonly number: number;
  readonly key: string;
  readonly value: string;
}

/** What others set this to, in the order in which it is set, so the last one wins: also by lines of theirs in our own file. */
export function othersSetting(files: Files, key: string, { theirs } = linesInLedger(files)): Assignment[] {
  return inOrder(files)
    .flatMap((path) => (path === LEDGER ? theirs : assignments(files, path)))
    .filter((one) => one.key === key);
}

/** A line that comes after ours and says something else: then ours counts for nothing. */
export function overruledBy(files: Files, key: string, value: string): Assignment | undefined {
  const order = [...inOrder(files).filter((path) => path !== LEDGER), LEDGER].sort(byTurn);
  const later = new Set(order.slice(order.indexOf(LEDGER) + 1));
  const ledger = linesInLedger(files);
  const own = ledger.own.find((one) => one.key === key)?.number ?? Infinity;
  const last = othersSetting(files, key, ledger).findLast(
    ({ path, number }) => later.has(path) || (path === LEDGER && number > own),
  );
  return last !== undefined && last.value !== value ? last : undefined;
}

/** Of the lines in our file, one for each entry is ours. */
function linesInLedger(files: Files): { readonly own: Assignment[]; readonly theirs: Assignment[] } {
  const all = assignments(files, LEDGER);
  const own = ledgerOf(files).flatMap(
    (entry) => all.find(({ key, value }) => key === entry.key && value === entry.value) ?? [],
  );
  return { own, theirs: all.filter((one) => !own.includes(one)) };
}

/** Later directories are for the distribution; a file of the same name in an earlier one takes its place. */
const DIRECTORIES = ["/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d"];

/** Files as they are read: by name, whatever the directory; then /etc/sysctl.conf, which `sysctl --system` reads last. */
function inOrder(files: Files): string[] {
  const taken = new Map<string, string>();
  for (const directory of DIRECTORIES) {
    for (const path of files.keys()) {
      const name = path.slice(directory.length + 1);
      if (path === `${directory}/${name}` && !name.includes("/") && !taken.has(name)) taken.set(name, path);
    }
  }
  const main = [...files.keys()].filter((path) => path === MAIN);
  return [...taken.values(), ...main].sort(byTurn);
}

const MAIN = "/etc/sysctl.conf";

function byTurn(a: string, b: string): number {
  const turn = (path: string) => (path === MAIN ? "\uffff" : path.slice(path.lastIndexOf("/") + 1));
  return turn(a) < turn(b) ? -1 : turn(a) > turn(b) ? 1 : 0;
}

/** Patterns (`net.ipv4.conf.*.arp_ignore`) are passed over: a line that names a setting has precedence over them. */
function assignments(files: Files, path: string): Assignment[] {
  return (files.get(path) ?? []).flatMap(({ number, text }) => {
    const [, said, value] = /^\s*-?\s*([^\s=#;][^\s=]*)\s*=\s*(.*?)\s*$/.exec(text) ?? [];
    return said === undefined || value === undefined ? [] : [{ path, number, key: canonicalKey(said), value }];
  });
}

/** Where the first separator is a slash, all are, and dots belong to names. */
function canonicalKey(said: string): string {
  const key = /^[^./]*\//.test(said) ? keyOf(said) : said;
  return SAME.get(key) ?? key;
}

/** Two names of one thing. */
const SAME: ReadonlyMap<string, string> = new Map([["net.ipv4.conf.all.forwarding", "net.ipv4.ip_forward"]]);
