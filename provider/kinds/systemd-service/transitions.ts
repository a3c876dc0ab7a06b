import { UserError } from "../../errors";
import type { Step } from "../../step";
import type { Unit } from "./facts";
import type { BootState } from "./schema";

/** One command of systemctl. */
export type Transition = "unmask" | "unmask --runtime" | "stop" | "enable" | "disable" | "mask" | "start";

interface State {
  readonly running: boolean;
  readonly enabled: string;
}

/** The commands from one state to another, in the order that works: a masked unit can be neither started nor enabled. */
export function transitionsTo(
  from: State,
  to: { readonly running: boolean; readonly enabled: BootState },
): readonly Transition[] {
  const masked = from.enabled.startsWith("masked");
  const start = !from.running && to.running;
  const unmask = masked && (to.enabled !== "masked" || from.enabled === "masked-runtime" || start);
  const setsBoot =
    unmask || (from.enabled !== to.enabled && !(to.enabled === "disabled" && isNotEnabled(from.enabled)));
  const boot = { enabled: "enable", disabled: "disable", masked: "mask" } as const;
  // A unit that was running and masked is started before it is masked again.
  const last: readonly Transition[] = to.enabled === "masked" ? ["start", boot.masked] : [boot[to.enabled], "start"];
  return [
    ...(unmask ? [from.enabled === "masked" ? ("unmask" as const) : ("unmask --runtime" as const)] : []),
    ...(from.running && !to.running ? (["stop"] as const) : []),
    ...last.filter((transition) => (transition === "start" ? start : setsBoot)),
  ];
}

export function transitionStep(transition: Transition, unit: Unit): Step {
  if (!unit.exists && transition !== "mask") {
    throw new UserError(
      `this host has no unit ${unit.id}: install its package first, with a Package, and let this service depend on it`,
    );
  }
  if (transition === "enable" && CANNOT.includes(unit.fileState)) {
    throw new UserError(
      `enabled: ${unit.id} is ${unit.fileState}: it has no [Install] section, so it cannot be enabled; another unit starts it when ` +
        'needed. Set enabled: "disabled", which does not change that',
    );
  }
  if (transition === "start") return { command: { sh: START, args: [unit.id], patience: 60 } };
  if (transition === "unmask --runtime")
    return { command: { run: ["systemctl", "unmask", "--runtime", "--", unit.id] } };
  // A stop may take long: systemd waits 90 s before it kills a service.
  return { command: { run: ["systemctl", transition, "--", unit.id], patience: transition === "stop" ? 60 : 0 } };
}

/** Whether no boot starts a unit in this state by itself. */
function isNotEnabled(enabled: string): boolean {
  return enabled !== "enabled" && enabled !== "alias";
}

const CANNOT = ["static", "indirect", "transient"];

// The service's own messages are in its status.
const START = `systemctl start -- "$1" && exit
rc=$?
systemctl --no-pager --full --lines=10 status -- "$1" >&2
exit $rc`;
