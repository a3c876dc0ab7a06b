import { existsSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";

/** As many as a Debian tree has users. */
const COUNT = 65_536;

/**
 * A plain user builds the guests' disk as many users: by the ids that /etc/subuid and /etc/subgid give to this user. useradd gives
 * some to each user that it makes; users from elsewhere have none.
 * @returns {string[]} the command that gives this user what is missing; empty where nothing is, as for root
 */
export const missingSubordinateIds = () => commandFor(userInfo(), read("/etc/subuid"), read("/etc/subgid"));

/** @param {string} path */
const read = (path) => (existsSync(path) ? readFileSync(path, "utf8") : "");

/**
 * @param {{ readonly uid: number, readonly username: string }} user
 * @param {string} subuid the file's text
 * @param {string} subgid
 * @returns {string[]}
 */
export function commandFor({ uid, username }, subuid, subgid) {
  if (uid === 0) return [];
  const files = [
    { option: "--add-subuids", ranges: parse(subuid) },
    { option: "--add-subgids", ranges: parse(subgid) },
  ];
  const suffices = (/** @type {Range} */ range) =>
    (range.user === username || range.user === String(uid)) && range.count >= COUNT;
  const words = files.flatMap(({ option, ranges }) => (ranges.some(suffices) ? [] : [option, freeRange(ranges)]));
  return words.length === 0 ? [] : ["usermod", ...words, username];
}

/** @typedef {{ readonly user: string, readonly first: number, readonly count: number }} Range */

/**
 * Lines of subuid(5): user:first:count.
 * @param {string} text
 * @returns {Range[]}
 */
const parse = (text) =>
  text
    .split("\n")
    .map((line) => line.split(":"))
    .filter((fields) => fields.length === 3)
    .map(([user = "", first, count]) => ({ user, first: Number(first), count: Number(count) }));

/**
 * Behind all others, and where useradd begins at the least.
 * @param {readonly Range[]} ranges
 */
function freeRange(ranges) {
  const first = Math.max(100_000, ...ranges.map((range) => range.first + range.count));
  return `${first}-${first + COUNT - 1}`;
}
