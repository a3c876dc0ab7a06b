import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forgetProfile } from "../../../provider/dialects/network/networkmanager/networkmanager-profile";
import { shellText } from "../../../provider/host/shell/script";

const LOOPBACK = "local 127.0.0.0/8 proto kernel scope host src 127.0.0.1";
const BEFORE = `${LOOPBACK}\nlocal 127.0.0.1 proto kernel scope host src 127.0.0.1\nbroadcast 127.255.255.255 proto kernel scope link src 127.0.0.1\n`;

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lvs-forget-"));
  fake("sleep", ":");
  writeFileSync(join(dir, "table"), BEFORE);
  writeFileSync(join(dir, "addresses"), "");
  // NetworkManager 1.52 answers, and then takes the route away.
  fake(
    "nmcli",
    `echo "$*" >>${dir}/asked; grep -v '127.0.0.0/8' ${dir}/table >${dir}/less; mv ${dir}/less ${dir}/table`,
  );
  fake(
    "ip",
    `case "$*" in
  *"addr show"*) cat ${dir}/addresses ;;
  "-4 route show table local dev lo") cat ${dir}/table ;;
  "-4 route replace "*" dev lo table local") shift 3; while [ $# -gt 4 ]; do printf '%s ' "$1"; shift; done | sed 's/ $//' >>${dir}/table; echo >>${dir}/table ;;
  *) echo "ip $*" >&2; exit 1 ;;
esac`,
  );
});

afterEach(() => rmSync(dir, { recursive: true }));

const fake = (name: string, text: string) => writeFileSync(join(dir, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });

function forget(device: string) {
  const { command } = forgetProfile(device, join(dir, "gone.nmconnection"));
  const { status, stderr } = spawnSync("dash", { input: `PATH=${dir}:$PATH\n${shellText(command)}`, encoding: "utf8" });
  return { status, stderr, table: readFileSync(join(dir, "table"), "utf8").trim().split("\n").sort() };
}

const sorted = (text: string) => text.trim().split("\n").sort();

test("what NetworkManager takes of the loopback is put back", () => {
  expect(forget("lo")).toEqual({ status: 0, stderr: "", table: sorted(BEFORE) });
});

test("a dummy has no such routes, and none are made", () => {
  expect(forget("dummy0").table).toEqual(sorted(BEFORE.replace(`${LOOPBACK}\n`, "")));
});

test("a profile whose interface has other addresses is left alone: deleted, it would take them along", () => {
  writeFileSync(join(dir, "addresses"), "1: lo    inet 192.168.4.6/32 scope global lo\n");
  expect(forget("lo")).toEqual({ status: 0, stderr: "", table: sorted(BEFORE) });
  expect(() => readFileSync(join(dir, "asked"))).toThrow("ENOENT");
});
