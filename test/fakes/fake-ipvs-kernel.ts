import type { LoaderFacts } from "../../provider/dialects/ipvs/loader";
import { parseIpvsState } from "../../provider/kinds/ipvs-settings/facts";
import type { SettingsSeen } from "../../provider/kinds/ipvs-settings/render";
import { parseDaemons } from "../../provider/kinds/sync-daemon/facts";
import { describeStep, type Step } from "../../provider/step";
import { FakeKernel } from "./fake-kernel";

/** A kernel with IPVS as a module, on a Debian: what is global to it, and what is loaded at boot. */
export class FakeIpvsKernel extends FakeKernel {
  loaded = false;
  bits = 12;
  readonly timeouts = [900, 120, 300];
  readonly daemons = new Map<string, string>();
  readonly mtus: Readonly<Record<string, number>> = { eth0: 1500, eth1: 9000 };

  constructor() {
    super();
    this.files
      .set("/etc/default/ipvsadm", 'AUTO="false"\n')
      .set("/etc/ipvsadm.rules", "# empty rules file for ipvsadm\n");
  }

  /** Reads the options of the module, and makes its settings. */
  load(): void {
    if (this.loaded) return;
    this.loaded = true;
    const [, bits = "12"] = /conn_tab_bits=(\d+)/.exec([...this.files.values()].join("\n")) ?? [];
    this.bits = Number(bits);
    for (const [name, value] of Object.entries(VS)) this.sysctls.set(`net.ipv4.vs.${name}`, value);
  }

  settings(): SettingsSeen {
    const timeout = `Timeout (tcp tcpfin udp): ${this.timeouts.join(" ")}\n`;
    return {
      ...super.seen(),
      ...this.rules(),
      values: new Map([...this.sysctls].filter(([key]) => key.startsWith("net.ipv4.vs."))),
      state: parseIpvsState(this.loaded ? `bits ${this.bits}\n${timeout}` : ""),
      options: this.files.get("/etc/modprobe.d/zz-pulumi-lvs-ip_vs.conf"),
      load: this.files.get("/etc/modules-load.d/pulumi-lvs-settings.conf"),
      before: this.files.get("/var/lib/pulumi-lvs/before"),
    };
  }

  daemonSeen() {
    const mtus = Object.entries(this.mtus).map(([device, mtu]) => `mtu ${device} ${mtu}`);
    const lines = [...this.daemons].map(([state, words]) => `${state} sync daemon (${words})`);
    return { ...this.rules(), daemons: parseDaemons([...mtus, ...lines, ""].join("\n")) };
  }

  rules(): LoaderFacts {
    const loader = {
      seen: [],
      installed: true,
      initScript: true,
      defaults: true,
      links: "enabled",
      unit: false,
    } as const;
    return {
      loader: { ...loader, wanted: false },
      debianRules: this.files.get("/etc/ipvsadm.rules"),
      debianDefaults: this.files.get("/etc/default/ipvsadm"),
      rhelRules: undefined,
      rulesRecord: this.files.get("/etc/modules-load.d/pulumi-lvs.conf"),
    };
  }

  take(steps: readonly Step[]): string[] {
    this.run(steps, (words) => this.#command(words));
    return steps.map(describeStep);
  }

  override state(): unknown {
    return { ...(super.state() as object), timeouts: [...this.timeouts], daemons: [...this.daemons] };
  }

  #command([program = "", ...words]: readonly string[]): void {
    if (program === "modprobe") this.load();
    else if (program === "ipvsadm") this.#ipvsadm(words);
    else if (!program.startsWith("rmdir ")) throw new Error(`the fake does not know ${program} ${words.join(" ")}`);
  }

  #ipvsadm(words: readonly string[]): void {
    this.load();
    const [operation, state = ""] = words;
    const after = (option: string) => (words.includes(option) ? words[words.indexOf(option) + 1] : undefined);
    if (operation === "--set") {
      for (const [index, word] of words.slice(1).entries()) if (word !== "0") this.timeouts[index] = Number(word);
    } else if (operation === "--stop-daemon") {
      if (!this.daemons.delete(state)) throw new Error("No daemon is running");
    } else if (operation === "--start-daemon") {
      if (this.daemons.has(state)) throw new Error("Daemon has already run");
      const device = after("--mcast-interface") ?? "";
      const group = after("--mcast-group") ?? "224.0.0.81";
      const room =
        (state === "backup" ? Math.max(1500, this.mtus[device] ?? 0) : 1500) - (group.includes(":") ? 48 : 28);
      this.daemons.set(
        state,
        `mcast=${device}, syncid=${after("--syncid") ?? "0"}, maxlen=${after("--sync-maxlen") ?? room}, ` +
          `group=${group}, port=${after("--mcast-port") ?? "8848"}, ttl=${after("--mcast-ttl") ?? "1"}`,
      );
    } else throw new Error(`the fake does not know ipvsadm ${words.join(" ")}`);
  }
}

/** As Linux 6.1 has them. */
const VS: Readonly<Record<string, string>> = {
  am_droprate: "10",
  amemthresh: "1024",
  backup_only: "0",
  cache_bypass: "0",
  conn_reuse_mode: "1",
  conntrack: "0",
  drop_entry: "0",
  drop_packet: "0",
  expire_nodest_conn: "0",
  expire_quiescent_template: "0",
  ignore_tunneled: "0",
  nat_icmp_send: "0",
  pmtu_disc: "1",
  run_estimation: "1",
  schedule_icmp: "0",
  secure_tcp: "0",
  sloppy_sctp: "0",
  sloppy_tcp: "0",
  snat_reroute: "1",
  sync_persist_mode: "0",
  sync_ports: "1",
  sync_qlen_max: "1052",
  sync_refresh_period: "0",
  sync_retries: "0",
  sync_sock_size: "0",
  sync_threshold: "3 50",
  sync_version: "1",
};
