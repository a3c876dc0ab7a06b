import type { Kernels } from "../../tools/lab/image/uml.ts";
import { attachLab, type HostName, type Lab, type LabHosts, type Releases, startLab } from "../../tools/lab/index.ts";

/** The hosts of one test file. */
export interface HostsInUse extends LabHosts {
  /** Registers cleanup. It runs while the hosts still answer, the last registered first, after the file's own `afterAll`. */
  atEnd(work: () => unknown): void;
  /** Registers cleanup that only matters where the hosts outlive the file. */
  giveBack(work: () => unknown): void;
}

interface Needs {
  /** The only hosts that the file sees, in this order. */
  readonly hosts: readonly HostName[];
  /** Releases of Debian, by host: { web1: "trixie" }; each host has its own unless told. A running lab has those that it was started with. */
  readonly releases?: Releases;
  /** "machine" where the quicker kernel lacks what the file needs: it has no iptables. */
  readonly kernel?: Kernels;
}

/**
 * Gives a test file its hosts, from `beforeAll` to `afterAll`. They are those of the running lab that PULUMI_LVS_LAB names, which
 * goes on afterwards; otherwise a lab is started for the file. Call it before the file registers a `beforeAll` of its own.
 */
export function useLab({ hosts, releases = {}, kernel = "quickest" }: Needs): HostsInUse {
  const running = process.env["PULUMI_LVS_LAB"];
  const cleanup: (() => unknown)[] = [];
  let lab: Lab | undefined;
  const inUse = () => {
    if (lab === undefined) throw new Error("The lab has not been started: use its hosts in tests and hooks only");
    return lab;
  };

  beforeAll(async () => {
    lab =
      running === undefined
        ? await startLab({ hosts, releases, kernel, progress: () => undefined })
        : await attachLab(running);
  });

  afterAll(async () => {
    try {
      for (const work of cleanup.reverse()) await work();
    } finally {
      if (running === undefined) await lab?.down();
      else for (const host of lab?.hosts ?? []) host.close();
    }
  });

  return {
    get name() {
      return inUse().name;
    },
    get folder() {
      return inUse().folder;
    },
    get hosts() {
      return hosts.map((name) => inUse().host(name));
    },
    get client() {
      return inUse().client;
    },
    host(name) {
      if (!hosts.includes(name)) throw new Error(`useLab() of this file does not name the host ${name}`);
      return inUse().host(name);
    },
    atEnd(work) {
      cleanup.push(work);
    },
    giveBack(work) {
      if (running !== undefined) cleanup.push(work);
    },
  };
}
