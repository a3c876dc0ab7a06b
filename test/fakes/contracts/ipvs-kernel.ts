import type { Fact } from "../../../provider/facts/fact";
import type { SysctlValues } from "../../../provider/facts/sysctl/values";
import { type IpvsState, ipvsState, vsValues } from "../../../provider/kinds/ipvs-settings/facts";
import { OPTIONS, writeConnTabBits } from "../../../provider/kinds/ipvs-settings/module-files";
import { type Daemon, type Daemons, syncDaemons } from "../../../provider/kinds/sync-daemon/facts";
import { syncDaemon } from "../../../provider/kinds/sync-daemon/kind";
import { run } from "../../../provider/step";
import type { Contract } from "./contract";

interface IpvsKernelFacts {
  readonly state: IpvsState;
  readonly settings: SysctlValues;
  readonly daemons: Daemons;
}

const LOADED = "/proc/net/ip_vs";
const NOT_LOADED: IpvsState = { loaded: false, timeouts: {} };

/** What IPVS has beside its table: the module, timeouts, settings and sync daemons, as FakeIpvsKernel has them. */
export const ipvsKernel: Contract<IpvsKernelFacts> = {
  name: "FakeIpvsKernel",
  host: "director1",
  reset: `[ ! -e ${LOADED} ] || { ipvsadm --stop-daemon master; ipvsadm --stop-daemon backup; ipvsadm -C; }
modprobe -r $(lsmod | awk '/^ip_vs_/ {print $1}') ip_vs
rm -f ${OPTIONS}
ip link set eth1 mtu 9000`,
  facts: { state: ipvsState, settings: comparable(vsValues), daemons: syncDaemons },
  advice: syncDaemon.advice ?? [],
  scenarios: [
    {
      name: "the module brings its settings, timeouts and an empty table",
      steps: [
        { step: run("true"), seen: { state: NOT_LOADED, settings: new Map(), daemons: new Map() } },
        { step: run("modprobe", "ip_vs"), seen: { state: loaded(), settings: settings(), daemons: new Map() } },
        { step: run("modprobe", "ip_vs"), seen: { state: loaded() } },
      ],
    },
    {
      name: "the size of the connection table is read when the module is loaded, and stays",
      steps: [
        { step: writeConnTabBits(14), seen: { state: NOT_LOADED } },
        { step: run("modprobe", "ip_vs"), seen: { state: loaded({ connTabBits: 14 }) } },
        { step: writeConnTabBits(13), seen: { state: loaded({ connTabBits: 14 }) } },
      ],
    },
    {
      name: "timeouts load the module, and 0 leaves one as it is",
      steps: [
        {
          step: run("ipvsadm", "--set", "300", "0", "30"),
          seen: { state: loaded({ timeouts: { tcp: 300, tcpFin: 120, udp: 30 } }) },
        },
        {
          step: run("ipvsadm", "--set", "0", "60", "0"),
          seen: { state: loaded({ timeouts: { tcp: 300, tcpFin: 60, udp: 30 } }) },
        },
      ],
    },
    {
      name: "settings take what the kernel allows",
      steps: [
        { step: run("modprobe", "ip_vs") },
        {
          step: run("sysctl", "-w", "net/ipv4/vs/conntrack=1", "net/ipv4/vs/sync_threshold=2 20"),
          seen: { settings: settings({ conntrack: "1", sync_threshold: "2 20" }) },
        },
        {
          step: run("sysctl", "-w", "net/ipv4/vs/sync_threshold=50 3"),
          fails: { code: 1, stderr: 'sysctl: setting key "net.ipv4.vs.sync_threshold": Invalid argument' },
          seen: { settings: settings({ conntrack: "1", sync_threshold: "2 20" }) },
        },
        {
          step: run("sysctl", "-w", "net/ipv4/vs/sync_ports=3"),
          fails: { code: 1, stderr: 'sysctl: setting key "net.ipv4.vs.sync_ports": Invalid argument' },
        },
      ],
    },
    {
      name: "a setting of a module that is not loaded",
      steps: [
        {
          step: run("sysctl", "-w", "net/ipv4/vs/conntrack=1"),
          fails: { code: 1, stderr: "sysctl: cannot stat /proc/sys/net/ipv4/vs/conntrack: No such file or directory" },
        },
      ],
    },
    {
      name: "a master and a backup run side by side, each of them once",
      steps: [
        { step: start("master", "eth0"), seen: { daemons: daemons(daemon()) } },
        {
          step: start("master", "eth1"),
          fails: { code: 255, stderr: "Daemon has already run", advice: "Something else starts it: keepalived" },
          seen: { daemons: daemons(daemon()) },
        },
        {
          step: start("backup", "eth1", "--mcast-group", "ff02::81", "--mcast-port", "8849", "--mcast-ttl", "2"),
          seen: {
            daemons: daemons(
              daemon(),
              daemon({ role: "backup", device: "eth1", group: "ff02::81", port: 8849, ttl: 2 }),
            ),
          },
        },
        {
          step: run("ipvsadm", "--stop-daemon", "master"),
          seen: { daemons: daemons(daemon({ role: "backup", device: "eth1", group: "ff02::81", port: 8849, ttl: 2 })) },
        },
        {
          step: run("ipvsadm", "--stop-daemon", "master"),
          fails: { code: 255, stderr: "No daemon is running" },
        },
      ],
    },
    {
      name: "a backup's messages have the size of its device, and never less than 1024 bytes",
      steps: [
        { step: start("backup", "eth1"), seen: { daemons: daemons(daemon({ role: "backup", device: "eth1" })) } },
        { step: run("ipvsadm", "--stop-daemon", "backup") },
        {
          step: start("backup", "eth1", "--sync-maxlen", "500"),
          seen: { daemons: daemons(daemon({ role: "backup", device: "eth1", maxLength: 1024 })) },
        },
        {
          step: start("master", "eth0", "--sync-maxlen", "500"),
          seen: {
            daemons: daemons(daemon({ maxLength: 500 }), daemon({ role: "backup", device: "eth1", maxLength: 1024 })),
          },
        },
      ],
    },
    {
      name: "a daemon on a device that is not there",
      steps: [
        {
          step: start("master", "eth9"),
          fails: { code: 255, stderr: "No such device", advice: "The device is not there" },
          seen: { daemons: new Map() },
        },
      ],
    },
  ],
};

