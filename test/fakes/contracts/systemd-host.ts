import { type Unit, unit } from "../../../provider/kinds/systemd-service/facts";
import { systemdService } from "../../../provider/kinds/systemd-service/kind";
import { type Transition, transitionStep } from "../../../provider/kinds/systemd-service/transitions";
import { run } from "../../../provider/step";
import type { Contract } from "./contract";

interface Units {
  readonly sample: Unit;
  readonly fixed: Unit;
  readonly missing: Unit;
}

const NO_UNIT = "This host has no such unit";
const SAMPLE = "sample.service";
const FIXED = "sample-static.service";
const MISSING = "sample-missing.service";

/** Units under systemctl, as FakeSystemdHost has them. The host starts with a disabled unit and a static one, both stopped. */
export const systemdHost: Contract<Units> = {
  name: "FakeSystemdHost",
  host: "web1",
  reset: `cd /usr/lib/systemd/system
printf '[Service]\\nExecStart=/bin/sleep 10000\\n' | tee ${FIXED} >${SAMPLE}
printf '[Install]\\nWantedBy=multi-user.target\\n' >>${SAMPLE}
systemctl unmask ${SAMPLE} ${FIXED} ${MISSING}
systemctl unmask --runtime ${SAMPLE}
systemctl daemon-reload
systemctl disable ${SAMPLE}
systemctl stop ${SAMPLE} ${FIXED}`,
  facts: { sample: unit(SAMPLE), fixed: unit(FIXED), missing: unit(MISSING) },
  advice: systemdService.advice ?? [],
  scenarios: [
    {
      name: "a unit is enabled, started, stopped and disabled",
      steps: [
        { step: to("enable", SAMPLE), seen: { sample: sample("inactive", "enabled") } },
        { step: to("start", SAMPLE), seen: { sample: sample("active", "enabled") } },
        { step: to("stop", SAMPLE), seen: { sample: sample("inactive", "enabled") } },
        { step: to("disable", SAMPLE), seen: { sample: sample("inactive", "disabled") } },
      ],
    },
    {
      name: "a mask hides whether a unit is enabled, and lets it run",
      steps: [
        { step: to("enable", SAMPLE) },
        { step: to("start", SAMPLE) },
        { step: to("mask", SAMPLE), seen: { sample: sample("active", "masked") } },
        { step: to("disable", SAMPLE), seen: { sample: sample("active", "masked") } },
        { step: to("unmask", SAMPLE), seen: { sample: sample("active", "enabled") } },
        { step: to("unmask", SAMPLE), seen: { sample: sample("active", "enabled") } },
      ],
    },
    {
      name: "a masked unit can be neither started nor enabled",
      steps: [
        { step: to("mask", SAMPLE) },
        {
          step: run("systemctl", "start", "--", SAMPLE),
          fails: { code: 1, stderr: `Failed to start ${SAMPLE}: Unit ${SAMPLE} is masked.` },
        },
        {
          step: to("enable", SAMPLE),
          fails: { code: 1, stderr: `Failed to enable unit: Unit file /etc/systemd/system/${SAMPLE} is masked.` },
          seen: { sample: sample("inactive", "masked") },
        },
      ],
    },
    {
      name: "a static unit starts, and is never enabled",
      steps: [
        { step: run("systemctl", "enable", "--", FIXED), seen: { fixed: fixed("inactive", "static") } },
        { step: to("disable", FIXED), seen: { fixed: fixed("inactive", "static") } },
        { step: to("start", FIXED), seen: { fixed: fixed("active", "static") } },
        { step: to("mask", FIXED), seen: { fixed: fixed("active", "masked") } },
        { step: to("unmask", FIXED), seen: { fixed: fixed("active", "static") } },
      ],
    },
    {
      name: "a unit that does not exist can be masked, and nothing else",
      steps: [
        {
          step: run("systemctl", "start", "--", MISSING),
          fails: { code: 5, stderr: `Failed to start ${MISSING}: Unit ${MISSING} not found.`, advice: NO_UNIT },
        },
        {
          step: run("systemctl", "stop", "--", MISSING),
          fails: { code: 5, stderr: `Failed to stop ${MISSING}: Unit ${MISSING} not loaded.` },
        },
        {
          step: run("systemctl", "enable", "--", MISSING),
          fails: { code: 1, stderr: `Failed to enable unit: Unit file ${MISSING} does not exist.`, advice: NO_UNIT },
        },
        { step: run("systemctl", "mask", "--", MISSING), seen: { missing: missing(true, "masked") } },
        { step: run("systemctl", "unmask", "--", MISSING), seen: { missing: missing(false, "") } },
      ],
    },
  ],
};

/** The step that the kind takes. */
function to(transition: Transition, id: string) {
  return transitionStep(transition, { id, names: [id], exists: true, activeState: "", subState: "", fileState: "" });
}

function sample(activeState: string, fileState: string): Unit {
  const names = [SAMPLE];
  return {
    id: SAMPLE,
    names,
    exists: true,
    activeState,
    subState: activeState === "active" ? "running" : "dead",
    fileState,
  };
}

function fixed(activeState: string, fileState: string): Unit {
  return { ...sample(activeState, fileState), id: FIXED, names: [FIXED] };
}

function missing(exists: boolean, fileState: string): Unit {
  return { id: MISSING, names: [MISSING], exists, activeState: "inactive", subState: "dead", fileState };
}
