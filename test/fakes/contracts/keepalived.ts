import { loadFragments } from "../../../provider/dialects/keepalived/load";
import { restoreDaemon } from "../../../provider/dialects/keepalived/restore";
import { beginStage, stageFragment, testStage } from "../../../provider/dialects/keepalived/stage";
import type { Fact } from "../../../provider/facts/fact";
import { keepalivedDaemon, parseKeepalivedDaemon } from "../../../provider/facts/keepalived/daemon";
import { FRAGMENTS, fragmentPath, MAIN_FILE, RUN_FOLDER } from "../../../provider/facts/keepalived/paths";
import { type FileStep, run } from "../../../provider/step";
import type { Contract } from "./contract";

interface Daemon {
  readonly active: string;
  readonly file: string;
  readonly loaded: readonly string[];
  readonly stillLoaded: readonly string[];
}

/** Without what depends on the machine. */
const daemon: Fact<Daemon> = {
  command: keepalivedDaemon.command,
  parse: (output) => {
    const { unit, loaded, stillLoaded } = parseKeepalivedDaemon(output);
    return { active: unit.activeState, file: unit.fileState, loaded, stillLoaded };
  },
};

export const MAIN = `include ${FRAGMENTS}/*.conf\n`;
const instance = (name: string, number: number) =>
  `vrrp_instance ${name} {\n    interface eth0\n    virtual_router_id ${number}\n    priority 9\n    virtual_ipaddress {\n        192.168.4.${number}\n    }\n}\n`;

const put = (name: string, text: string | undefined): FileStep => ({
  file: fragmentPath(name),
  summary: name,
  edit: () => text,
});
const is = (active: string, loaded: readonly string[], stillLoaded: readonly string[] = []) => ({
  daemon: { active, file: "enabled", loaded, stillLoaded },
});
const load = loadFragments("stop");

/** keepalived with files of ours, as FakeKeepalived has it. The host has an empty folder of ours, which the main file includes. */
export const keepalived: Contract<{ readonly daemon: Daemon }> = {
  name: "FakeKeepalived",
  host: "web1",
  reset: `systemctl stop keepalived; systemctl reset-failed keepalived
rm -rf ${FRAGMENTS} ${RUN_FOLDER}; mkdir -p ${FRAGMENTS}
printf '%s' '${MAIN}' >${MAIN_FILE}
systemctl --quiet enable keepalived`,
  facts: { daemon },
  scenarios: [
    {
      name: "the first file starts it, others are read, and it stops with the last",
      steps: [
        { step: put("a", instance("a", 51)), seen: is("inactive", []) },
        { step: load, seen: is("active", ["a"]) },
        { step: put("b", instance("b", 52)), seen: is("active", ["a"]) },
        { step: load, seen: is("active", ["a", "b"]) },
        { step: put("a", instance("a", 53)), seen: is("active", ["b"]) },
        { step: load, seen: is("active", ["a", "b"]) },
        { step: put("a", undefined), seen: is("active", ["b"], ["a"]) },
        { step: load, seen: is("active", ["b"]) },
        { step: put("b", undefined) },
        { step: load, seen: is("inactive", []) },
      ],
    },
    {
      name: "what is tested changes nothing, is to be read if it is right, and refused if it is not",
      steps: [
        { step: put("a", instance("a", 51)) },
        { step: load },
        { step: beginStage },
        { step: stageFragment("b", instance("b", 51)) },
        {
          step: testStage(undefined),
          fails: {
            code: 1,
            stderr:
              "keepalived -t refuses the configuration with this change (exit code 5):\na and b both use VRID 51 with IPv4 on interface eth0",
          },
          seen: is("active", ["a"]),
        },
        { step: beginStage },
        { step: stageFragment("a", undefined) },
        { step: stageFragment("b", instance("b", 51)) },
        { step: testStage(undefined), seen: is("active", [], ["b"]) },
        { step: load, seen: is("active", ["a"]) },
      ],
    },
    {
      name: "a unit that is disabled is enabled with a file, and back as it was without one",
      steps: [
        { step: run("systemctl", "--quiet", "disable", "keepalived.service") },
        { step: put("a", instance("a", 51)) },
        { step: load, seen: is("active", ["a"]) },
        { step: restoreDaemon({ running: false, enabled: "disabled", protocol: true }), seen: is("active", ["a"]) },
        { step: put("a", undefined) },
        {
          step: restoreDaemon({ running: false, enabled: "disabled", protocol: true }),
          seen: { daemon: { active: "inactive", file: "disabled", loaded: [], stillLoaded: [] } },
        },
      ],
    },
  ],
};
