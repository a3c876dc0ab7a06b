import { rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { differences, type Snapshot } from "../../../tools/lab/host/snapshot.ts";
import { repository } from "../../../tools/toolchain/paths.mjs";
import { type InstalledPackage, installPackage } from "../../packaging/installed-package.ts";
import { step } from "../../support/step.ts";
import { useLab } from "../../support/use-lab.ts";
import { stackOn } from "../support/stack-on.ts";

/** Every kind that has a property of another name than in 0.1.0, in the names of that version. */
const OLD = `
import * as lvs from "pulumi-lvs";
const host = "director1";
new lvs.IpvsSettings("settings", { host, timeouts: { udp: 30 }, rules: "debian" });
new lvs.SyncDaemon("master", { host, state: "master", interface: "eth1", syncId: 5, rules: "debian" });
new lvs.SyncDaemon("backup", { host, state: "backup", interface: "eth1", syncId: 5 });
const web = new lvs.VirtualService("web", { host, protocol: "tcp", address: "192.168.4.5:80", rules: "debian" });
new lvs.RealServer("server", { host, service: web, address: "192.168.4.100", weight: 2, rules: "debian" });
new lvs.VipAlias("vip", { host, role: "director", address: "192.168.4.5", device: "eth0", network: "ifupdown" });
new lvs.TunKernelTuning("tunnel", { host: "web1", sharesNetwork: true });
new lvs.TunKernelTuning("tunnel for IPv6", { host: "web1", carries: "6in6" });
new lvs.ReturnRoute("way back", {
  host: "web1", address: "192.168.2.100", via: "192.168.2.2", device: "eth1", direct: ["192.168.2.0/24"], network: "ifupdown",
});
const server = new lvs.SystemdService("nfs server", { host: "nfs", name: "nfs-server" });
const pages = new lvs.NfsExport(
  "pages", { host: "nfs", path: "/common", clients: { "192.168.2.0/24": ["ro"] } }, { dependsOn: server },
);
new lvs.NfsMount(
  "pages on web1",
  { host: "web1", source: "192.168.2.50:/common", path: "/var/www/html", version: "4.2", hideNonEmpty: true },
  { dependsOn: pages },
);
`;

const RENAMED: Readonly<Record<string, string>> = {
  rules: "rulesLoader",
  state: "role",
  interface: "device",
  network: "networkManager",
  sharesNetwork: "sameSubnetAsVip",
  carries: "encapsulates",
  via: "gateway",
  direct: "localNetworks",
  hideNonEmpty: "allowNonEmpty",
};

const NEW = OLD.replaceAll(/\b(\w+):/g, (argument, name: string) =>
  RENAMED[name] === undefined ? argument : `${RENAMED[name]}:`,
);

/** One resource less, and a change in place of most others. */
const CHANGED = NEW.replace(/^.*"backup".*\n/m, "")
  .replace("udp: 30", "udp: 40")
  .replace("syncId: 5", "syncId: 6")
  .replace("weight: 2", "weight: 3")
  .replace("sameSubnetAsVip: true", "sameSubnetAsVip: false")
  .replace('["192.168.2.0/24"], networkManager', '["10.9.0.0/24", "192.168.2.0/24"], networkManager');

const lab = useLab({ hosts: ["director1", "web1", "nfs"] });
const snapshots = (): Promise<Snapshot[]> => Promise.all(lab.hosts.map((host) => host.snapshot()));

async function expectSame(before: readonly Snapshot[]): Promise<void> {
  const now = await snapshots();
  expect(now.map((snapshot, index) => differences(before[index] ?? snapshot, snapshot))).toEqual(now.map(() => []));
}

test("what 0.1.0 made is read, changed and destroyed by this version", async () => {
  const [old, now] = [
    await installPackage(join(repository, "test", "fixtures", "pulumi-lvs-0.1.0.tgz")),
    await installPackage(),
  ];
  lab.atEnd(() => Promise.all([old.remove(), now.remove()]));
  const use = ({ folder }: InstalledPackage) => {
    return (program: string) => symlinkSync(dirname(folder), join(program, "node_modules"));
  };
  // Units that systemd starts together with nfs-server run until the next boot, as after a stop by hand.
  await lab.host("nfs").sh("systemctl start nfs-server; systemctl stop nfs-server");
  const before = await snapshots();
  const stack = await stackOn(lab, { program: { text: OLD }, install: use(old) });
  await stack.up();
  const made = await snapshots();

  await step("the old program is refused with the new names", async () => {
    rmSync(join(stack.program, "node_modules"));
    use(now)(stack.program);
    const { code, text } = await stack.try("preview");
    expect(code).not.toBe(0);
    expect(text).toMatch(/is now called "\w+"/);
  });

  await step("with the new names there is nothing to do", async () => {
    stack.write(NEW);
    // Without --skip-preview, one run is both.
    await stack.pulumi("up", "--yes", "--expect-no-changes");
    await expectSame(made);
  });

  await step("a state that 0.1.0 wrote is changed in place, and one resource of it deleted", async () => {
    stack.write(CHANGED);
    const { text } = await stack.up();
    expect(text).toContain("~ 5 updated");
    expect(text).toContain("- 1 deleted");
    expect(await lab.host("director1").text("ipvsadm -Ln --daemon")).toMatch(/^master sync daemon .*syncid=6/);
    expect(await lab.host("director1").text("ipvsadm -Ln --daemon")).not.toContain("backup");
    expect(await lab.host("web1").text("ip route show table 20612")).toContain("10.9.0.0/24");
  });

  await step("a refresh writes the names of today, and there is nothing to do afterwards", async () => {
    await stack.refresh("--expect-no-changes");
    await stack.preview("--expect-no-changes");
    const resources = stack.resources();
    expect(resources.get("vip")?.outputs).toMatchObject({ live: true, networkManager: "ifupdown" });
    expect(resources.get("pages on web1")?.outputs).toMatchObject({ allowNonEmpty: true });
    expect(resources.get("tunnel for IPv6")?.outputs).toMatchObject({ encapsulates: "6in6" });
    expect(Object.keys(resources.get("web")?.outputs ?? {})).not.toContain("rule");
  });

  await step("a destroy leaves the hosts as 0.1.0 found them", async () => {
    await stack.destroy();
    await expectSame(before);
  });
});
