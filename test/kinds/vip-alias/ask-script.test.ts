import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shellText } from "../../../provider/host/shell/script";
import { askNetwork, holderIn } from "../../../provider/kinds/vip-alias/ask";

const OTHER = "02:00:63:00:15:01";

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lvs-ask-"));
});

afterEach(() => rmSync(dir, { recursive: true }));

/** Asks on a host whose table of neighbours says this, before the question and after it: what ip(8) is told, and the outcome. */
function ask(before: string, after = before) {
  writeFileSync(join(dir, "told"), "");
  const ip = `#!/bin/sh
case "$2" in
  show) cat ${dir}/said ;;
  *) echo "$*" >>${dir}/told ;;
esac
`;
  writeFileSync(join(dir, "ip"), ip, { mode: 0o755 });
  const [look, , refuse] = askNetwork({
    role: "director",
    device: "eth0",
    address: "192.168.4.5/24",
    boot: false,
    live: true,
  });
  const run = (said: string, step: typeof look) => {
    if (step === undefined) throw new Error("no such step");
    writeFileSync(join(dir, "said"), said === "" ? "" : `192.168.4.5 dev eth0 ${said}\n`);
    return spawnSync("dash", { input: `PATH=${dir}:$PATH\n${shellText(step.command)}`, encoding: "utf8" });
  };
  expect(run(before, look).status).toBe(0);
  const { status, stderr } = run(after, refuse);
  const told = readFileSync(join(dir, "told"), "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return { told, status, holder: holderIn(stderr) };
}

const PROBE = "neigh replace 192.168.4.5 dev eth0 nud none use";
const FORGET = "neigh replace 192.168.4.5 dev eth0 nud failed";
const CLEAN = "neigh del 192.168.4.5 dev eth0";

test("nobody answers, and the entry goes", () => {
  expect(ask("", "FAILED")).toEqual({ told: [PROBE, CLEAN], status: 0, holder: undefined });
});

test("another host answers, and is named", () => {
  expect(ask("", `lladdr ${OTHER} REACHABLE`)).toEqual({ told: [PROBE], status: 1, holder: OTHER });
});

test("what was known before is asked anew", () => {
  expect(ask(`lladdr ${OTHER} STALE`, "INCOMPLETE").told).toEqual([FORGET, PROBE, CLEAN]);
});

test.each([`lladdr ${OTHER} PERMANENT`, `lladdr ${OTHER} NOARP`])(
  "an entry of the operator's is left alone: %s",
  (entry) => {
    expect(ask(entry)).toEqual({ told: [], status: 0, holder: undefined });
  },
);

test("a card of this host answers for it: that is no other host", () => {
  // The loopback of the machine that runs this.
  expect(ask("", "lladdr 00:00:00:00:00:00 REACHABLE")).toEqual({ told: [PROBE], status: 0, holder: undefined });
});
