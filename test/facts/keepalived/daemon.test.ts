import { isAtLeast, keepalivedDaemon, parseKeepalivedDaemon } from "../../../provider/facts/keepalived/daemon";
import { readOn } from "../../support/tree";

const FOLDER = "/etc/keepalived/pulumi-lvs.d";
const a = `${FOLDER}/a.conf 71 220 2026-11-30 05:01:30.026460281 +0000`;
const b = `${FOLDER}/b.conf 72 220 2026-11-30 05:01:31.026460281 +0000`;
const running = (...lines: string[]) =>
  parseKeepalivedDaemon(
    ["LoadState=loaded", "ActiveState=active", "UnitFileState=enabled", "MainPID=7", ...lines, ""].join("\n"),
  );

test("version, unit and options are read, and nothing where there is no daemon", () => {
  expect(running("version Keepalived v2.2.7 (01/16,2022)", 'option DAEMON_ARGS="-D"')).toMatchObject({
    version: "2.2.7",
    unit: { exists: true, activeState: "active", fileState: "enabled" },
    options: ['DAEMON_ARGS="-D"'],
  });
  expect(parseKeepalivedDaemon("LoadState=not-found\nActiveState=inactive\nUnitFileState=\nMainPID=0\n")).toEqual({
    version: undefined,
    unit: { exists: false, activeState: "inactive", fileState: "" },
    options: [],
    executable: [],
    hasProtocolFile: false,
    fragments: [],
    loaded: [],
    stillLoaded: [],
  });
});

test.each([
  { name: "older than the process", lines: [`file ${a}`], loaded: ["a"] },
  { name: "changed since the process began", lines: [`newer ${FOLDER}/a.conf`, `file ${a}`], loaded: [] },
  {
    name: "read since, as it is",
    lines: [`newer ${FOLDER}/a.conf`, `file ${a}`, "loaded MainPID=7", `loaded ${a}`],
    loaded: ["a"],
  },
  {
    name: "changed since it was read",
    lines: [`newer ${FOLDER}/a.conf`, `file ${a}`, "loaded MainPID=7", `loaded ${a.replace("05:01:30", "05:00:00")}`],
    loaded: [],
  },
  {
    name: "read by an earlier process",
    lines: [`newer ${FOLDER}/a.conf`, `file ${a}`, "loaded MainPID=6", `loaded ${a}`],
    loaded: [],
  },
  { name: "a run was cut before it was read", lines: [`file ${a}`, "pending a"], loaded: [] },
  { name: "one of two", lines: [`newer ${FOLDER}/b.conf`, `file ${a}`, `file ${b}`], loaded: ["a"] },
])("loaded is what the daemon has read: $name", ({ lines, loaded }) => {
  expect(running(...lines)).toMatchObject({ loaded, stillLoaded: [] });
});

test("a file that is gone may still be loaded, until the daemon ends", () => {
  expect(running("loaded MainPID=7", `loaded ${a}`, "pending b").stillLoaded).toEqual(["a", "b"]);
  expect(parseKeepalivedDaemon("ActiveState=failed\nMainPID=0\nloaded MainPID=7\npending b\n").stillLoaded).toEqual([]);
});

test("a host is read without a change: its options, our files, and those that the daemon passes over", () => {
  const tree = {
    "/etc/default/keepalived": '# DAEMON_ARGS="-f x"\nDAEMON_ARGS="-f /etc/own.conf"\n\n',
    "/etc/keepalived/keepalived.conf": "#!/bin/sh\n",
    [`${FOLDER}/a.conf`]: "# a\n",
    [`${FOLDER}/.b.conf`]: "# hidden\n",
    "/run/pulumi-lvs/keepalived-pending": "a\n",
  };
  expect(readOn(tree, keepalivedDaemon)).toMatchObject({
    options: ['DAEMON_ARGS="-f /etc/own.conf"'],
    executable: ["/etc/keepalived/keepalived.conf"],
    fragments: ["a"],
  });
  expect(readOn({}, keepalivedDaemon)).toMatchObject({ options: [], executable: [], fragments: [] });
});

test.each([
  ["2.2.7", "2.2.0", true],
  ["2.2.0", "2.2.0", true],
  ["2.10.0", "2.9.9", true],
  ["2.1.5", "2.2.0", false],
  ["1.3.5", "2.0.4", false],
  ["2.2", "2.2.0", true],
])("%s is at least %s: %s", (version, least, is) => {
  expect(isAtLeast(version, least)).toBe(is);
});
