/**
 * @typedef {object} Fault
 * @property {string} what is tried
 * @property {"lab" | "e2e"} suite
 * @property {string} file of `test/`
 * @property {string} variable which tells the test how many, or which
 * @property {string} amount unless told
 * @property {readonly string[]} columns of its table
 * @property {Readonly<Record<string, string>>} [also] what else the test is told
 */

const OPERATIONS = ["create", "update", "update back", "destroy", "destroy of the updated"];

/** What runs and hosts are put through, as often as one likes. */
export const FAULTS = /** @type {Readonly<Record<string, Fault>>} */ ({
  cuts: {
    what: "connections are cut, hosts freeze, while the provider's own sessions work",
    suite: "lab",
    file: "lab/cuts/cuts",
    variable: "PULUMI_LVS_CUTS",
    amount: "500",
    columns: [...OPERATIONS, "continuation", "differed"],
  },
  kills: {
    what: "the CLI, the provider or both are killed",
    suite: "e2e",
    file: "e2e/kills/kills",
    variable: "PULUMI_LVS_KILLS",
    amount: "60",
    columns: ["create", "update", "destroy", "differed"],
    also: { PULUMI_LVS_STACK: "whole" },
  },
  "power-cuts": {
    what: "the host loses its power during a run of the CLI",
    suite: "e2e",
    file: "e2e/kills/kills",
    variable: "PULUMI_LVS_POWER_CUTS",
    amount: "20",
    columns: ["create", "update", "destroy", "differed"],
    also: { PULUMI_LVS_KILLS: "0", PULUMI_LVS_STACK: "whole" },
  },
  "by-hand": {
    what: "somebody changes by hand what is ours, and what is not",
    suite: "lab",
    file: "lab/by-hand/by-hand",
    variable: "PULUMI_LVS_BY_HAND",
    amount: "1000",
    columns: ["ours: tried", "seen", "repaired", "others': tried", "touched"],
  },
  "crash-points": {
    what: "the script of a run stops after each of its steps: of all kinds, or of one (crash-points VipAlias); of a seed, with one continuation each",
    suite: "lab",
    file: "lab/crash/crash-points",
    variable: "PULUMI_LVS_CRASH_POINTS",
    amount: "all",
    columns: ["create", "adopt", "update", "delete", "differed"],
  },
  "at-once": {
    what: "three stacks come, change and go at the same time, for so many rounds",
    suite: "lab",
    file: "lab/system/at-once",
    variable: "PULUMI_LVS_ROUNDS",
    amount: "30",
    columns: ["rounds", "runs"],
  },
});

export const isFault = (/** @type {string} */ name) => Object.hasOwn(FAULTS, name);

/** @typedef {{ readonly name: string, readonly fault: Fault, readonly amount: string, readonly seed: number, readonly isAnew: boolean, readonly isSample: boolean, readonly stack: string | undefined }} Order */

/**
 * `cuts 500 --seed 7 --stack whole --anew`. Undefined: no such words.
 * @param {readonly string[]} words
 * @returns {Order | undefined}
 */
export function orderOf([name = "", ...rest]) {
  const fault = isFault(name) ? FAULTS[name] : undefined;
  if (fault === undefined) return undefined;
  /** @type {{ amount?: string, seed?: string, stack?: string, isAnew?: boolean }} */
  const said = {};
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--anew") said.isAnew = true;
    else if (word === "--seed") said.seed = rest.shift() ?? "";
    else if (word === "--stack" && name === "cuts") said.stack = rest.shift() ?? "";
    else if (said.amount === undefined && /^\w+$/.test(word)) said.amount = word;
    else return undefined;
  }
  const { amount = fault.amount, seed = String(Date.now() % 1_000_000), stack, isAnew = false } = said;
  const isNumber = name === "crash-points" || /^[1-9]\d*$/.test(amount);
  if (!isNumber || !/^\d+$/.test(seed) || stack === "") return undefined;
  // All crash points need no seed.
  const isSample = name === "crash-points" && said.seed !== undefined;
  return { name, fault, amount, seed: Number(seed), isAnew, isSample, stack };
}
