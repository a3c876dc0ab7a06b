/** The releases that the lab has, in the order of the table, and how people call them. */
export const RELEASES = /** @type {const} */ ({
  bullseye: "Debian 11",
  bookworm: "Debian 12",
  trixie: "Debian 13",
  ifupdown2: "13, ifupdown2",
  testing: "testing",
  uutils: "testing, uutils and sudo-rs",
});

/** @typedef {keyof typeof RELEASES} Release */

/** @param {string} name @returns {name is Release} */
export const isRelease = (name) => Object.hasOwn(RELEASES, name);
