import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { file, type LabPlan, type PlannedHost } from "../plan.ts";
import { cardEnd } from "./wiring.ts";

export type GuestState = "running" | "frozen" | "off";

/** One host: a user-mode Linux that starts again when it reboots, as firmware would see to. */
export class Guest {
  readonly #lab: LabPlan;
  readonly #host: PlannedHost;
  readonly #console: string;
  readonly #onStop: () => void;
  #process: ChildProcess | undefined;
  #state: GuestState = "off";
  #startAgain = false;
  #boots = 0;

  constructor(lab: LabPlan, host: PlannedHost, folder: string, onStop: () => void) {
    this.#lab = lab;
    this.#onStop = onStop;
    this.#host = host;
    this.#console = join(folder, file.console(host.name));
    this.powerOn();
  }

  get status(): { readonly state: GuestState; readonly boots: number } {
    return { state: this.#state, boots: this.#boots };
  }

  powerOn(): void {
    if (this.#process !== undefined) return;
    const from = consoleSize(this.#console);
    const output = openSync(this.#console, "a");
    const { kernel, preload } = this.#host;
    const guest = spawn(
      "taskset",
      ["-c", String(this.#host.processor), "env", ...kernel.words, ...this.#kernelArguments()],
      {
        stdio: ["ignore", output, output],
        cwd: kernel.folder,
        // The guest's memory is a file below TMPDIR.
        env: {
          ...process.env,
          TMPDIR: memory,
          ...(preload !== undefined && { LD_PRELOAD: preload }),
        },
      },
    );
    closeSync(output);
    this.#process = guest;
    this.#startAgain = false;
    this.#state = "running";
    this.#boots += 1;
    guest.once("error", (error) => console.error(`${this.#host.name}: ${error.message}`));
    guest.once("close", () => this.#stopped(from));
  }

  /** The plug is pulled: nothing is written or said any more. */
  powerOff(): void {
    this.#startAgain = false;
    this.#kill();
  }

  powerCut(): void {
    this.#startAgain = true;
    if (this.#process === undefined) this.powerOn();
    else this.#kill();
  }

  freeze(): void {
    if (this.#signal("SIGSTOP")) this.#state = "frozen";
  }

  thaw(): void {
    if (this.#signal("SIGCONT")) this.#state = "running";
  }

  #stopped(from: number): void {
    this.#process = undefined;
    this.#state = "off";
    this.#onStop();
    // The kernel runs with "noreboot": it ends where it would reboot, because it cannot open its own cards twice.
    const rebooting = consoleText(this.#console, from).includes("reboot: Restarting system");
    if (this.#startAgain || rebooting) this.powerOn();
  }

  #kill(): void {
    const pid = this.#process?.pid;
    if (pid === undefined) return;
    // The guest made itself the leader of a process group: its programs are processes here.
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      process.kill(pid, "SIGKILL");
    }
  }

  #signal(signal: NodeJS.Signals): boolean {
    return this.#process?.kill(signal) ?? false;
  }

  #kernelArguments(): string[] {
    const { name, plan } = this.#host;
    // A pid file of the last run would keep the kernel from taking its name again.
    rmSync(join(memory, name), { recursive: true, force: true });
    const cards = plan.nics.map(
      // gro=1: without it, frames that a sender left for the card to cut up are dropped. depth=16: small buffers.
      (nic, index) => `vec${index}:transport=raw,ifname=${cardEnd(name, nic)},mac=${nic.mac},gro=1,depth=16`,
    );
    return [
      "mem=160M",
      `umid=${name}`,
      `uml_dir=${memory}/`,
      "noreboot",
      // Programs are stopped at a system call by seccomp, not by ptrace: twice as quick, where the kernel (since 6.16) and this machine can.
      "seccomp=auto",
      `ubd0=${memory}/${name}.cow,${this.#host.image}`,
      `ubd1r=${memory}/${name}.seed`,
      "root=/dev/ubda",
      "rw",
      "init=/usr/lib/lab/init",
      "net.ifnames=0",
      "con0=null,fd:1",
      "con=null",
      "ssl=null",
      "systemd.show_status=0",
      "quiet",
      // How long a loop takes. Nothing here waits by it, and to find that out takes a tenth of a boot's processor time.
      "lpj=14000000",
      // The kernel would try for a second how fast it can do RAID 6.
      "initcall_blacklist=raid6_select_algo,raid6_init",
      // No security modules: SELinux without a policy says no to some things.
      "lsm=",
      ...cards,
    ];
  }
}

/** The lab's own tmpfs: what guests write is gone with the lab. */
export const memory = "/dev/shm";

const consoleSize = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

function consoleText(path: string, from: number): string {
  const text = Buffer.alloc(Math.max(0, consoleSize(path) - from));
  const handle = openSync(path, "r");
  readSync(handle, text, 0, text.length, from);
  closeSync(handle);
  return text.toString("latin1");
}
