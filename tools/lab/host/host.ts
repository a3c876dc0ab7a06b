import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { HostName, Nic } from "../hosts.ts";
import type { Release } from "../image/releases.ts";
import { file, type PlannedHost } from "../plan.ts";
import { capture, type Frame } from "./capture.ts";
import { ask, type HostStatus, type Request } from "./control.ts";
import { keyFingerprint } from "./login.ts";
import type { Cut } from "./relay.ts";
import { type Output, Shell, type ShellOptions } from "./shell.ts";
import { readSnapshot, type Snapshot, snapshotScript } from "./snapshot.ts";

/** What a user of the provider would write down to reach the host. */
export interface LabConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly privateKey: string;
  readonly hostKey: string;
}

export interface WaitOptions {
  /** Wait until the host is back and has finished booting, which is usual. */
  readonly wait?: boolean;
}

/** One host of a running lab. */
export class LabHost {
  readonly name: HostName;
  readonly release: Release;
  readonly connection: LabConnection;
  /** By card: { eth0: "192.168.4.2", ... }. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly #plan: PlannedHost;
  readonly #folder: string;
  protected readonly shell: Shell;

  constructor(plan: PlannedHost, folder: string) {
    this.name = plan.name;
    this.release = plan.release;
    this.#plan = plan;
    this.#folder = folder;
    this.shell = new Shell(plan.name, folder);
    this.addresses = Object.fromEntries(plan.plan.nics.map((nic) => [nic.name, nic.address]));
    this.connection = {
      host: "127.0.0.1",
      port: plan.port,
      user: "root",
      privateKey: readFileSync(join(folder, file.clientKey), "utf8"),
      hostKey: plan.hostKey,
    };
  }

  /** Run a script as root. The way there is the lab's own: it is not cut by cut(), and counts as no login. */
  sh(script: string, options?: ShellOptions): Promise<Output> {
    return this.shell.run(script, options);
  }

  /** The script's output without the line end. */
  async text(script: string, options?: ShellOptions): Promise<string> {
    return (await this.sh(script, options)).stdout.trimEnd();
  }

  mac(nic: string): string {
    return this.#card(nic).mac;
  }

  /** Frames that the card has received or sent since the boot, of any kind. */
  async packets(nic: string, direction: "rx" | "tx"): Promise<number> {
    return Number(await this.text(`cat /sys/class/net/${this.#card(nic).name}/statistics/${direction}_packets`));
  }

  /** The frames that pass the card while something happens: { nic: "eth0", filter: "tcp port 80" }. */
  capture(
    what: { readonly nic: string; readonly filter: string },
    during: () => Promise<unknown>,
  ): Promise<readonly Frame[]> {
    return capture(this.shell, what, during);
  }

  /** To compare with another: all that the provider could have changed, once the kernel has settled its IPv6 addresses. */
  async snapshot(): Promise<Snapshot> {
    return readSnapshot(await this.text(snapshotScript));
  }

  /** Logins with the key of connection since the host was made, by sshd's own log. Kept over reboots. */
  async sshLogins(): Promise<number> {
    const fingerprint = keyFingerprint(this.connection.privateKey);
    const { stdout } = await this.sh(`grep -cF 'ED25519 ${fingerprint}' /var/log/sshd.log || true`);
    return Number(stdout);
  }

