import { ipvsSettings } from "../../../provider/kinds/ipvs-settings/kind.ts";
import { syncDaemon } from "../../../provider/kinds/sync-daemon/kind.ts";
import { differences } from "../../../tools/lab/index.ts";
import { useLab } from "../../support/use-lab.ts";
import { endRun, LabResource } from "../resource.ts";

const SETTINGS = {
  timeouts: { tcp: 1800, udp: 30 },
  conntrack: true,
  expireNodestConn: true,
  pmtuDisc: false,
  connReuseMode: 0,
  dropEntry: 3,
  syncPorts: 4,
  syncThreshold: { packets: 2, period: 20 },
  connTabBits: 10,
};

/** Settings that a host's kernel may not have yet. */
const NEWER = { connLfactor: -3, connMax: 100000, estNice: 5, estCpulist: "0", svcLfactor: 0 };
const NEWER_VALUES = "conn_lfactor conn_max est_nice est_cpulist svc_lfactor";

/** Lines of an operator's own for the module, and the size of the table when it is loaded early. */
const LOCAL = "/etc/modprobe.d/zzz.conf";
const lines = [
  { line: "blacklist ip-vs", problem: "blacklists ip_vs", bits: "absent" },
  { line: "install ip_vs /bin/false", problem: 'runs "/bin/false" where ip_vs is to be loaded', bits: "absent" },
  { line: "options ip-vs conn_tab_bits=9", problem: 'says "options ip_vs conn_tab_bits=9"', bits: "9" },
];

const lab = useLab({ hosts: ["director1", "rhel1"], releases: { director1: "trixie" } });

afterEach(endRun);

test("a host without IPVS loads it, keeps all of it over a reboot, and is afterwards as it was", async () => {
  const director = lab.host("director1");
  const before = await director.snapshot();
  expect(before.ipvsSettings).toBeNull();
  const settings = new LabResource(ipvsSettings, director);
  const outputs = await settings.up(SETTINGS);
  expect(outputs).toMatchObject({ ...SETTINGS, boot: true });
  // The size was written before the module was loaded.
  expect(outputs["pending"]).toBeUndefined();
  expect(await director.text("ipvsadm -Ln --timeout")).toBe("Timeout (tcp tcpfin udp): 1800 120 30");
  expect(await director.text("cat /proc/sys/net/ipv4/vs/sync_threshold")).toBe("2\t20");
  expect(await settings.drift()).toBe("none");

  // Files of the same name in other folders count for nothing, as a link to /dev/null in /etc does for ours.
  const [settingsFile, sizeFile] = ["pulumi-lvs-settings.conf", "zz-pulumi-lvs-ip_vs.conf"];
  const inLib = `/usr/lib/modules-load.d/${settingsFile} /usr/lib/modprobe.d/${sizeFile}`;
  await director.sh(
    `mkdir -p /usr/lib/modules-load.d /usr/lib/modprobe.d; for path in ${inLib}; do ln -s /dev/null $path; done`,
  );
  await director.reboot();
  endRun();
  expect(await settings.drift()).toBe("none");
  await director.sh(`rm ${inLib}; rmdir /usr/lib/modules-load.d 2>/dev/null || :`);
  expect(await director.text("ipvsadm -Ln --timeout")).toBe("Timeout (tcp tcpfin udp): 1800 120 30");
  expect(await director.text("cat /sys/module/ip_vs/parameters/conn_tab_bits")).toBe("10");

  await settings.destroy();
  expect(differences(before, await director.snapshot())).toEqual([]);
  expect(await director.text("ipvsadm -Ln --timeout")).toBe("Timeout (tcp tcpfin udp): 900 120 300");
});

