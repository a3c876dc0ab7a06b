import { dropOriginal, originalOf, originalState, recordOriginal } from "../../facts/files/original-state";
import { defineKind } from "../define-kind";
import { managerOf } from "./choose-manager";
import { type PackageState, packageState } from "./facts";
import { type Package, packageName, packageSchema, type WantedPackage } from "./schema";

interface Seen {
  readonly state: PackageState;
  readonly before: string | undefined;
}

interface Change {
  readonly op: "install" | "remove" | "forget";
  readonly want: WantedPackage;
}

/** A package, through the package manager that the host has. Stays when the resource goes, unless told. */
export const packageKind = defineKind<WantedPackage, Package, Seen, Change>({
  name: "Package",
  schema: packageSchema,
  identity: ["name"],
  observedProperties: ["name", "packageName", "version"],
  key: ({ name }) => name,
  commands: ({ name }) => [`install ${name}`],
  facts: ({ name }) => ({ state: packageState(name), before: originalState }),
  observe: ({ state }, { name, manager: told }) => {
    const manager = managerOf(state, told);
    const version = manager.version(state);
    return version === undefined ? undefined : { name, packageName: packageName(name, manager.name), version };
  },
  plan: (want, have) => (want === undefined || have !== undefined ? [] : [{ op: "install", want }]),
  render: ({ op, want }, { state }) => {
    const { name, lockTimeout } = want;
    const manager = managerOf(state, want.manager);
    const real = packageName(name, manager.name);
    switch (op) {
      case "install":
        // Remembered afterwards: cut off in between, a package of ours stays, which is better than removing one of others.
        return [manager.install(real, lockTimeout), recordOriginal("Package", name, "absent")];
      case "remove":
        return [manager.remove(real, lockTimeout), ...dropOriginal("Package", name)];
      case "forget":
        return dropOriginal("Package", name);
    }
  },
  // Only what we installed is removed, and only when told.
  cleanup: ({ state, before: text }, gone) => {
    if (originalOf(text, "Package", gone.name) === undefined) return [];
    const there = managerOf(state, gone.manager).version(state) !== undefined;
    return [{ op: there && gone.removeOnDestroy ? "remove" : "forget", want: gone }];
  },
  advice: [
    {
      when: /Unable to locate package|No package .* available|No match for argument|Unable to find a match|No provider of .* found|not found in package names/i,
      say: "No repository of this host has a package of that name: check the name, or add the repository (nginx on Red Hat 7 is in EPEL).",
    },
    {
      when: /Nothing to do/,
      say: "yum answers so for a name that it does not know: check the name, or add the repository.",
    },
    {
      when: /Could not resolve|Temporary failure resolving|Cannot find a valid baseurl|Failed to download metadata/i,
      say: "The host does not reach its package repositories: check DNS, the proxy, and the way out.",
    },
    { when: /another program held the package lock/, say: "Wait for it, or raise lockTimeout." },
    {
      when: /packages? .*(?:would be|will be|to be) removed|removals|Packages need to be removed/i,
      say: "Another package would have to go. That is yours to decide: do it by hand, then run again.",
    },
    {
      when: /dependency problems prevent removal|is needed by/,
      say: "Other packages need it: remove them first, or leave removeOnDestroy at false.",
    },
    {
      when: /dpkg was interrupted/,
      say: 'An earlier installation was cut off: run "dpkg --configure -a" on the host.',
    },
  ],
});