  /** Answers SSH and has finished booting. */
  async waitReady(timeout = 120_000): Promise<void> {
    await this.waitSsh(timeout);
    const { stdout, stderr } = await this.sh("systemctl is-system-running --wait", { timeout, check: false });
    const state = stdout.trim();
    if (state === "running") {
      // systemd does not wait for what NetworkManager brings up at boot.
      if (this.#plan.plan.flavour === "networkmanager")
        await this.sh("nm-online --wait-for-startup --quiet --timeout=60");
      return;
    }
    const failed = await this.text("systemctl --failed --no-legend --plain");
    throw new Error(`${this.name}: the boot ended as "${state}" ${stderr}\n${failed}`);
  }

  async waitSsh(timeout = 120_000): Promise<void> {
    const deadline = performance.now() + timeout;
    for (;;) {
      try {
        await this.sh("true", { timeout: 15_000 });
        return;
      } catch (error) {
        if (performance.now() > deadline) {
          throw new Error(`${this.name} did not answer in ${timeout} ms. Its console:\n${this.#console()}`, {
            cause: error,
          });
        }
        const { state } = await this.status();
        if (state === "off") throw new Error(`${this.name} is off. Its console:\n${this.#console()}`);
      }
      await sleep(200);
    }
  }

  /** As an operator would: systemctl reboot. */
  async reboot({ wait = true }: WaitOptions = {}): Promise<void> {
    const { boots } = await this.status();
    // The connection may be gone before the answer.
    await this.sh("systemctl reboot", { check: false }).catch(() => undefined);
    // A service that does not stop has 90 s, and a mount whose server reboots as well waits for it.
    await this.#booted(boots + 1, 240_000);
    if (wait) await this.waitReady();
  }

  /** The plug is pulled and put back. */
  async powerCut({ wait = true }: WaitOptions = {}): Promise<void> {
    const { boots } = await this.status();
    await this.#order({ do: "powerCut", host: this.name });
    await this.#booted(boots + 1, 10_000);
    if (wait) await this.waitReady();
  }

  async powerOff(): Promise<void> {
    await this.#order({ do: "powerOff", host: this.name });
    const deadline = performance.now() + 30_000;
    while ((await this.status()).state !== "off") {
      if (performance.now() > deadline) throw new Error(`${this.name} was not off after 30 s`);
      await sleep(50);
    }
  }

  async powerOn({ wait = true }: WaitOptions = {}): Promise<void> {
    await this.#order({ do: "powerOn", host: this.name });
    if (wait) await this.waitReady();
  }

  /** The host stops in the middle of what it does, and says nothing. */
  async freeze(): Promise<void> {
    await this.#order({ do: "freeze", host: this.name });
  }

  async thaw(): Promise<void> {
    await this.#order({ do: "thaw", host: this.name });
  }

  /** A network is lost behind the card, silently: the host sees its link as before. */
  async unplug(nic: string): Promise<void> {
    await this.#order({ do: "unplug", host: this.name, nic: this.#card(nic).name });
  }

  async plugIn(nic: string): Promise<void> {
    await this.#order({ do: "plugIn", host: this.name, nic: this.#card(nic).name });
  }

  /** Nothing comes through the path of connection: no answer ("silence"), or a reset. The host itself is well. */
  async cut(how: Cut = "silence"): Promise<void> {
    await this.#order({ do: "cut", host: this.name, how });
  }

  async mend(): Promise<void> {
    await this.#order({ do: "mend", host: this.name });
  }

  async status(): Promise<HostStatus> {
    return this.#order({ do: "status" });
  }

  /** Let go of the connection to the guest. */
  close(): void {
    this.shell.close();
  }

  #card(nic: string): Nic {
    const found = this.#plan.plan.nics.find(({ name }) => name === nic);
    if (found === undefined) throw new Error(`${this.name} has no card ${nic}`);
    return found;
  }

  #console(): string {
    return readFileSync(join(this.#folder, file.console(this.name)), "utf8").slice(-2000);
  }

  async #order(request: Request): Promise<HostStatus> {
    const status = (await ask(this.#folder, request))[this.name];
    if (status === undefined) throw new Error(`The lab has no host ${this.name}`);
    return status;
  }

  async #booted(boots: number, timeout: number): Promise<void> {
    const deadline = performance.now() + timeout;
    while ((await this.status()).boots < boots) {
      if (performance.now() > deadline) throw new Error(`${this.name} did not go down in ${timeout} ms`);
      await sleep(50);
    }
    this.shell.close();
  }
}
