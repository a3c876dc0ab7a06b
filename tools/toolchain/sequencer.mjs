import { basename } from "node:path";
import imported from "@jest/test-sequencer";

// Its types are those of its CommonJS twin, where the class is a property.
const Sequencer = /** @type {typeof imported.default} */ (/** @type {unknown} */ (imported));

/** What takes minutes, longest first: begun last, one of them would run alone at the end. */
const LONG = [
  "cuts",
  "by-hand",
  "clusters-dr",
  "order-faults",
  "ipvs-boot",
  "vip",
  "nfs",
  "clusters-nat",
  "every-kind",
  "return-route",
  "examples-forwarding",
  "clusters-tun",
  "kills",
  "hosts",
  "usual",
  "destroy",
  "examples-services",
  "managers",
  "network-managers",
  "connections",
  "options",
  "examples-marks",
  "examples",
  "hpc-cluster",
  "power-cut",
  "successor",
  "two-stacks",
  "tun",
  "ipvs",
  "upgrade-from-0.1.0",
  "traffic",
  "host-errors",
  "ipvs-settings",
  "host",
  "create",
  "layouts",
  "crash-points",
  "refusals",
  "ipvs-fields",
  "lab",
  "services",
  "fakes",
  // Of `unit`, which runs by itself: they wait.
  "shell",
  "suites",
  "session",
  "shell-texts",
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
