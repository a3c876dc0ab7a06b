import { byName } from "../../facts/files/by-name";
import { type Files, onceFor } from "../../facts/files/lines";
import { parseBootLines } from "../../facts/sysctl/boot-line";
import { isKernelValue } from "../../facts/sysctl/kernel-value";
import { swapSeparators } from "../../facts/sysctl/values";
import { atBoot, isAccepted, type LocatedLine, namesOf, type SetLine } from "./at-boot";
import { ledgerEntries } from "./ledger";
import { LEDGER } from "./ledger-text";

/** The line of others that sets a key when ours is gone: at boot, or by `sysctl --system`. */
export function otherSetting(files: Files, key: string): SetLine | undefined {
  return lastInMain(files, key) ?? atBoot(linesWithOwn(files, key, undefined).lines).lastSetting(key);
}

/** A line with which ours has no effect. */
export interface Overruling extends LocatedLine {
  /** The place after which it is applied. */
  readonly after: string;
}

/** The line that is applied after ours and sets another value, so that ours has no effect. */
export function overruledBy(files: Files, key: string, value: string): Overruling | undefined {
  const { lines, own } = linesWithOwn(files, key, value);
  const boot = atBoot(lines);
  const place = boot.lineOf(key);
  // Where nothing sets it, the line that took the place of ours does not even set a value.
  const last = boot.lastSetting(key) ?? place;
  if (last !== undefined && (last.value === undefined || !isKernelValue(last.value, value))) {
    const isEarlier = place !== undefined && own !== undefined && lines.indexOf(place) < lines.indexOf(own);
    const after = isEarlier
      ? `${place.path}, line ${place.number}, which says the same as ours and so holds its place`
      : last.path === LEDGER
        ? "our own line"
        : LEDGER;
    return { ...last, after };
  }
  const main = lastInMain(files, key);
  return main === undefined || isKernelValue(main.value, value) ? undefined : { ...main, after: LEDGER };
}

/** All lines of the files that systemd-sysctl reads at boot, in its order. */
export function linesAtBoot(files: Files): readonly LocatedLine[] {
  return orderedFiles(files).flatMap((path) => linesOf(files, path));
}

interface Lines {
  readonly lines: readonly LocatedLine[];
  readonly own?: LocatedLine;
}

/** All lines that systemd-sysctl reads at boot, in its order, with our own line for the key as it has to be; at the end if none is there. */
function linesWithOwn(files: Files, key: string, value: string | undefined): Lines {
  const setting = swapSeparators(key);
  const written = ledgerEntries(files).find((entry) => entry.key === key)?.written;
  const lines: LocatedLine[] = [];
  let own: LocatedLine | undefined;
  let isSeen = written === undefined;
  const addOwn = (number: number) => {
    if (value !== undefined) lines.push((own = { path: LEDGER, number, setting, value }));
  };
  for (const path of orderedFiles(files)) {
    for (const line of linesOf(files, path)) {
      // The first of two equal lines is that of the entry.
      const isOwn = !isSeen && path === LEDGER && line.setting === setting && line.value === written?.trim();
      if (isOwn) addOwn(line.number);
      else lines.push(line);
      isSeen ||= isOwn;
    }
    if (path === LEDGER && own === undefined) addOwn(Infinity);
  }
  return { lines, ...(own !== undefined && { own }) };
}

/** A file in an earlier directory replaces a file of the same name in a later one, be it empty or a link to nowhere. */
const DIRECTORIES = ["/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d"];

/** The files that systemd-sysctl reads, in its order: by name, whatever the directory. Ours is among them, there or not. */
const orderedFiles = onceFor((files): readonly string[] => byName(DIRECTORIES, [LEDGER, ...files.keys()]));

/** `sysctl --system` reads it last; so do network-scripts. systemd-sysctl reads it where a link in sysctl.d leads to it. */
const MAIN = "/etc/sysctl.conf";

/** The last line there for a key. A pattern passes over a setting that has a line of its own, as ours has. */
function lastInMain(files: Files, key: string): SetLine | undefined {
  const names = namesOf(key);
  return linesOf(files, MAIN)
    .filter(isAccepted)
    .findLast(({ setting }) => names.includes(setting));
}

function linesOf(files: Files, path: string): readonly LocatedLine[] {
  return allLines(files).get(path) ?? [];
}

const allLines = onceFor(
  (files) =>
    new Map(
      [...files].map(([path, lines]) => [
        path,
        lines.flatMap(({ number, text }) => parseBootLines(text).map((line) => ({ path, number, ...line }))),
      ]),
    ),
);
