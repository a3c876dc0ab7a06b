import { Reconciler } from "../../../provider/engine/reconcile.ts";
import { type OpenSession, openSession } from "../../../provider/host/session/session.ts";
import { realServer } from "../../../provider/kinds/real-server/kind.ts";
import type { DefinedKind } from "../../../provider/kinds/runtime-kind.ts";
import { virtualService } from "../../../provider/kinds/virtual-service/kind.ts";
import { connection } from "../../../provider/model/connection.ts";
import { differences, type HostName } from "../../../tools/lab/index.ts";
import { useLab } from "../../support/use-lab.ts";

/** What operators read when a real host cannot do what is wished. */

const lab = useLab({ hosts: ["director1", "bare"] });
const open: OpenSession[] = [];

afterAll(() => {
  for (const session of open) session.close();
});

const service = { protocol: "tcp", address: "192.168.4.5:80", boot: false };

/** What a wish ends with: the lines of its error, or "done". */
async function wish(
  host: HostName,
  kind: DefinedKind,
  written: object,
  login: object = {},
): Promise<readonly string[]> {
  const session = openSession(connection.parse({ ...lab.host(host).connection, name: host, ...login }));
  open.push(session);
  const goal = kind.runtime.parse(written).data ?? {};
  try {
    const target = { desired: goal, subject: goal, lastApplied: undefined };
    await new Reconciler(session, kind.runtime, target, { log: () => undefined }).reconcile();
    return ["done"];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.message
      .replace(/\/bin\/sh: \d+:/, "/bin/sh: LINE:")
      .replace(/\/lib\/modules\/\S+/, "/lib/modules/KERNEL")
      .split("\n");
  }
}

test("no ipvsadm on the host", async () => {
  expect(await wish("bare", virtualService, service)).toEqual([
    "VirtualService tcp 192.168.4.5:80 on bare: command failed with exit code 127",
    "  $ ipvsadm -A -t 192.168.4.5:80 -s wlc",
    "  /bin/sh: LINE: ipvsadm: not found",
    'ipvsadm is not installed on the host. Install it: "apt-get install ipvsadm", "dnf install ipvsadm" or "yum install ipvsadm".',
  ]);
});

test("no ipvsadm on the host, and rules are wished at boot: nothing is begun", async () => {
  expect(await wish("bare", virtualService, { ...service, boot: true })).toEqual([
    'VirtualService tcp 192.168.4.5:80 on bare: ipvsadm is not installed on the host. Install it: "apt-get install ipvsadm", "dnf install ipvsadm" or "yum install ipvsadm".',
  ]);
});

test("no IPVS in the kernel", async () => {
  const director = lab.host("director1");
  await director.sh(
    "ipvsadm -C; modprobe -r $(lsmod | awk '/^ip_vs_/ {print $1}') ip_vs; mv /lib/modules/$(uname -r)/kernel/net/netfilter/ipvs /root/ipvs; depmod",
  );
  try {
    expect(await wish("director1", virtualService, service)).toEqual([
      "VirtualService tcp 192.168.4.5:80 on director1: command failed with exit code 2",
      "  $ ipvsadm -A -t 192.168.4.5:80 -s wlc",
      "  modprobe: FATAL: Module ip_vs not found in directory /lib/modules/KERNEL",
      "  Can't initialize ipvs: Protocol not available",
      "  Are you sure that IP Virtual Server is built in the kernel or as module?",
      'The kernel of the host has no IPVS. Try "modprobe ip_vs" there: minimal images keep the module in another package (linux-modules-extra, kernel-modules).',
    ]);
  } finally {
    await director.sh("mv /root/ipvs /lib/modules/$(uname -r)/kernel/net/netfilter/; depmod");
  }
});

test("a scheduler that the kernel does not have", async () => {
  expect(await wish("director1", virtualService, { ...service, scheduler: "twos" })).toEqual([
    "VirtualService tcp 192.168.4.5:80 on director1: command failed with exit code 255",
    "  $ ipvsadm -A -t 192.168.4.5:80 -s twos",
    "  Scheduler or persistence engine not found",
    "The kernel of the host has no module for this scheduler (ip_vs_NAME) or persistence engine (ip_vs_pe_NAME).",
  ]);
});

test("what the kernel refuses is not kept for the next boot either", async () => {
  const before = await lab.host("director1").snapshot();
  await wish("director1", virtualService, { ...service, scheduler: "twos", boot: true });
  expect(differences(before, await lab.host("director1").snapshot())).toEqual([]);
});

test("a real server of no service", async () => {
  const stray = { service: "tcp 192.168.4.6:80", address: "192.168.2.100", boot: false };
  expect(await wish("director1", realServer, stray)).toEqual([
    "RealServer tcp 192.168.4.6:80 -> 192.168.2.100:80 on director1: command failed with exit code 255",
    "  $ ipvsadm -a -t 192.168.4.6:80 -r 192.168.2.100:80 -g -w 1",
    "  Service not defined",
    'There is no such virtual service on the host. Declare it as a VirtualService and give its "key" as the real server\'s service, so that it comes first.',
  ]);
});

test("a user who is not root", async () => {
  await lab.host("director1").sh("modprobe ip_vs");
  expect(await wish("director1", virtualService, service, { user: "guest" })).toEqual([
    "VirtualService tcp 192.168.4.5:80 on director1: command failed with exit code 2",
    "  $ sh -c 'if [ -e /proc/net/ip_vs ]; then ipvsadm -Sn && echo -- && ipvsadm -Ln --thresholds; fi' sh",
    "  Can't initialize ipvs: Permission denied (you must be root)",
    "  Are you sure that IP Virtual Server is built in the kernel or as module?",
    "Only root may use IPVS. Log in as root, or set sudo: true in the host's connection.",
  ]);
});

test("a service that would swallow our own way in", async () => {
  const address = await lab.host("director1").text("echo $SSH_CONNECTION | cut -d ' ' -f 3,4 | tr ' ' :");
  expect(await wish("director1", virtualService, { ...service, address })).toEqual([
    'VirtualService tcp 10.99.0.11:22 on director1: address "10.99.0.11:22" would take over SSH to this host, which is reached at 10.99.0.11 port 22: the director would send new sessions to the real servers. Use another address or port for the service',
  ]);
});

test("one that fails does not take others in the same batch along", async () => {
  const session = openSession(connection.parse({ ...lab.host("director1").connection, name: "director1" }));
  open.push(session);
  const wishes = [
    { ...service, address: "192.168.4.6:80" },
    { ...service, address: "192.168.4.7:80", scheduler: "twos" },
    { ...service, address: "192.168.4.8:80" },
  ].map((written) => {
    const goal = virtualService.schema.parse(written);
    const target = { desired: goal, subject: goal, lastApplied: undefined };
    return new Reconciler(session, virtualService.runtime, target, { log: () => undefined }).reconcile();
  });
  const ended = await Promise.allSettled(wishes);
  expect(ended.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(await lab.host("director1").text("ipvsadm -Sn")).toBe(
    "-A -t 192.168.4.6:80 -s wlc\n-A -t 192.168.4.8:80 -s wlc",
  );
  await lab.host("director1").sh("ipvsadm -C");
});
