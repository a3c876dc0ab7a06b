import { daemonState } from "../../../dialects/keepalived/keepalived";
import type { OriginalState } from "../../../facts/files/original-state";
import type { VirtualService } from "../../../model/ipvs/virtual-service";
import { fragmentName, renderFragment } from "./fragment";
import { type CheckedWant, type ChecksSeen, isChecked, keepalivedOf, ownFile } from "./seen";

/** Whether keepalived runs, also after a boot, and has read what it is to be told: as wanted, or as the kernel is where that differs. */
export function isCurrent(
  seen: ChecksSeen & { readonly record: OriginalState },
  want: CheckedWant,
  have: VirtualService,
): boolean {
  if (!isFileCurrent(seen, want, have)) return false;
  const { live, boot, loaded } = daemonState(fragmentName(want), keepalivedOf(seen));
  return live && boot && loaded;
}

function isFileCurrent(seen: ChecksSeen, want: CheckedWant, have: VirtualService): boolean {
  const text = ownFile(seen, want)?.text;
  if (text === undefined) return false;
  if (isLeaving(want)) return true;
  return [want, have].some((service) => isChecked(service) && text === renderFragment(service));
}

/** All of its servers have weight 0 on their way out. keepalived refuses such a service, and is told when they are gone. */
export function isLeaving({ realServers }: CheckedWant): boolean {
  return Object.values(realServers).every(({ weight }) => weight === 0);
}
