import type { LabHost } from "./host.ts";
import type { Snapshot } from "./snapshot.ts";

/** The host as it is once IPv6 has settled: after a boot the kernel looks for duplicates for a while. */
export async function settled(host: LabHost): Promise<Snapshot> {
  await host.sh("for i in $(seq 50); do ip -6 addr show tentative | grep -q . || break; sleep 0.2; done");
  return host.snapshot();
}
