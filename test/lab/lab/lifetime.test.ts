import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { holder } from "../../../tools/lab/boot/claim.ts";
import { type Lab, startLab } from "../../../tools/lab/index.ts";
import { labFolder } from "../../../tools/lab/paths.ts";
import { file, type LabPlan } from "../../../tools/lab/plan.ts";

test("two labs side by side have the same names and addresses and know nothing of each other", async () => {
  const [one, two] = await Promise.all([startLab({ hosts: ["nfs", "bare"] }), startLab({ hosts: ["nfs", "rhel1"] })]);
  await one.host("nfs").sh("echo one > /etc/which; ip address add 192.168.2.99/24 dev eth1");
  expect(await two.host("nfs").text("ls /etc/which 2>&1 || true")).toContain("No such file");
  await expect(two.host("nfs").sh("ping -c 1 -W 1 192.168.2.99")).rejects.toThrow("exit code 1");
  await bare(one);
  await rhel(two);
  await one.down();
  expect(existsSync(one.folder)).toBe(false);
  expect(await two.host("nfs").text("hostname")).toBe("nfs");
  await two.down();
});

test("nothing is left when the process that started a lab is killed", async () => {
  const name = `killed-${process.pid}`;
  const script =
    "import(process.argv[1]).then((lab) => lab.startLab(JSON.parse(process.argv[2]))).then(() => console.log('up'))";
  const args = [
    "--eval",
    `${script}; setInterval(() => {}, 1000)`,
    join(import.meta.dirname, "..", "..", "..", "tools", "lab", "index.ts"),
  ];
  const starter = spawn(process.execPath, [...args, JSON.stringify({ name, hosts: ["nfs"] })], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) => createInterface(starter.stdout).once("line", resolve));
  const folder = labFolder(name);
  const pid = holder(folder);
  const { hosts } = JSON.parse(readFileSync(join(folder, file.plan), "utf8")) as LabPlan;
  const port = hosts[0]?.port ?? 0;
  const namespace = readlinkSync(`/proc/${pid}/ns/pid_for_children`);
  expect(processesIn(namespace)).toBeGreaterThan(2);
  expect(await answers(port)).toBe(true);

  starter.kill("SIGKILL");
  const deadline = performance.now() + 30_000;
  const isLeft = () => existsSync(`/proc/${pid}`) || existsSync(folder) || processesIn(namespace) > 0;
  while (performance.now() < deadline && isLeft()) await sleep(50);
  expect(processesIn(namespace)).toBe(0);
  expect(existsSync(`/proc/${pid}`)).toBe(false);
  expect(existsSync(folder)).toBe(false);
  expect(await answers(port)).toBe(false);
});

/** A host without ipvsadm, otherwise in order. */
async function bare(lab: Lab): Promise<void> {
  const host = lab.host("bare");
  expect(await host.text("command -v ipvsadm || echo none")).toBe("none");
  expect(await host.text("modprobe ip_vs && head -1 /proc/net/ip_vs")).toMatch(/^IP Virtual/);
}

/** A host where only Red Hat's layout is to be found. */
async function rhel(lab: Lab): Promise<void> {
  const host = lab.host("rhel1");
  expect(await host.text("ls -d /etc/network /etc/init.d/ipvsadm /etc/default/ipvsadm 2>/dev/null || true")).toBe("");
  expect(await host.text("ls /etc/sysconfig/network-scripts/ifcfg-*")).toContain("ifcfg-eth0");
  expect(await host.text("systemctl show --property ExecStop ipvsadm")).toContain("ipvsadm-save -n");
  const eth0 = host.addresses["eth0"];
  await host.reboot();
  expect(await host.text("ip -o -4 address show dev eth0")).toContain(` ${eth0}/24 `);
}

function processesIn(namespace: string): number {
  return readdirSync("/proc").filter((entry) => /^\d+$/.test(entry) && pidNamespace(entry) === namespace).length;
}

/** A process may be gone between the listing and the look. */
function pidNamespace(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
