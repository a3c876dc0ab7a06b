import { basename } from "node:path";
import imported from "@jest/test-sequencer";

// Its types are those of its CommonJS twin, where the class is a property.
const Sequencer = /** @type {typeof imported.default} */ (/** @type {unknown} */ (imported));

/** What takes minutes, longest first: begun last, one of them would run alone at the end. */
const LONG = [
  "cuts",
  "crash-points",
  "failover",
  "clusters-dr",
  "by-hand",
  "nfs",
  "order-faults",
  "return-route",
  "every-kind",
  "examples-services",
  "ipvs-boot",
  "hosts",
  "layouts",
  "kills",
  "vip",
  "examples-marks",
  "usual",
  "examples-forwarding",
  "vrrp-instance",
  "network-managers",
  "clusters-tun",
  "options",
  "health-check",
  "hpc-cluster",
  "managers",
  "connections",
  "power-cut",
  "ipvs",
  "destroy",
  "fakes",
  "successor",
  "two-stacks",
  "host",
  "examples",
  "tun",
  "traffic",
  "ipvs-fields",
  "create",
  "at-once",
  "services",
  "ipvs-settings",
  "clusters-nat",
  "sync",
  "host-errors",
  "owners",
  "upgrade",
  "shared-document-root",
  "lab",
  "packages",
  "upgrade-from-0.1.0",
  "file",
  "adopt",
  "refusals",
  "nat",
  // Of `unit`, which runs by itself.
  "shell-texts",
  "injection",
  "any-state",
  "linear-parsers",
  "package",
  "wrong-arguments",
  "shell",
  "suites",
  "session",
];

/** Jest's own order, by the size of files or by how long they took before, but with these first. */
export default class LongestFirst extends Sequencer {
  /**
   * @override
   * @param {Parameters<InstanceType<typeof Sequencer>["sort"]>[0]} tests
   */
  async sort(tests) {
    const usual = await super.sort(tests);
    return usual.toSorted((a, b) => place(a.path) - place(b.path));
  }
}

/** @param {string} path */
function place(path) {
  const at = LONG.indexOf(basename(path, ".test.ts"));
  return at === -1 ? LONG.length : at;
}
