import { ipvsSettings } from "../../../provider/kinds/ipvs-settings/kind.ts";
import { syncDaemon } from "../../../provider/kinds/sync-daemon/kind.ts";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind.ts";
import { virtualService } from "../../../provider/kinds/virtual-service/kind.ts";
import { differences } from "../../../tools/lab/index.ts";
import { useLab } from "../../support/use-lab.ts";
import { endRun, LabResource } from "../resource.ts";

const VIP = "192.168.4.5";

const lab = useLab({ hosts: ["director1", "director2", "client"] });

afterEach(endRun);

test("a master tells its connections to a backup, each with its own words, before and after a reboot", async () => {
  const [one, two] = [lab.host("director1"), lab.host("director2")];
  await Promise.all([one.sh("modprobe ip_vs"), two.sh("modprobe ip_vs")]);
  const before = await Promise.all([one.snapshot(), two.snapshot()]);
  const words = { device: "eth1", syncId: 5, group: "224.0.0.82", port: 8900, ttl: 2 };
  const backup = new LabResource(syncDaemon, two);
  const master = new LabResource(syncDaemon, one);
  await backup.up({ role: "backup", ...words });
  expect(await master.up({ role: "master", ...words, maxLength: 1400 })).toMatchObject({
    ...words,
    role: "master",
    maxLength: 1400,
    live: true,
    boot: true,
  });

  // LocalNode: the director itself is the real server.
  const service = new LabResource(virtualService, one);
  const vip = new LabResource(vipAlias, one);
  await service.up({ protocol: "tcp", address: `${VIP}:80`, scheduler: "rr", realServers: { "192.168.4.2": {} } });
  await vip.up({ role: "director", address: VIP, device: "eth0" });
  await Promise.all([one.reboot(), two.reboot()]);
  endRun();
  for (const resource of [backup, master, service, vip]) expect(await resource.drift()).toBe("none");
  const told = await one.capture({ nic: "eth1", filter: "udp port 8900 and dst host 224.0.0.82" }, async () => {
    await one.sh("(socat -u TCP-LISTEN:80,fork,reuseaddr - >/dev/null 2>&1 &) ; sleep 0.5");
    await lab.client.sh(`(for i in 1 2 3 4 5 6; do echo $i; sleep 0.3; done) | socat - TCP:${VIP}:80`);
    await two.sh("for i in $(seq 30); do ipvsadm -Lnc | grep -q 192.168.4.10 && break; sleep 0.2; done");
  });
  expect(told.length).toBeGreaterThan(0);
  expect(await two.text("ipvsadm -Lnc")).toMatch(/192\.168\.4\.10:\d+ +192\.168\.4\.5:80 +192\.168\.4\.2:80/);

  // With backup_only, and a backup beside the master, the director answers by itself: IPVS counts no connection more.
  const settings = new LabResource(ipvsSettings, one);
  const refusal = "a host cannot have backupOnly: true and a master sync daemon and a backup sync daemon";
  await one.sh("ipvsadm --start-daemon backup --mcast-interface eth1 --syncid 5");
  await expect(settings.up({ backupOnly: true })).rejects.toThrow(refusal);
  const conns = () => one.text(`ipvsadm -ln --stats -t ${VIP}:80 | awk '/^TCP/ {print $3}'`);
  const ask = () => lab.client.sh(`echo | socat - TCP:${VIP}:80`);
  expect(await conns()).toBe("1");
  await one.sh("sysctl -qw net.ipv4.vs.backup_only=1");
  await ask();
  await one.sh("sleep 2.5");
  expect(await conns()).toBe("1");
  await one.sh("ipvsadm --stop-daemon backup");
  await ask();
  await one.sh("sleep 2.5");
  expect(await conns()).toBe("2");
  endRun();
  await expect(new LabResource(syncDaemon, one).up({ role: "backup", device: "eth1", boot: false })).rejects.toThrow(
    refusal,
  );
  await one.sh("sysctl -qw net.ipv4.vs.backup_only=0");

  for (const resource of [vip, service, master, backup]) await resource.destroy();
  await one.sh("pkill -x socat", { check: false });
  const after = await Promise.all([one.snapshot(), two.snapshot()]);
  expect(before.map((was, index) => differences(was, after[index] ?? was))).toEqual([[], []]);
});

test("each drift is found and repaired, a change stops and starts, and both may run on one host", async () => {
  const director = lab.host("director1");
  const before = await director.snapshot();
  const master = new LabResource(syncDaemon, director);
  const backup = new LabResource(syncDaemon, director);
  await master.up({ role: "master", device: "eth1" });
  await backup.up({ role: "backup", device: "eth0" });
  expect(await director.text("ipvsadm -Ln --daemon")).toBe(
    [
      "master sync daemon (mcast=eth1, syncid=0, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)",
      "backup sync daemon (mcast=eth0, syncid=0, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)",
    ].join("\n"),
  );
  const anew = (words: string) => `ipvsadm --stop-daemon master; ipvsadm --start-daemon master ${words}`;
  for (const drift of [
    "ipvsadm --stop-daemon master",
    anew("--mcast-interface eth0"),
    anew("--mcast-interface eth1 --syncid 3"),
    anew("--mcast-interface eth1 --mcast-group 224.0.0.90"),
    anew("--mcast-interface eth1 --mcast-port 9000"),
    anew("--mcast-interface eth1 --mcast-ttl 3"),
    anew("--mcast-interface eth1 --sync-maxlen 1000"),
    "sed -i '/--start-daemon master/d' /etc/ipvsadm.rules",
  ]) {
    await director.sh(drift);
    endRun();
    expect([drift, await master.drift()]).toEqual([drift, "some"]);
    await master.repair();
    expect([drift, await master.drift()]).toEqual([drift, "none"]);
    expect(await backup.drift()).toBe("none");
  }
  expect(await master.up({ role: "master", device: "eth1", group: "ff02::81", syncId: 9 })).toMatchObject({
    group: "ff02::81",
    syncId: 9,
    live: true,
    boot: true,
  });
  expect(await master.drift()).toBe("none");
  if (director.release === "ifupdown2") {
    // Without this drop-in of the operator's, networking.service is ordered before nothing.
    const order = "/etc/systemd/system/networking.service.d/order.conf";
    await director.sh(`mv ${order} /root/order.conf`);
    endRun();
    expect(await master.refresh()).toMatchObject({ boot: false });
    await expect(master.repair()).rejects.toThrow("networking.service of ifupdown2 is ordered before nothing");
    await director.sh(`mv /root/order.conf ${order}`);
    endRun();
    expect(await master.drift()).toBe("none");
  }
  await expect(new LabResource(syncDaemon, director).up({ role: "backup", device: "eth7" })).rejects.toThrow(
    'The device is not there: run "ip link" on the host to see which are.',
  );
  await backup.repair();
  await master.destroy();
  await backup.destroy();
  expect(differences(before, await director.snapshot())).toEqual([]);
});
