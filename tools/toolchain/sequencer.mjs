import { basename } from "node:path";
import imported from "@jest/test-sequencer";

// Its types are those of its CommonJS twin, where the class is a property.
const Sequencer = /** @type {typeof imported.default} */ (/** @type {unknown} */ (imported));

/** What takes minutes, longest first: begun last, one of them would run alone at the end. */
const LONG = [
  "every-kind",
  "clusters-dr",
  "examples-services",
  "clusters-tun",
  "clusters-nat",
  "examples-forwarding",
  "ipvs-boot",
  "return-route",
  "nfs",
  "order-faults",
  "successor",
  "destroy",
  "examples",
  "vip",
  "clients",
  "ipvs",
  "hosts",
  "tun",
  "ipvs-fields",
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
