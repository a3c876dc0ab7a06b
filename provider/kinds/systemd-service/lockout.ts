import { UserError } from "../../errors";
import { MANAGER_OF_UNIT } from "../../facts/network/manager-units";
import { type SshPath } from "../../facts/network/ssh-path";
import { ownValue } from "../../model/own-value";
import type { Problem } from "../kind";
import type { Unit } from "./facts";
import type { WantedService } from "./schema";
import type { Transition } from "./transitions";

/** The problem of a program that turns sshd off. */
export function lockoutProblem({ name, running, enabled, allowCuttingOff }: WantedService): Problem | undefined {
  if (allowCuttingOff || !isSshd(name) || (running && enabled === "enabled")) return undefined;
  const reason = `would cut off our SSH access to the host: ${UNLESS}`;
  return { property: running ? "enabled" : "running", reason };
}

/** Throws for a transition that would end our SSH access to the host, now or at the next boot. */
export function refuseCuttingOff(transition: Transition, { id }: Unit, path: SshPath | undefined): void {
  if (transition !== "stop" && transition !== "disable" && transition !== "mask") return;
  const command = `"systemctl ${transition} ${id}"`;
  if (isSshd(id)) throw new UserError(`${command} would cut off our SSH access to this host: ${UNLESS}`);
  const manager = ownValue(MANAGER_OF_UNIT, id);
  if (manager === undefined) return;
  if (path?.device === undefined) {
    throw new UserError(
      `${command} may cut off our SSH access to this host: the network interface of our session is unknown. ${UNLESS_SAFE}`,
    );
  }
  if (!path.managedBy.includes(manager)) return;
  throw new UserError(
    `${command} may cut off our SSH access to this host: ${manager} manages ${path.device}, which has ` +
      `${path.address ?? "the address"} that our session uses. ${UNLESS_SAFE}`,
  );
}

const UNLESS_SAFE = "Set allowCuttingOff: true if it does not, or if you have another way in";
const UNLESS = "set allowCuttingOff: true if you have another way in, such as a console";

/** sshd under each of its names. */
function isSshd(name: string): boolean {
  return /^sshd?(?:@.*)?\.(?:service|socket)$/.test(name);
}