/** Without those that follow the memory of the machine, or how its kernel was built. */
function comparable(fact: Fact<SysctlValues>): Fact<SysctlValues> {
  const ignored = ["net.ipv4.vs.sync_qlen_max", "net.ipv4.vs.debug_level"];
  return {
    ...fact,
    parse: (output) => new Map([...fact.parse(output)].filter(([key]) => !ignored.includes(key))),
  };
}

function loaded(fields: Partial<IpvsState> = {}): IpvsState {
  return { loaded: true, timeouts: { tcp: 900, tcpFin: 120, udp: 300 }, connTabBits: 12, processors: "0", ...fields };
}

function settings(changed: Readonly<Record<string, string>> = {}): SysctlValues {
  const ones = ["conn_reuse_mode", "pmtu_disc", "run_estimation", "snat_reroute", "sync_ports", "sync_version"];
  const zeros = [
    "backup_only",
    "cache_bypass",
    "conntrack",
    "drop_entry",
    "drop_packet",
    "expire_nodest_conn",
    "expire_quiescent_template",
    "ignore_tunneled",
    "nat_icmp_send",
    "schedule_icmp",
    "secure_tcp",
    "sloppy_sctp",
    "sloppy_tcp",
    "sync_persist_mode",
    "sync_refresh_period",
    "sync_retries",
    "sync_sock_size",
  ];
  const values = {
    am_droprate: "10",
    amemthresh: "1024",
    sync_threshold: "3 50",
    ...Object.fromEntries(ones.map((name) => [name, "1"])),
    ...Object.fromEntries(zeros.map((name) => [name, "0"])),
    ...changed,
  };
  return new Map(Object.entries(values).map(([name, value]) => [`net.ipv4.vs.${name}`, value]));
}

function start(role: "master" | "backup", device: string, ...options: readonly string[]) {
  return run("ipvsadm", "--start-daemon", role, "--mcast-interface", device, "--syncid", "0", ...options);
}

function daemon(fields: Partial<Daemon> = {}): Daemon {
  return { role: "master", device: "eth0", syncId: 0, group: "224.0.0.81", port: 8848, ttl: 1, ...fields };
}

function daemons(...running: readonly Daemon[]): Daemons {
  return new Map(running.map((one) => [one.role, one]));
}
