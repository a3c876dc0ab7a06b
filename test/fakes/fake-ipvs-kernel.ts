import { startOrder } from "../../provider/facts/network/start-order";
import { daemonRoles, ipvsState } from "../../provider/kinds/ipvs-settings/facts";
import { OPTIONS } from "../../provider/kinds/ipvs-settings/module-files";
import { syncDaemons } from "../../provider/kinds/sync-daemon/facts";
import { type Command, describeCommand } from "../../provider/step";
import { CommandFailure, shellOf } from "./fake-host";
import { FakeKernel } from "./fake-kernel";
import { FakeLoader, type LoaderLayout } from "./fake-loader";

/** A kernel with IPVS as a module, on a Debian unless told: its timeouts, settings and sync daemons, and what is loaded at boot. */
export class FakeIpvsKernel extends FakeKernel {
  loaded = false;
  /** The size of the connection table, as the module was loaded. */
  bits = 12;
  processors = "0";
  /** What the fact about ifupdown2 prints. */
  order = "";
  readonly timeouts = [900, 120, 300];
  readonly daemons = new Map<string, string>();
  readonly mtus: Readonly<Record<string, number>> = { lo: 65536, eth0: 1500, eth1: 9000 };
  readonly #loader: FakeLoader;

  constructor(layout: LoaderLayout = "debian") {
    super();
    this.#loader = new FakeLoader(layout, this.files);
  }

  /** Reads the options of the module, and makes its settings. */
  load(): void {
    if (this.loaded) return;
    this.loaded = true;
    const [, bits = "12"] = /conn_tab_bits=(\d+)/.exec(this.files.get(OPTIONS) ?? "") ?? [];
    this.bits = Number(bits);
    for (const [name, value] of Object.entries(VS)) this.sysctls.set(`net.ipv4.vs.${name}`, value);
  }

  override answer(command: Command): string | undefined {
    if (shellOf(command) === shellOf(ipvsState.command)) return this.#printState();
    if (shellOf(command) === shellOf(syncDaemons.command)) return this.#printDaemons();
    if (shellOf(command) === shellOf(daemonRoles.command)) return this.loaded ? this.#printRunning() : "";
    if (shellOf(command) === shellOf(startOrder.command)) return this.order;
    return super.answer(command) ?? this.#loader.answer(command);
  }

  override execute(command: Command): void {
    const [program = "", ...words] = "run" in command ? command.run : [];
    if (program === "modprobe") this.load();
    else if (program === "ipvsadm") this.#ipvsadm(words);
    else if (!this.#loader.execute(command) && !shellOf(command).startsWith("rmdir ")) super.execute(command);
  }

  override state(): unknown {
    return { ...(super.state() as object), timeouts: [...this.timeouts], daemons: [...this.daemons] };
  }

  protected override accepts(key: string, value: string): boolean {
    const [first = 0, second = 0] = value.split(" ").map(Number);
    if (key === "net.ipv4.vs.sync_ports") return first > 0 && (first & (first - 1)) === 0;
    if (key === "net.ipv4.vs.sync_threshold") return second === 0 || first < second;
    if (key === "net.ipv4.vs.est_cpulist") return true;
    return super.accepts(key, value);
  }

  #printState(): string {
    const words = `bits ${this.bits}\ncpus ${this.processors}\n`;
    return this.loaded ? `${words}Timeout (tcp tcpfin udp): ${this.timeouts.join(" ")}\n` : "";
  }

  #printDaemons(): string {
    if (!this.loaded) return "";
    const mtus = Object.entries(this.mtus).map(([device, mtu]) => `mtu ${device} ${mtu}\n`);
    return [...mtus, this.#printRunning()].join("");
  }

  #printRunning(): string {
    return [...this.daemons].map(([role, words]) => `${role} sync daemon (${words})\n`).join("");
  }

  #ipvsadm(words: readonly string[]): void {
    this.load();
    const [operation, role = ""] = words;
    if (operation === "--set") {
      for (const [index, word] of words.slice(1).entries()) if (word !== "0") this.timeouts[index] = Number(word);
    } else if (operation === "--stop-daemon") {
      if (!this.daemons.delete(role)) throw new CommandFailure(255, "No daemon is running");
    } else if (operation === "--start-daemon") this.#startDaemon(role, words);
    else throw new Error(`the fake does not know ${describeCommand({ run: ["ipvsadm", ...words] })}`);
  }

  #startDaemon(role: string, words: readonly string[]): void {
    const after = (option: string) => (words.includes(option) ? words[words.indexOf(option) + 1] : undefined);
    if (this.daemons.has(role)) throw new CommandFailure(255, "Daemon has already run");
    const device = after("--mcast-interface") ?? "";
    const mtu = this.mtus[device];
    if (mtu === undefined) throw new CommandFailure(255, "No such device");
    const group = after("--mcast-group") ?? "224.0.0.81";
    const room = (role === "backup" ? Math.max(1500, mtu) : 1500) - (group.includes(":") ? 48 : 28);
    const length = Number(after("--sync-maxlen") ?? room);
    this.daemons.set(
      role,
      `mcast=${device}, syncid=${after("--syncid") ?? "0"}, maxlen=${role === "backup" ? Math.max(1024, length) : length}, ` +
        `group=${group}, port=${after("--mcast-port") ?? "8848"}, ttl=${after("--mcast-ttl") ?? "1"}`,
    );
  }
}

/** As Linux 6.1 has them, but for `sync_qlen_max`, which follows the memory of the machine. */
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
