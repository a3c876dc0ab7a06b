import { z } from "zod";
import {
  dropOriginal,
  type OriginalState,
  originalOf,
  originalState,
  recordOriginal,
} from "../../facts/files/original-state";
import { type OwnersOf, owners } from "../../facts/files/owners";
import type { CommandStep, FileStep } from "../../step";
import { defineKind } from "../define-kind";
import { managerOf } from "./choose-manager";
import { type PackageState, packageState } from "./facts";
import { OBSERVED } from "./properties";
import { otherNames, type Package, packageName, packageSchema, type WantedPackage } from "./schema";
import { begin, end, isUnfinished, marked } from "./unfinished";

interface Seen {
  readonly state: PackageState;
  readonly before: OriginalState;
  readonly unfinished: boolean;
  readonly owners: OwnersOf;
}

interface Change {
  readonly op: "install" | "remove" | "dropOriginal";
  readonly want: WantedPackage;
}

/** A package, installed by the host's package manager. A destroy leaves it, unless `removeOnDestroy` is set. */
export const packageKind = defineKind<WantedPackage, Package, Seen, Change>({
  name: "Package",
  schema: packageSchema,
  identity: ["name"],
  observedProperties: OBSERVED,
  key: ({ name }) => name,
  commands: ({ name }) => [`install ${name}`],
  facts: ({ name }) => ({ state: packageState(name), before: originalState, unfinished: isUnfinished(name), owners }),
  observe: ({ state, unfinished }, { name, manager: named }) => {
    const manager = managerOf(state, named);
    const version = manager.version(state);
    return version === undefined || unfinished
      ? undefined
      : { name, packageName: packageName(name, manager.name), version };
  },
  plan: (want, have) => (want === undefined || have !== undefined ? [] : [{ op: "install", want }]),
  render: ({ op, want }, seen) => {
    const { state } = seen;
    const { name, lockTimeout } = want;
    const manager = managerOf(state, want.manager);
    const nativeName = packageName(name, manager.name);
    switch (op) {
      case "install":
        // Recorded after the installation: recorded before, a destroy could remove a package that somebody else installed meanwhile.
        return [
          begin(name),
          marked(named(manager.install(nativeName, lockTimeout), `${manager.name} install ${nativeName}`), name),
          recordOriginal("Package", name, "absent"),
          end(name),
        ];
      case "remove":
        return [named(manager.remove(nativeName, lockTimeout), `the removal of ${nativeName}`), ...forget(want, seen)];
      case "dropOriginal":
        return forget(want, seen);
    }
  },
  // A package is removed only if we installed it and `removeOnDestroy` is set.
  cleanup: (seen, gone) => {
    const { state, unfinished } = seen;
    if (!unfinished && installedAs(gone, seen).length === 0) return [];
    const isThere = managerOf(state, gone.manager).version(state) !== undefined || state.isHalf === true;
    return [{ op: isThere && gone.removeOnDestroy ? "remove" : "dropOriginal", want: gone }];
  },
  alsoOwnedBy: ({ state, owners }, { name, manager }) =>
    otherNames(name, managerOf(state, manager).name).flatMap((one) => owners("Package", one)?.names ?? []),
  advice: [
    {
      when: /Unable to locate package|No package .* available|No match for argument|Unable to find a match|No provider of .* found|not found in package names/i,
      say: "No repository of this host has a package of that name: check the name, or add the repository (nginx on Red Hat 7 is in EPEL).",
    },
    {
      when: /Nothing to do/,
      say: "yum prints this for an unknown name: check the name, or add the repository.",
    },
    {
      when: /Could not resolve|Temporary failure resolving|Cannot find a valid baseurl|Failed to download metadata/i,
      say: "The host does not reach its package repositories: check DNS, the proxy and the default route.",
    },
    { when: /another program held the package lock/, say: "Wait for it, or raise lockTimeout." },
    {
      when: /packages? .*(?:would be|will be|to be) removed|removals|Packages need to be removed/i,
      say: "This would remove another package, which is your decision: do it by hand, then run again.",
    },
    {
      when: /dependency problems prevent removal|is needed by/,
      say: "Other packages need it: remove them first, or set removeOnDestroy to false.",
    },
    {
      when: /dpkg was interrupted/,
      say: 'An earlier installation was interrupted: run "dpkg --configure -a" on the host, and then this again.',
    },
  ],
});

/** The names by which we have installed it. */
function installedAs({ name, manager }: WantedPackage, { state, before }: Seen): readonly string[] {
  const names = [name, ...otherNames(name, managerOf(state, manager).name)];
  return names.filter((one) => originalOf(before, "Package", one, z.literal("absent")) !== undefined);
}

function forget(want: WantedPackage, seen: Seen): readonly FileStep[] {
  const records = installedAs(want, seen).map((one) => dropOriginal("Package", one));
  return [...records, ...(seen.unfinished ? [end(want.name)] : [])];
}

/** For whoever waits for it. */
function named(step: CommandStep, doing: string): CommandStep {
  return { ...step, command: { ...step.command, doing } };
}
