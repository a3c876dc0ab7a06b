import { basename } from "node:path";
import imported from "@jest/test-sequencer";

// Its types are those of its CommonJS twin, where the class is a property.
const Sequencer = /** @type {typeof imported.default} */ (/** @type {unknown} */ (imported));

/** What takes minutes, longest first: begun last, one of them would run alone at the end. */
const LONG = [
  "cuts",
  "kills",
  "clusters-dr",
  "nfs",
  "order-faults",
  "every-kind",
  "usual",
  "managers",
  "return-route",
  "examples-services",
  "by-hand",
  "clusters-nat",
  "ipvs-boot",
  "vip",
  "clients",
  "marks",
  "examples-marks",
  "clusters-tun",
  "examples-forwarding",
  "network-managers",
  "tun",
  "traffic",
  "destroy",
  "create",
  "successor",
  "two-stacks",
  "examples",
  "lab",
  "ipvs",
  "host",
  "ipvs-fields",
  "services",
  "hosts",
  "host-errors",
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
