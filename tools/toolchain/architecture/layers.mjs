/** @typedef {import("./graph.mjs").Edge} Edge */

/**
 * Rooms from the top down: each is below all that import its code. An import of types alone loads nothing, and puts nobody below.
 * @param {readonly Edge[]} edges
 * @returns {readonly (readonly string[])[]}
 */
export function layersOf(edges) {
  const rooms = [...new Set(edges.flatMap(({ from, to }) => [from, to]))].sort();
  const code = edges.filter(({ typesOnly }) => !typesOnly);
  /** @type {(room: string, above: readonly string[]) => number} */
  const depthOf = (room, above) => {
    if (above.includes(room)) throw new Error(`a circle of imports: ${[...above, room].join(" -> ")}`);
    const importers = code.filter(({ to }) => to === room).map(({ from }) => depthOf(from, [...above, room]));
    return Math.max(-1, ...importers) + 1;
  };
  /** @type {string[][]} */
  const layers = [];
  for (const room of rooms) (layers[depthOf(room, [])] ??= []).push(room);
  return layers;
}

/**
 * Without the imports that a longer way over code implies.
 * @param {readonly Edge[]} edges
 * @returns {readonly Edge[]}
 */
export function reduced(edges) {
  const code = edges.filter(({ typesOnly }) => !typesOnly);
  /** @type {(from: string, to: string) => boolean} */
  const leads = (from, to) => code.some((edge) => edge.from === from && (edge.to === to || leads(edge.to, to)));
  return edges.filter(
    ({ from, to }) => !code.some((edge) => edge.from === from && edge.to !== to && leads(edge.to, to)),
  );
}
