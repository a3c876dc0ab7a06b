import { basename } from "node:path";
import imported from "@jest/test-sequencer";
import { isEndToEnd } from "./jest.mjs";

// Its types are those of its CommonJS twin, where the class is a property.
const Sequencer = /** @type {typeof imported.default} */ (/** @type {unknown} */ (imported));

/** What takes minutes, longest first: begun last, one of them would run alone at the end. */
const LONG = [
  "failover",
  "cuts",
  "nfs",
  "clusters-dr",
  "return-route",
  "crash-points",
  "order-faults",
  "every-kind",
  "health-check",
  "examples-services",
  "hosts",
  "by-hand",
  "ipvs-boot",
  "vip",
  "examples-forwarding",
  "vrrp-instance",
  "kills",
  "host",
  "examples-marks",
  "clusters-nat",
  "clusters-tun",
  "usual",
  "tun",
  "network-managers",
  "host-errors",
  "layouts",
  "options",
  "connections",
  "ipvs-settings",
  "power-cut",
  "traffic",
  "destroy",
  "hpc-cluster",
  "fakes",
  "successor",
  "at-once",
  "ipvs",
  "lab",
  "examples",
  "two-stacks",
  "owners",
  "managers",
  "ipvs-fields",
  "services",
  "create",
  "sync",
  "upgrade-from-0.1.0",
  "shared-document-root",
  "packages",
  "nat",
  "file",
  "adopt",
  "upgrade",
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
    const usual = (await super.sort(tests)).toSorted((a, b) => place(a.path) - place(b.path));
    if (process.env["PULUMI_LVS_AWAITED"] === undefined) return usual;
    // What the CLI is not needed for gives it time: it is being built.
    const others = usual.filter(({ path }) => !isEndToEnd(path));
    const begun = new Set(others.slice(0, others.length / 2));
    return [...begun, ...usual.filter((one) => !begun.has(one))];
  }
}

/** @param {string} path */
function place(path) {
  const at = LONG.indexOf(basename(path, ".test.ts"));
  return at === -1 ? LONG.length : at;
}
