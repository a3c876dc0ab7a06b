/**
 * Side by side, in one run: the engine with resources that do nothing, ours, and one `ssh director1 ipvsadm -R`. Prints times in
 * milliseconds and the ratio of ours to engine plus ssh. `npm run bench [-- REPETITIONS]`, 3 unless told; read the ratios.
 * `npm run bench -- failover [REPETITIONS]` is about a VrrpInstance and a service with checks, beside one ssh that writes keepalived's file;
 * `npm run bench -- hosts [COUNT [CASE]]` is about many hosts.
 */
import { type Lab, startLab } from "../tools/lab/index.ts";
import { median } from "./clock.ts";
import { benchHosts } from "./hosts/bench.ts";
import { measureFloor, measureOurs, measureSsh, OPERATIONS, type Times } from "./measure.ts";
import { describeShape, type Shape } from "./programs.ts";

const SHAPES: readonly Shape[] = [
  { servers: 1, inline: false },
  { servers: 10, inline: false },
  { servers: 100, inline: false },
  { servers: 100, inline: false, parallel: 64 },
  { servers: 100, inline: true },
  { servers: 500, inline: true },
];

const FAILOVER: readonly Shape[] = [{ servers: 10, inline: true, failover: true }];

const [first, ...words] = process.argv.slice(2);
if (first === "hosts") await benchHosts(Number(words[0] ?? 50), words[1]);
else if (first === "failover") await benchServers(FAILOVER, Number(words[0] ?? 3));
else await benchServers(SHAPES, Number(first ?? 3));

async function benchServers(shapes: readonly Shape[], repetitions: number): Promise<void> {
  const lab = await startLab({ hosts: ["director1"], progress: () => undefined });
  try {
    console.log("real servers         operation   engine ms   ours ms   ssh ms   ours / (engine + ssh)");
    for (const shape of shapes) report(shape, await measure(lab, shape, repetitions));
  } finally {
    await lab.down();
  }
}

interface Row {
  readonly floor: Times;
  readonly ours: Times;
  readonly ssh: Times;
}

async function measure(lab: Lab, shape: Shape, repetitions: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  // Interleaved, so that a slow minute of the machine slows all of them.
  for (let run = 0; run < repetitions; run++) {
    rows.push({
      floor: await measureFloor(lab, shape),
      ours: await measureOurs(lab, shape),
      ssh: await measureSsh(lab, shape),
    });
  }
  return rows;
}

function report(shape: Shape, rows: readonly Row[]): void {
  for (const operation of OPERATIONS) {
    const [engine, mine, bound] = (["floor", "ours", "ssh"] as const).map((who) =>
      median(rows.map((row) => row[who][operation])),
    );
    if (engine === undefined || mine === undefined || bound === undefined) continue;
    const cells = [engine, mine, bound].map((value) => value.toFixed(0).padStart(8));
    const ratio = (mine / (engine + bound)).toFixed(2);
    console.log(
      `${describeShape(shape).padEnd(20)} ${operation.padEnd(10)} ${cells.join("  ")}   ${ratio.padStart(6)}`,
    );
  }
}
