import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runJest } from "../jest.mjs";
import { readJson } from "../json.mjs";
import { repository } from "../paths.mjs";
import { pathOf } from "./areas.mjs";
import { FAULTS } from "./faults.mjs";
import { markdown } from "./table.mjs";

/** @typedef {Readonly<Record<string, Readonly<Record<string, number>>>>} Rows */
/** @typedef {{ readonly date: string, readonly amount: string, readonly seed?: number, readonly stack?: string }} Made one run of a soak */
/** @typedef {{ readonly runs: readonly Made[], readonly rows: Rows }} Seen */
/** @typedef {Readonly<Record<string, Seen>>} Results */

/** Written by `npm run soak`, and by nothing else. */
export const RECORD = join(repository, "docs", "reliability.json");
export const PAGE = join(repository, "docs", "reliability.md");

/** @returns {Results} */
export const readReliability = () => /** @type {Results} */ (readJson(RECORD));

/**
 * Puts runs and hosts through one sort of fault, and writes down what came of it, in the record and in the page.
 * @param {import("./faults.mjs").Order} order
 * @returns {Promise<boolean>} whether all ended as they should
 */
export async function soakFault({ name, fault, amount, seed, isAnew, isSample, stack }) {
  console.log(`\n== ${name} ${amount}, seed ${seed}${stack === undefined ? "" : `, stack ${stack}`}`);
  const folder = mkdtempSync(join(tmpdir(), "pulumi-lvs-soak-"));
  try {
    const report = join(folder, "rows");
    const told = { [fault.variable]: amount, PULUMI_LVS_SEED: String(seed), PULUMI_LVS_SOAK: report, ...fault.also };
    const more = {
      ...(stack === undefined ? {} : { PULUMI_LVS_STACK: stack }),
      ...(isSample && { PULUMI_LVS_SAMPLE: String(seed) }),
    };
    Object.assign(process.env, told, more);
    const { count } = await runJest([fault.suite], ["--runInBand", "--runTestsByPath", pathOf(fault.file)]);
    const lines = existsSync(report) ? readFileSync(report, "utf8").trim().split("\n") : [];
    const rows = lines.map(rowsIn).reduce(sumOf, {});
    const seeded = name === "crash-points" && !isSample ? {} : { seed };
    const made = {
      date: new Date().toISOString().slice(0, 10),
      amount: isSample ? `a sample of ${amount}` : amount,
      ...seeded,
      ...(stack === undefined ? {} : { stack }),
    };
    const record = withFault(readReliability(), name, { runs: [made], rows }, isAnew);
    if (lines.length > 0) writeFileSync(RECORD, `${JSON.stringify(record, null, 2)}\n`);
    writeFileSync(PAGE, withReliability(readFileSync(PAGE, "utf8"), readReliability()));
    console.log(`\n${faultTable({ runs: [made], rows }, fault.columns)}`);
    return count.failed === 0 && count.passed > 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * The record with one more run, or with it alone.
 * @param {Results} record
 * @param {string} name
 * @param {Seen} seen
 * @param {boolean} isAnew
 * @returns {Results}
 */
export function withFault(record, name, { runs, rows }, isAnew) {
  const before = isAnew ? undefined : record[name];
  return { ...record, [name]: { runs: [...(before?.runs ?? []), ...runs], rows: sumOf(before?.rows ?? {}, rows) } };
}

/**
 * The page with each table between its marks as the record says it.
 * @param {string} page
 * @param {Results} record
 */
export function withReliability(page, record) {
  return Object.entries(FAULTS).reduce((text, [name, { columns }]) => {
    const [begin, end] = [`<!-- soak ${name}: written by npm run soak -->`, `<!-- /soak ${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from === -1 || to < from) throw new Error(`no ${begin} and ${end}`);
    const seen = record[name];
    const table = seen === undefined ? "Not made yet." : faultTable(seen, columns);
    return `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`;
  }, page);
}

/**
 * When it was made, by which seeds, and what came of it.
 * @param {Seen} seen
 * @param {readonly string[]} columns
 */
export function faultTable({ runs, rows }, columns) {
  const told = runs.map(({ amount, seed, stack }) =>
    [
      amount,
      ...(stack === undefined ? [] : [`of ${stack}`]),
      ...(seed === undefined ? [] : [`from seed ${seed}`]),
    ].join(" "),
  );
  const dates = [...new Set(runs.map(({ date }) => date))].sort();
  const [first = "", last = first] = [dates[0], dates.at(-1)];
  const sum = (/** @type {string} */ column) => Object.values(rows).reduce((all, row) => all + (row[column] ?? 0), 0);
  const lines = Object.entries(rows)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, row]) => [name, ...columns.map((column) => String(row[column] ?? 0))]);
  const all = lines.length > 1 ? [["all", ...columns.map((column) => String(sum(column)))]] : [];
  const when = first === last ? `On ${first}` : `From ${first} to ${last}`;
  return [`${when}: ${told.join(", ")}.`, "", ...markdown([["", ...columns], ...lines, ...all])].join("\n");
}

/** @param {string} line @returns {Rows} */
function rowsIn(line) {
  const rows = /** @type {unknown} */ (JSON.parse(line));
  return /** @type {Rows} */ (rows);
}

/** @param {Rows} one @param {Rows} other @returns {Rows} */
function sumOf(one, other) {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(names.map((name) => [name, sumOfRows(one[name] ?? {}, other[name] ?? {})]));
}

/** @param {Readonly<Record<string, number>>} one @param {Readonly<Record<string, number>>} other */
function sumOfRows(one, other) {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(names.map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]));
}
