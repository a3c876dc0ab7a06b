import { UserError } from "../../errors";
import { MANAGER_OF_UNIT } from "../../facts/network/manager-units";
import { type SshPath } from "../../facts/network/ssh-path";
import type { Unit } from "./facts";
import type { Transition } from "./transitions";

/** The service that lets us in, under each of its names. */
export function isSshd(name: string): boolean {
  return /^sshd?(?:@.*)?\.(?:service|socket)$/.test(name);
}

/** Throws where a change would take our own way into the host, now or at the next boot. */
export function refuseCuttingOff(move: Transition, { id }: Unit, way: SshPath | undefined): void {
  if (move !== "stop" && move !== "disable" && move !== "mask") return;
  const unless = "Set allowCuttingOff: true if you know another way in";
  if (isSshd(id)) throw new UserError(`"systemctl ${move} ${id}" would end our own way into the host. ${unless}`);
  const manager = MANAGER_OF_UNIT[id];
  if (manager === undefined) return;
  if (way?.device === undefined) {
    throw new UserError(
      `"systemctl ${move} ${id}" may end our own way into the host: which network interface our session uses cannot be told. ${unless}`,
    );
  }
  if (!way.managedBy.includes(manager)) return;
  throw new UserError(
    `"systemctl ${move} ${id}" may end our own way into the host: ${manager} keeps ${way.device}, which has ${way.address ?? "the address"} ` +
      `that our session uses. ${unless}`,
  );
}
