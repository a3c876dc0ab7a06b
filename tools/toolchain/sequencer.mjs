import { basename } from "node:path";
import imported from "@jest/test-sequencer";

// Its types are those of its CommonJS twin, where the class is a property.
const Sequencer = /** @type {typeof imported.default} */ (/** @type {unknown} */ (imported));

/** What takes minutes, longest first: begun last, one of them would run alone at the end. */
const LONG = [
  "clusters-dr",
  "examples-services",
  "every-kind",
  "create",
  "ipvs-boot",
  "destroy",
  "order-faults",
  "ipvs",
  "return-route",
  "hosts",
  "clusters-nat",
  "tun",
  "successor",
  "nfs",
  "traffic",
  "examples-forwarding",
  "adopt",
  "vip",
  "upgrade-from-0.1.0",
  "examples",
  "clusters-tun",
  "clients",
  "ipvs-fields",
  "lab",
  "host-errors",
  "nat",
  "schedulers",
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
