import { drKernelTuning } from "../../../provider/kinds/kernel-tuning/dr";
import type { Tuning } from "../../../provider/model/sysctl/setting";
import type { FakeNetworkHost } from "../../fakes/fake-network-host";

export const LEDGER = "/etc/sysctl.d/99-zz-pulumi-lvs.conf";
export const ALL_IGNORE = "net.ipv4.conf.all.arp_ignore";

export function want(input: object = {}): Tuning {
  return drKernelTuning.schema.parse(input);
}

/** One pass of a reconcile: what is done to the host, in words. */
export function bring(host: FakeNetworkHost, desired: Tuning | undefined, subject = desired): string[] {
  return host.pass(drKernelTuning, desired, subject);
}

/** Somebody edits the file that we share. */
export function edit(host: FakeNetworkHost, from: string, to: string): void {
  // The whole line: its note says the same.
  host.files.set(LEDGER, (host.files.get(LEDGER) ?? "").replace(`\n${from}\n`, `\n${to}\n`));
}

export const commands = (steps: readonly string[]) => steps.filter((step) => !step.startsWith("edit "));
