import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LoaderFacts } from "../../../provider/dialects/ipvs/loader";
import { rhelRules } from "../../../provider/dialects/ipvs/rhel";
import { readRulesFile } from "../../../provider/dialects/ipvs/rules-file";
import { DROP_IN, DROP_IN_DIRECTORY } from "../../../provider/facts/ipvs/loader";
import { shellText } from "../../../provider/host/shell/script";
import type { Step } from "../../../provider/step";
import { NO_LOADER, RHEL_UNIT } from "../../fakes/fake-loader";

const UNIT = "/usr/lib/systemd/system/ipvsadm.service";
const unit = { path: UNIT, lines: RHEL_UNIT.split("\n") };

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lvs-rhel-"));
  // A unit that a boot has made active, without anything to run when it stops.
  const systemctl = `#!/bin/sh\necho "$*" >>${dir}/log\n[ "$2" != is-active ] || [ -e ${dir}/booted ] || exit 3\n[ "$1" != show ] || echo LoadState=loaded\n`;
  writeFileSync(join(dir, "systemctl"), systemctl);
  chmodSync(join(dir, "systemctl"), 0o755);
});

afterEach(() => rmSync(dir, { recursive: true }));

const dropIn = () => join(dir, "ipvsadm.service.d", "10-pulumi-lvs.conf");

/** Runs the commands of a loader in a real shell, with the folder of units in a place of this test. */
function run(steps: readonly Step[]): void {
  for (const step of steps) {
    if (!("command" in step) || !("sh" in step.command)) throw new Error("not shell text");
    const { command } = step;
    const sh = command.sh.replaceAll(DROP_IN_DIRECTORY, join(dir, "ipvsadm.service.d"));
    const { status } = spawnSync("dash", { input: `PATH=${dir}:$PATH\n${shellText({ ...command, sh })}` });
    expect(status).toBe(0);
  }
}

function seen(): LoaderFacts {
  const own = existsSync(dropIn()) ? [{ path: DROP_IN, lines: readFileSync(dropIn(), "utf8").split("\n") }] : [];
  return {
    loader: { ...NO_LOADER, seen: [UNIT], unit: { path: UNIT, masked: false }, texts: [unit, ...own] },
    bootLines: [],
    debianRules: readRulesFile(undefined),
    debianDefaults: undefined,
    rhelRules: readRulesFile(undefined),
    rulesRecord: undefined,
    modules: new Map(),
  };
}

test.each([
  ["as we wrote it", (text: string) => text],
  ["with line ends of Windows", (text: string) => text.replaceAll("\n", "\r\n")],
])("a drop-in %s still knows that the unit was not active", (_, change) => {
  run(rhelRules.enable(seen()));
  writeFileSync(join(dir, "booted"), "");
  writeFileSync(dropIn(), change(readFileSync(dropIn(), "utf8")));
  run(rhelRules.enable({ ...seen(), loader: { ...seen().loader, texts: [unit] } }));
  expect(readFileSync(dropIn(), "utf8")).toMatch(/\n# The unit was not active before\.\n$/);
  writeFileSync(dropIn(), change(readFileSync(dropIn(), "utf8")));
  run(rhelRules.restore(seen(), { rules: "rhel", loader: "disabled" }));
  expect(readFileSync(join(dir, "log"), "utf8")).toContain("stop ipvsadm.service");
  expect(existsSync(join(dir, "ipvsadm.service.d"))).toBe(false);
});
