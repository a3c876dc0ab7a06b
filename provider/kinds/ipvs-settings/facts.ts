import type { Fact } from "../../facts/fact";
import { ipvsAdvice } from "../../facts/ipvs/table";
import { parseSysctlValues, type SysctlValues, sysctlValues } from "../../facts/sysctl/values";
import type { TimeoutName, Timeouts } from "./schema";

/** The settings of the kernel's IPVS that are no sysctls. */
export interface IpvsState {
  readonly loaded: boolean;
  readonly timeouts: Timeouts;
  /** The option with which the module was loaded. */
  readonly connTabBits?: number;
  /** The processors that the host can have, as a list. */
  readonly processors?: string;
}

/** If IPVS is not loaded, ipvsadm is not called, because it would load the module. */
export const ipvsState: Fact<IpvsState> = {
  command: {
    inShell: true,
    sh: `if [ -e /proc/net/ip_vs ]; then
  { read -r bits </sys/module/ip_vs/parameters/conn_tab_bits && echo "bits $bits"; } 2>/dev/null
  { read -r cpus </sys/devices/system/cpu/possible && echo "cpus $cpus"; } 2>/dev/null
  ipvsadm -Ln --timeout
fi`,
  },
  parse: parseIpvsState,
  advice: ipvsAdvice,
};

/** The sync daemons that run: `master`, `backup`. */
export const daemonRoles: Fact<readonly string[]> = {
  command: { sh: "[ ! -e /proc/net/ip_vs ] || ipvsadm -Ln --daemon", inShell: true },
  parse: (output) => [...output.matchAll(/^(master|backup) sync daemon /gm)].map(([, role = ""]) => role),
  advice: ipvsAdvice,
};

export function parseIpvsState(output: string): IpvsState {
  if (output === "") return { loaded: false, timeouts: {} };
  const [, tcp, tcpFin, udp] = /^Timeout \(tcp tcpfin udp\): (\d+) (\d+) (\d+)$/m.exec(output) ?? [];
  if (udp === undefined) throw new Error(`cannot read "${output.trim()}" as timeouts, from ipvsadm -L --timeout`);
  const [, bits] = /^bits (\d+)$/m.exec(output) ?? [];
  const [, processors] = /^cpus (\S+)$/m.exec(output) ?? [];
  const timeouts: Record<TimeoutName, number> = { tcp: Number(tcp), tcpFin: Number(tcpFin), udp: Number(udp) };
  return {
    loaded: true,
    timeouts,
    ...(bits !== undefined && { connTabBits: Number(bits) }),
    ...(processors !== undefined && { processors }),
  };
}

/** The kernel prints a tab between two numbers of one setting; we write a space. */
export const vsValues: Fact<SysctlValues> = {
  ...sysctlValues("net.ipv4.vs.*"),
  parse: (output) =>
    new Map([...parseSysctlValues(output)].map(([key, value]) => [key, value.replaceAll(/\s+/g, " ")])),
};
