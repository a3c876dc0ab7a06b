import type { Fact } from "../../facts/fact";
import { ipvsAdvice } from "../../facts/ipvs/table";
import { parseSysctlValues, type SysctlValues, sysctlValues } from "../../facts/sysctl/values";
import type { TimeoutName, Timeouts } from "./schema";

/** What the kernel's IPVS goes by, beside its sysctls. */
export interface IpvsState {
  readonly loaded: boolean;
  readonly timeouts: Timeouts;
  /** What the module was loaded with. */
  readonly connTabBits?: number;
}

/** Where IPVS is not loaded ipvsadm is not started: it would load it, and a look changes nothing. */
export const ipvsState: Fact<IpvsState> = {
  command: {
    sh: `[ -e /proc/net/ip_vs ] || exit 0
{ read -r bits </sys/module/ip_vs/parameters/conn_tab_bits && echo "bits $bits"; } 2>/dev/null
ipvsadm -Ln --timeout`,
  },
  parse: parseIpvsState,
  advice: ipvsAdvice,
};

export function parseIpvsState(output: string): IpvsState {
  if (output === "") return { loaded: false, timeouts: {} };
  const [, tcp, tcpFin, udp] = /^Timeout \(tcp tcpfin udp\): (\d+) (\d+) (\d+)$/m.exec(output) ?? [];
  if (udp === undefined) throw new Error(`cannot read "${output.trim()}" as timeouts, from ipvsadm -L --timeout`);
  const [, bits] = /^bits (\d+)$/m.exec(output) ?? [];
  const timeouts: Record<TimeoutName, number> = { tcp: Number(tcp), tcpFin: Number(tcpFin), udp: Number(udp) };
  return { loaded: true, timeouts, ...(bits !== undefined && { connTabBits: Number(bits) }) };
}

/** The kernel puts a tab between two numbers of one setting; everybody else writes a blank. */
export const vsValues: Fact<SysctlValues> = {
  ...sysctlValues("net.ipv4.vs.*"),
  parse: (output) =>
    new Map([...parseSysctlValues(output)].map(([key, value]) => [key, value.replaceAll(/\s+/g, " ")])),
};
