import type { Fact } from "../facts/fact";
import { FRAGMENTS } from "../facts/keepalived/paths";
import { RECORDS, SWEEP as SWEEP_FOLDER } from "../file-step";
import type { CommandStep } from "../step";
import type { Reconcilable, Target } from "./runtime-kind";

/**
 * Temporary files of writes that a power cut or a kill ended, in the folders that we write to: the next write in a folder removes them, and a
 * destroy that has nothing else to do.
 */
export function withSweep(object: Reconcilable, { desired }: Pick<Target, "desired">): Reconcilable {
  return {
    ...object,
    facts: [...object.facts, strays],
    assess: (values, phase, others) => {
      const one = object.assess(values, phase, others);
      if (values.get(strays).length === 0) return one;
      // Gone is what has left nothing.
      if (phase === "observe") return { ...one, hasLeftovers: () => true };
      if (desired !== undefined || one.draining !== undefined) return one;
      // A disk that takes nothing keeps them, which is no reason to fail.
      return { ...one, steps: () => [...one.steps(), sweep] };
    },
  };
}

const FOLDERS = [
  RECORDS,
  "/etc",
  "/etc/NetworkManager/system-connections",
  "/etc/default",
  "/etc/exports.d",
  "/etc/keepalived",
  FRAGMENTS,
  "/etc/modprobe.d",
  "/etc/modules-load.d",
  "/etc/netplan",
  "/etc/network",
  "/etc/network/interfaces.d",
  "/etc/sysconfig",
  "/etc/sysconfig/network-scripts",
  "/etc/sysctl.d",
  "/etc/systemd/network",
  "/etc/systemd/system",
];

// A look waits for a script of ours that runs, so none of them is being written.
const LOOK = `for folder; do
  for left in "$folder"/.pulumi-lvs.??????????; do [ ! -f "$left" ] || echo "$left"; done
done`;

/** Their paths. */
export const strays: Fact<readonly string[]> = {
  command: { sh: LOOK, args: FOLDERS, inShell: true },
  parse: parseStrays,
};

export function parseStrays(output: string): readonly string[] {
  return output.split("\n").filter((line) => line !== "");
}

const SWEEP = `records=$1
for dir; do ${SWEEP_FOLDER}; done
rmdir -- "$records" 2>/dev/null
:`;

/** All of them, once for a batch. */
export const sweep: CommandStep = { command: { sh: SWEEP, args: FOLDERS }, once: true };
