import { layersOf, reduced } from "./layers.mjs";

/** @typedef {import("./graph.mjs").Edge} Edge */
/** @typedef {{ readonly x: number, readonly y: number }} Point */

const WIDTH = 1050;
const BOX = { width: 172, height: 54 };
const ROW = 104;
const TOP = 24;

/** What a room is for, in a few words. */
/** @type {Readonly<Record<string, string>>} */
const PURPOSE = {
  "index.ts": "what programs import",
  "runtime.ts": "what states load",
  components: "clusters",
  resources: "classes, one a kind",
  engine: "life of one resource",
  kinds: "plans, one folder a kind",
  dialects: "operating systems",
  facts: "what is asked of hosts",
  model: "values of several kinds",
  "host/session": "batches, locks",
  "host/rollback": "commit-confirmed",
  "host/shell": "runs scripts",
  "host/ssh": "connects",
  "host/*.ts": "shared keys, errors",
  "steps and errors": "commands as data",
};

/**
 * @param {readonly Edge[]} edges
 * @returns {string} an SVG picture
 */
export function drawArchitecture(edges) {
  const layers = layersOf(edges);
  const places = new Map(layers.flatMap((rooms, row) => rooms.map((room) => [room, placeOf(room, row)])));
  const height = TOP + layers.length * ROW + 48;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="14">`,
    "<title>Which folder of provider/ imports which</title>",
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">',
    '<path d="M0 0 8 4 0 8z" fill="#555"/></marker></defs>',
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    ...reduced(edges).map((edge) => arrow(edge, places)),
    ...[...places].map(([room, place]) => box(room, place)),
    ...legend(height - 30),
    "</svg>",
    "",
  ].join("\n");
}

/**
 * Programs on the left, data in the middle, hosts on the right; the row is the layer. A room that is new stands between.
 * @type {Readonly<Record<string, number>>}
 */
const COLUMNS = {
  "index.ts": 100,
  components: 100,
  resources: 100,
  kinds: 310,
  dialects: 310,
  facts: 310,
  model: 310,
  "runtime.ts": 520,
  engine: 520,
  "steps and errors": 520,
  "host/*.ts": 730,
};

/** @type {(room: string, row: number) => Point} */
const placeOf = (room, row) => ({ x: COLUMNS[room] ?? (room.startsWith("host/") ? 940 : 730), y: TOP + row * ROW });

/** @type {(room: string, place: Point) => string} */
function box(room, { x, y }) {
  const fill = room.startsWith("host/")
    ? "#fde9d2"
    : room.endsWith(".ts")
      ? "#e4e4e4"
      : /^(?:components|resources)$/.test(room)
        ? "#dcebfa"
        : "#e2f2dc";
  return [
    `<rect x="${x - BOX.width / 2}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6" fill="${fill}" stroke="#555"/>`,
    `<text x="${x}" y="${y + 23}" text-anchor="middle" font-weight="bold">${room}</text>`,
    `<text x="${x}" y="${y + 42}" text-anchor="middle" font-size="12" fill="#444">${PURPOSE[room] ?? ""}</text>`,
  ].join("");
}

/** @type {(edge: Edge, places: ReadonlyMap<string, Point>) => string} */
function arrow({ from, to, typesOnly }, places) {
  const [start, end] = [places.get(from), places.get(to)];
  if (start === undefined || end === undefined) throw new Error(`no place for ${from} or ${to}`);
  const dash = typesOnly ? ' stroke-dasharray="5 4"' : "";
  const style = `fill="none" stroke="#555" stroke-width="1.3"${dash} marker-end="url(#tip)"`;
  if (start.y === end.y) {
    const side = start.x < end.x ? 1 : -1;
    const [left, right] = [start.x + (side * BOX.width) / 2, end.x - (side * BOX.width) / 2];
    return `<path d="M${left} ${start.y + BOX.height / 2}H${right - side}" ${style}/>`;
  }
  const down = start.y < end.y;
  const [y1, y2] = down ? [start.y + BOX.height, end.y - 1] : [start.y, end.y + BOX.height + 1];
  const bend = down ? 34 : -34;
  // Several arrows of one box begin and end side by side.
  const lean = (end.x - start.x) / 12;
  const [x1, x2] = [start.x + clamp(lean), end.x - clamp(lean)];
  return `<path d="M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}" ${style}/>`;
}

/** @param {number} lean */
const clamp = (lean) => Math.max(-BOX.width / 3, Math.min(BOX.width / 3, Math.round(lean)));

/** @type {(y: number) => readonly string[]} */
const legend = (y) => [
  `<path d="M24 ${y}h40" stroke="#555" stroke-width="1.3" marker-end="url(#tip)"/>`,
  `<text x="72" y="${y + 5}" font-size="12">imports; what longer ways imply is left out</text>`,
  `<path d="M372 ${y}h40" stroke="#555" stroke-width="1.3" stroke-dasharray="5 4" marker-end="url(#tip)"/>`,
  `<text x="420" y="${y + 5}" font-size="12">types alone</text>`,
  `<rect x="540" y="${y - 9}" width="18" height="18" fill="#dcebfa" stroke="#555"/><text x="564" y="${y + 5}" font-size="12">knows Pulumi</text>`,
  `<rect x="662" y="${y - 9}" width="18" height="18" fill="#e2f2dc" stroke="#555"/><text x="686" y="${y + 5}" font-size="12">data, no I/O</text>`,
  `<rect x="776" y="${y - 9}" width="18" height="18" fill="#fde9d2" stroke="#555"/><text x="800" y="${y + 5}" font-size="12">I/O</text>`,
];