test("each drift is found and repaired, and what is given up goes back", async () => {
  const director = lab.host("director1");
  await director.sh("modprobe ip_vs");
  const before = await director.snapshot();
  const settings = new LabResource(ipvsSettings, director);
  const bits = await director.text("cat /sys/module/ip_vs/parameters/conn_tab_bits");
  expect(await settings.up({ ...SETTINGS, connTabBits: 14 })).toMatchObject({
    connTabBits: 14,
    pending: `connTabBits is ${bits} until the next boot`,
  });
  for (const drift of [
    "ipvsadm --set 0 0 300",
    // The others are changed by hand, all at once, in test/e2e/every-kind.test.ts.
    "sysctl -qw net.ipv4.vs.conntrack=0",
    "sysctl -qw net.ipv4.vs.sync_threshold='3 50'",
    "rm /etc/modprobe.d/zz-pulumi-lvs-ip_vs.conf",
    "rm /etc/modules-load.d/pulumi-lvs-settings.conf",
    "sed -i /--set/d /etc/ipvsadm.rules",
    `sed -i 's/^AUTO=.*/AUTO="false"/' /etc/default/ipvsadm`,
    "sed -i 's/^net.ipv4.vs.expire_nodest_conn = 1/net.ipv4.vs.expire_nodest_conn = 0/' /etc/sysctl.d/99-zz-pulumi-lvs.conf",
  ]) {
    await director.sh(drift);
    endRun();
    expect([drift, await settings.drift()]).toEqual([drift, "some"]);
    await settings.repair();
    expect([drift, await settings.drift()]).toEqual([drift, "none"]);
  }
  await director.sh(
    "cd /etc/modules-load.d; mv pulumi-lvs-settings.conf /root/; ln -s /dev/null pulumi-lvs-settings.conf",
  );
  endRun();
  expect(await settings.refresh()).toMatchObject({ boot: false });
  await expect(settings.repair()).rejects.toThrow(
    "pulumi-lvs-settings.conf leads to /dev/null, which is no regular file",
  );
  await director.sh("[ -c /dev/null ] && rm /etc/modules-load.d/pulumi-lvs-settings.conf");
  endRun();
  await settings.repair();
  for (const { line, problem } of lines) {
    await director.sh(`echo '${line}' > ${LOCAL}`);
    endRun();
    expect([line, await settings.refresh()]).toMatchObject([line, { boot: false }]);
    await expect(settings.repair()).rejects.toThrow(`${LOCAL}, line 1, ${problem}`);
  }
  await director.sh(`rm ${LOCAL}; systemctl --quiet mask systemd-modules-load systemd-sysctl`);
  endRun();
  expect(await settings.refresh()).toMatchObject({ boot: false });
  await expect(settings.repair()).rejects.toThrow('Run "systemctl unmask systemd-modules-load.service"');
  await director.sh("systemctl --quiet unmask systemd-modules-load");
  endRun();
  await expect(settings.repair()).rejects.toThrow('Run "systemctl unmask systemd-sysctl"');
  await director.sh("systemctl --quiet unmask systemd-sysctl");
  endRun();
  expect(await settings.drift()).toBe("none");
  await settings.up({ timeouts: { udp: 60 }, conntrack: true });
  expect(await director.text("ipvsadm -Ln --timeout")).toBe("Timeout (tcp tcpfin udp): 900 120 60");
  expect(await director.text("cat /proc/sys/net/ipv4/vs/drop_entry")).toBe("0");
  await settings.destroy();
  expect(differences(before, await director.snapshot())).toEqual([]);
  expect(await director.text("ipvsadm -Ln --timeout")).toBe("Timeout (tcp tcpfin udp): 900 120 300");

  // What a boot makes of those lines.
  const load = `modprobe -r ip_vs && echo ip_vs > /etc/modules-load.d/x.conf && /lib/systemd/systemd-modules-load 2> /dev/null
cat /sys/module/ip_vs/parameters/conn_tab_bits 2> /dev/null || echo absent; rm /etc/modules-load.d/x.conf`;
  for (const { line, bits: loaded } of lines) {
    await director.sh(
      `echo 'options ip_vs conn_tab_bits=14' > /etc/modprobe.d/zz-pulumi-lvs-ip_vs.conf; echo '${line}' > ${LOCAL}`,
    );
    expect([line, await director.text(load)]).toEqual([line, loaded]);
    await director.sh(`rm ${LOCAL} /etc/modprobe.d/zz-pulumi-lvs-ip_vs.conf; modprobe ip_vs`);
  }
});

test("newer settings are set where the kernel has them, and named where it has not", async () => {
  const director = lab.host("director1");
  await director.sh("modprobe ip_vs");
  const before = await director.snapshot();
  const settings = new LabResource(ipvsSettings, director);
  const values = () => director.text(`cd /proc/sys/net/ipv4/vs; cat ${NEWER_VALUES} 2>/dev/null || echo none`);
  if ((await values()).includes("none")) {
    await expect(settings.up(NEWER)).rejects.toThrow(
      /the kernel of this host has no setting .*, which Linux has since/,
    );
  } else {
    expect(await values()).toBe("-4\n1073741824\n0\n0\n-3");
    expect(await settings.up(NEWER)).toMatchObject({ ...NEWER, boot: true });
    expect(await values()).toBe("-3\n100000\n5\n0\n0");
    // Each is a change by hand.
    await director.sh(
      "cd /proc/sys/net/ipv4/vs; echo 8 >conn_lfactor; echo 0 >conn_max; echo -20 >est_nice; echo >est_cpulist; echo -8 >svc_lfactor",
    );
    endRun();
    expect(await settings.refresh()).toMatchObject({
      connLfactor: 8,
      connMax: 0,
      estNice: -20,
      estCpulist: "",
      svcLfactor: -8,
    });
    await settings.repair();
    expect(await values()).toBe("-3\n100000\n5\n0\n0");
    await expect(settings.up({ ...NEWER, estCpulist: "0-1" })).rejects.toThrow("this host has the processors 0");
    await settings.destroy();
    expect(await values()).toBe("-4\n1073741824\n0\n0\n-3");
  }
  expect(differences(before, await director.snapshot())).toEqual([]);
});

test("on a host of the other kind they are in its own rules, and there after a reboot", async () => {
  const rhel = lab.host("rhel1");
  await rhel.sh("modprobe ip_vs");
  const before = await rhel.snapshot();
  const settings = new LabResource(ipvsSettings, rhel);
  const daemon = new LabResource(syncDaemon, rhel);
  await settings.up(SETTINGS);
  await daemon.up({ role: "backup", device: "eth1", syncId: 5, port: 8900 });
  const rules = await rhel.text("cat /etc/sysconfig/ipvsadm");
  expect(rules).toContain(
    "\n--start-daemon backup --mcast-interface eth1 --syncid 5 --mcast-port 8900\n--set 1800 0 30\n",
  );
  await rhel.reboot();
  endRun();
  expect([await settings.drift(), await daemon.drift()]).toEqual(["none", "none"]);
  expect(await rhel.text("cat /etc/sysconfig/ipvsadm")).toBe(rules);
  await daemon.destroy();
  await settings.destroy();
  expect(differences(before, await rhel.snapshot())).toEqual([]);
});
