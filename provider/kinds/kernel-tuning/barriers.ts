import { ledgerEntries } from "../../dialects/sysctl/ledger";
import { overruling, refuseOverruled } from "../../dialects/sysctl/overruling";
import type { SysctlSeen } from "../../dialects/sysctl/restore";
import { writeValues } from "../../dialects/sysctl/write";
import { UserError } from "../../errors";
import { interfaceKey, type Tuning } from "../../model/sysctl/setting";
import type { Step } from "../../step";

const FORWARD = "net.ipv4.ip_forward";

/**
 * The kernel asks the NIC on which a packet arrives whether it forwards. `ip_forward` sets this for every NIC, and anybody may take it back for
 * one: then `ip_forward` is 1, and the replies of the real servers behind that NIC are dropped. So it counts as 0.
 */
export function withBarriers(have: Tuning, { devices }: Pick<Tuning, "devices">, seen: SysctlSeen): Tuning {
  const isClosed = closed(devices, seen).length > 0;
  const boot = have.boot && devices.every((device) => overruling(seen, keyOf(device), "1") === undefined);
  return { ...have, ...(isClosed && { settings: { ...have.settings, [FORWARD]: 0 } }), boot };
}

/** Where the host forwarded before us, its NICs are its own choice. Where we made it forward, a destroy sets them back with `ip_forward`. */
export function liftBarriers({ devices, boot }: Tuning, seen: SysctlSeen): readonly Step[] {
  if (boot) for (const device of devices) refuseOverruled(seen, keyOf(device), "1");
  const keys = closed(devices, seen);
  const [key] = keys;
  if (key === undefined) return [];
  if (ledgerEntries(seen.files).find((entry) => entry.key === FORWARD)?.original === "0") {
    return writeValues(keys.map((one) => [one, "1"] as const));
  }
  throw new UserError(
    `${FORWARD} is 1 on this host, and ${key} is 0: what arrives there is not forwarded, so the replies of the real servers would be lost. ` +
      `Set ${key} to 1, live and at boot, and run again`,
  );
}

/** NICs that do not forward although the host does. */
function closed(devices: readonly string[], { values }: SysctlSeen): readonly string[] {
  return values.get(FORWARD) === "1" ? devices.map(keyOf).filter((key) => values.get(key) === "0") : [];
}

function keyOf(device: string): string {
  return interfaceKey(device, "forwarding");
}
