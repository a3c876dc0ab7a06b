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

/** From one state to another, in the only order that works: a masked unit neither starts nor is enabled. */
export function transitionsTo(
  from: State,
  to: { readonly running: boolean; readonly enabled: BootState },
): readonly Transition[] {
  const masked = from.enabled.startsWith("masked");
  const start = !from.running && to.running;
  const unmask = masked && (to.enabled !== "masked" || from.enabled === "masked-runtime" || start);
  const settle = unmask || (from.enabled !== to.enabled && !(to.enabled === "disabled" && isIdle(from.enabled)));
  const boot = { enabled: "enable", disabled: "disable", masked: "mask" } as const;
  // One that was masked while it ran is started first, when it is put back like that.
  const last: readonly Transition[] = to.enabled === "masked" ? ["start", boot.masked] : [boot[to.enabled], "start"];
  return [
    ...(unmask ? [from.enabled === "masked" ? ("unmask" as const) : ("unmask --runtime" as const)] : []),
    ...(from.running && !to.running ? (["stop"] as const) : []),
    ...last.filter((move) => (move === "start" ? start : settle)),
  ];
}

export function transitionStep(move: Transition, unit: Unit): Step {
  if (!unit.exists && move !== "mask") {
    throw new UserError(
      `this host has no unit ${unit.id}: install its package first, with a Package, and let this service depend on it`,
    );
  }
  if (move === "enable" && CANNOT.includes(unit.fileState)) {
    throw new UserError(
      `enabled: ${unit.id} is ${unit.fileState}: it has no [Install] section, so it cannot be enabled, and something else ` +
        'starts it where it is needed. Set enabled: "disabled", which leaves that as it is',
    );
  }
  if (move === "start") return { command: { sh: START, args: [unit.id], patience: 60 } };
  if (move === "unmask --runtime") return { command: { run: ["systemctl", "unmask", "--runtime", "--", unit.id] } };
  // Stopping takes as long as the service does: 90 s until systemd kills it.
  return { command: { run: ["systemctl", move, "--", unit.id], patience: move === "stop" ? 60 : 0 } };
}

/** Words of systemd for units that no boot starts by themselves. */
function isIdle(enabled: string): boolean {
  return enabled !== "enabled" && enabled !== "alias";
}

const CANNOT = ["static", "indirect", "transient"];

// What the service itself said stands in its status.
const START = `systemctl start -- "$1" && exit
rc=$?
systemctl --no-pager --full --lines=10 status -- "$1" >&2
exit $rc`;
