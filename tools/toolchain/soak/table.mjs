import { AREAS } from "./areas.mjs";
import { isRelease, RELEASES } from "./releases.mjs";

/** @typedef {import("./record.mjs").Results} Results */
/** @typedef {import("./record.mjs").Seen} Seen */
/** @typedef {import("./releases.mjs").Release} Release */

const BEGIN = "<!-- releases: written by npm run soak -->";
const END = "<!-- /releases -->";

/** Of the packages whose versions the record has, those that the table shows. */
const SHOWN = [
  "kernel",
  "systemd",
  "ipvsadm",
  "iproute2",
  "keepalived",
  "nfs-kernel-server",
  "network-manager",
  "netplan.io",
  "openssh-server",
];

/**
 * The page with the table between its marks as the record says it.
 * @param {string} page
 * @param {Results} results
 */
export function withTable(page, results) {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from === -1 || to < from) throw new Error(`no ${BEGIN} and ${END}`);
  return `${page.slice(0, from + BEGIN.length)}\n\n${tableOf(results)}\n\n${page.slice(to)}`;
}

/**
 * A cell says what ran there: how many tests passed, and of how many.
 * @param {Results} results
 */
export function tableOf(results) {
  const releases = Object.keys(RELEASES).filter(isRelease);
  const rows = [
    ["", ...releases.map((release) => RELEASES[release])],
    ["tested on", ...releases.map((release) => datesOf(Object.values(results[release]?.files ?? {})))],
    ...SHOWN.map((name) => [name, ...releases.map((release) => versionOf(results[release]?.versions[name]))]),
    ...Object.entries(AREAS).map(([area, files]) => [
      area,
      ...releases.map((release) => cell(files.map((file) => results[release]?.files[file]))),
    ]),
  ];
  const failures = releases.flatMap((release) => failuresOf(results, release));
  const told = failures.length === 0 ? [] : ["", "What failed:", "", ...failures];
  return [...markdown(rows), ...told].join("\n");
}

/** @param {readonly (Seen | undefined)[]} seen */
function cell(seen) {
  const ran = seen.filter((one) => one !== undefined);
  if (ran.length < seen.length) return "not run";
  const passed = ran.reduce((sum, one) => sum + one.passed, 0);
  const failed = ran.reduce((sum, one) => sum + one.failed.length, 0);
  return failed === 0 ? `all ${passed}` : `${passed} of ${passed + failed}`;
}

/** @param {Results} results @param {Release} release */
function failuresOf(results, release) {
  const files = Object.values(AREAS).flat();
  return files.flatMap((file) =>
    (results[release]?.files[file]?.failed ?? []).map((title) => `- ${RELEASES[release]}, ${file}: ${plain(title)}`),
  );
}

/** @param {readonly Seen[]} seen */
function datesOf(seen) {
  const dates = seen.map(({ date }) => date).sort();
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined) return "never";
  return first === last ? first : `${first} to ${last}`;
}

/** Without the epoch, and without what Debian has added. @param {string | undefined} version */
const versionOf = (version) => (version === undefined ? "" : version.replace(/^\d+:/, "").replace(/-[^-]*$/, ""));

/** Text in a list of Markdown. @param {string} text */
const plain = (text) => text.replaceAll(/[\\`*_<>[\]]/g, String.raw`\$&`).replaceAll("\n", " ");

/** @param {readonly (readonly string[])[]} rows */
export function markdown(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (/** @type {readonly string[]} */ row) =>
    `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)];
}
