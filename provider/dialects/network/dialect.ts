import type { NetworkConfig } from "../../facts/network/managers";
import type { NetworkManagerName } from "../../model/network/manager-name";
import type { Vip } from "../../model/network/vip";
import type { Step } from "../../step";
import type { BootFile } from "./boot-file";
import type { Declaration } from "./declaration";

/** A network manager's way to bring addresses up at boot. A further manager is a further file with one of these. */
export interface NetworkDialect {
  readonly name: NetworkManagerName;
  /** The manager configures addresses at boot if all of these are present. */
  readonly detectedBy: readonly Indicator[];
  /** The unit that configures addresses at boot: it does not where it is masked. */
  readonly unit?: string;
  /** Further patterns of paths to look for: they show what the manager can do. */
  readonly probes?: readonly string[];
  /** Patterns of the configuration files that the functions below need. */
  readonly reads: readonly string[];
  /** Whether this manager has the interface. Several managers can share a host, each with interfaces of its own. */
  readonly manages: (device: string, config: NetworkConfig) => boolean;
  /** Lines of the host's own that bring the IP of this VIP up at boot, whatever their device, prefix and label. */
  readonly declares?: (vip: Vip, config: NetworkConfig) => readonly Declaration[];
  /** The files that bring this VIP up at boot. */
  readonly files: (vip: Vip, config: NetworkConfig) => readonly BootFile[];
  /** Steps that have to follow a write of those files. */
  readonly stepsAfterWrite?: (vip: Vip, config: NetworkConfig) => readonly Step[];
  /** Existing files that configure only this VIP, whatever their name or content; removed with it. */
  readonly filesFor: (vip: Vip, config: NetworkConfig) => readonly string[];
  /** Removes this VIP from files that hold other things too. */
  readonly removeFrom?: (vip: Vip, config: NetworkConfig) => readonly Step[];
  /** Files of ours for VIPs on this interface, when it has no VIP left. */
  readonly unusedFiles: (device: string, config: NetworkConfig) => readonly string[];
  /** Why our files would not bring the VIP up on this host, and what to do; undefined when they would. */
  readonly blockedBy: (vip: Vip, config: NetworkConfig) => string | undefined;
  /** Whether the address has its label after a boot. Without this function it has. */
  readonly keepsLabel?: (vip: Vip, config: NetworkConfig) => boolean;
}

/** Something whose presence shows that a manager configures addresses at boot. */
export interface Indicator {
  /** Patterns of paths, separated by blanks: one match is enough. */
  readonly path: string;
  /** What a match shows, for an error message. */
  readonly shows: string;
}
