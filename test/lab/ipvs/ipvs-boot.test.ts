import { realServer } from "../../../provider/kinds/real-server/kind.ts";
import { syncDaemon } from "../../../provider/kinds/sync-daemon/kind.ts";
import { virtualService } from "../../../provider/kinds/virtual-service/kind.ts";
import type { LabHost } from "../../../tools/lab/host/host.ts";
import { differences } from "../../../tools/lab/index.ts";
import { useLab } from "../../support/use-lab.ts";
import { endRun, LabResource } from "../resource.ts";

/** Rules across reboots, on three layouts: the init script of Debian 12, the unit of Debian 13, and the ipvsadm.service of RHEL. */

const lab = useLab({ hosts: ["director1", "director2", "rhel1"] });

afterEach(endRun);

const layouts = [
  { name: "director2", file: "/etc/ipvsadm.rules", outages: ["reboot", "powerCut"] },
  // What its unit does when it stops, it does only where a boot has started it: the second shutdown is another one.
  { name: "rhel1", file: "/etc/sysconfig/ipvsadm", outages: ["reboot", "reboot", "powerCut"] },
] as const;

const FOREIGN = ["-A -u 192.168.4.77:53 -s rr", "-a -u 192.168.4.77:53 -r 192.168.2.77:53 -m -w 3"];

/** The kernel's table, thresholds included, by the host's own tool. */
const tableOf = (host: LabHost) => host.text("ipvsadm -Sn; ipvsadm -Ln --thresholds");

test.each(layouts)(
  "$name: reboots and a power cut change nothing, ours or others', and a destroy leaves no trace",
  async ({ name, file, outages }) => {
    const host = lab.host(name);
    await host.sh(
      `modprobe ip_vs; ipvsadm -C; printf '%s\\n%s\\n\\n# the last line has no end' ${FOREIGN.map((line) => `'${line}'`).join(" ")} >${file}; grep ^- ${file} | ipvsadm -R`,
    );
    const before = await host.snapshot();

    const web = new LabResource(virtualService, host);
    await web.up({
      protocol: "tcp",
      address: "192.168.4.5:80",
      scheduler: "wrr",
      persistenceTimeout: 600,
      realServers: {
        "192.168.2.100": { weight: 0, upperThreshold: 200, lowerThreshold: 150 },
        "192.168.2.200:8080": { forwarding: "masquerade", weight: 7, upperThreshold: 10 },
        "[2001:db8::5]:80": { forwarding: "tunnel", tunnel: { type: "gue", port: 6080 } },
      },
    });
    const mark = new LabResource(virtualService, host);
    await mark.up({ protocol: "fwmark", fwmark: 7, family: "ipv6", scheduler: "sh", schedulerFlags: ["sh-port"] });
    const six = new LabResource(realServer, host);
    await six.up({ service: "fwmark 7 ipv6", address: "2001:db8::6", forwarding: "masquerade", upperThreshold: 5 });
    const plain = new LabResource(virtualService, host);
    await plain.up({ protocol: "tcp", address: "192.168.4.5:81" });
    const server = new LabResource(realServer, host);
    await server.up({ service: "tcp 192.168.4.5:81", address: "192.168.2.100", weight: 3, upperThreshold: 9 });
    await server.up({ service: "tcp 192.168.4.5:81", address: "192.168.2.100", weight: 4, upperThreshold: 8 });
    const ours = [web, mark, six, plain, server];
    const wanted = await tableOf(host);
    expect(wanted).toContain(FOREIGN.join("\n"));

    for (const outage of outages) {
      await host[outage]();
      endRun();
      expect(await tableOf(host)).toBe(wanted);
      expect(await Promise.all(ours.map((one) => one.drift()))).toEqual(ours.map(() => "none"));
    }

    for (const one of ours.reverse()) await one.destroy();
    expect(differences(before, await host.snapshot())).toEqual([]);
    expect(await host.text(`cat ${file}`)).not.toContain("pulumi-lvs");
    await host.sh(name === "rhel1" ? `rm ${file}` : `echo '# empty rules file for ipvsadm' >${file}`);
  },
);

test.each([
  {
    name: "director2",
    why: "the unit is disabled",
    before: "systemctl --quiet disable ipvsadm",
    after: "systemctl --quiet enable ipvsadm",
  },
  {
    name: "director1",
    why: "update-rc.d disable",
    before: "update-rc.d ipvsadm disable",
    after: "update-rc.d ipvsadm enable",
  },
  {
    name: "director1",
    why: "update-rc.d remove",
    before: "update-rc.d -f ipvsadm remove",
    after: "update-rc.d ipvsadm defaults; update-rc.d ipvsadm enable",
  },
  {
    name: "director1",
    why: "AUTO is true",
    before: `sed -i 's/^AUTO=.*/AUTO="true"/' /etc/default/ipvsadm`,
    after: `sed -i 's/^AUTO=.*/AUTO="false"/' /etc/default/ipvsadm`,
  },
  {
    name: "rhel1",
    why: "the unit is enabled and active",
    before: "echo >/etc/sysconfig/ipvsadm; systemctl --quiet enable --now ipvsadm",
    after: "systemctl --quiet disable --now ipvsadm; rm /etc/sysconfig/ipvsadm",
  },
] as const)(
  "$name, $why: rules and the sync daemon are there after a reboot, and at last it is so again",
  async (row) => {
    const host = lab.host(row.name);
    await host.sh(`modprobe ip_vs; ipvsadm -C; ${row.before}`);
    const before = await host.snapshot();
    const web = new LabResource(virtualService, host);
    await web.up({
      protocol: "tcp",
      address: "192.168.4.5:80",
      realServers: { "192.168.2.100": { upperThreshold: 9 } },
    });
    const sync = new LabResource(syncDaemon, host);
    await sync.up({ role: "master", device: "eth1" });
    const wanted = await tableOf(host);
    await host.reboot();
    endRun();
    expect(await tableOf(host)).toBe(wanted);
    expect(await web.drift()).toBe("none");
    expect(await sync.drift()).toBe("none");
    await web.destroy();
    await sync.destroy();
    expect(differences(before, await host.snapshot())).toEqual([]);
    await host.sh(row.after);
  },
);

test("what a boot runs besides the loader and empties the table is found, in units of packages, scripts, hooks and cron", async () => {
  for (const name of ["director1", "director2"] as const) {
    const host = lab.host(name);
    await host.sh(`ipvsadm -C; mkdir -p /etc/cron.d /usr/local/sbin
printf '[Service]\\nType=oneshot\\nExecStart=/usr/local/sbin/lvs.sh\\n[Install]\\nWantedBy=multi-user.target\\n' > /lib/systemd/system/lvs.service
printf '#!/bin/sh\\nIPVSADM=ipvsadm\\n"$IPVSADM" --clear\\n' > /usr/local/sbin/lvs.sh
chmod +x /usr/local/sbin/lvs.sh; systemctl --quiet enable lvs`);
    const web = new LabResource(virtualService, host);
    const args = { protocol: "tcp", address: "192.168.4.5:80" };
    await expect(web.up(args)).rejects.toThrow(
      '/usr/local/sbin/lvs.sh, line 3 (""$IPVSADM" --clear"), empties the table at boot',
    );
    await host.sh("systemctl --quiet disable lvs; rm /lib/systemd/system/lvs.service /usr/local/sbin/lvs.sh");
    endRun();
    await web.up(args);
    await host.sh("echo '@reboot root /sbin/ipvsadm -C' > /etc/cron.d/lvs");
    endRun();
    expect(await web.refresh()).toMatchObject({ boot: false });
    // A load of another file after ours: the kernel takes its changes.
    await host.sh(`rm /etc/cron.d/lvs; rmdir /etc/cron.d 2> /dev/null || :; printf '%s\\n' '-E -t 192.168.4.5:80 -s rr' > /etc/lvs.rules
printf '#!/bin/sh\\n/sbin/ipvsadm -R < /etc/lvs.rules\\n' > /etc/rc.local; chmod +x /etc/rc.local`);
    endRun();
    expect(await web.refresh()).toMatchObject({ boot: false });
    await expect(web.repair()).rejects.toThrow(
      '/etc/lvs.rules, line 1 ("-E -t 192.168.4.5:80 -s rr"), changes the same object at boot, because /etc/rc.local, line 2, loads',
    );
    await host.sh("sed -i s/4.5/4.9/ /etc/lvs.rules");
    endRun();
    expect(await web.refresh()).toMatchObject({ boot: true });
    await host.sh("rm /etc/rc.local /etc/lvs.rules");
    endRun();
    expect(await web.drift()).toBe("none");
    await web.destroy();
  }
});

test.each(layouts)("$name: a hundred real servers at once are one block", async ({ name, file }) => {
  const host = lab.host(name);
  await host.sh("modprobe ip_vs; ipvsadm -C");
  const before = await host.snapshot();
  const web = new LabResource(virtualService, host);
  await web.up({ protocol: "tcp", address: "192.168.4.5:80" });
  const servers = Array.from({ length: 100 }, (_, index) => ({
    resource: new LabResource(realServer, host),
    address: `192.168.2.${index + 101}`,
  }));
  await Promise.all(
    servers.map(({ resource, address }, index) =>
      resource.up({ service: "tcp 192.168.4.5:80", address, weight: index }),
    ),
  );
  expect(await host.text(`grep -c '^-a' ${file}`)).toBe("100");
  expect(await host.text("ipvsadm -Sn | grep -c '^-a'")).toBe("100");
  await Promise.all(servers.map(({ resource }) => resource.destroy()));
  await web.destroy();
  expect(differences(before, await host.snapshot())).toEqual([]);
});

test("director1: an operator's file in other words gives way to our lines, and what cannot be read is refused", async () => {
  const host = lab.host("director1");
  const args = { protocol: "tcp", address: "192.168.4.5:80", realServers: { "192.168.4.100": { weight: 2 } } };
  const others = "-A -t 192.168.4.5:https -s rr\n# web1 is out\n";
  await host.sh(
    `modprobe ip_vs; ipvsadm -C; cp /etc/hosts /root/hosts; grep -q '^https' /etc/services || exit 3
printf '192.168.4.5 vip.example # lvs-test\\n' >>/etc/hosts; cat >/etc/ipvsadm.rules`,
    {
      input: Buffer.from(
        `-A -t vip.example:http -s rr -p 60\n${others}--add-server --tcp-service=192.168.4.5:http --real-server=web1:http -m\n`,
      ),
    },
  );
  const web = new LabResource(virtualService, host);
  await web.up(args);
  expect(await host.text("cat /etc/ipvsadm.rules")).toMatch(
    /^-A -t 192\.168\.4\.5:https -s rr\n# web1 is out\n# pulumi-lvs begin/,
  );
  const wanted = await host.text("ipvsadm -Sn");
  expect(wanted).toContain("-a -t 192.168.4.5:80 -r 192.168.4.100:80 -g -w 2");
  await host.sh("/etc/init.d/ipvsadm restart");
  endRun();
  expect(await host.text("ipvsadm -Sn")).toBe(`${wanted}\n-A -t 192.168.4.5:443 -s rr`);
  expect(await web.drift()).toBe("none");

  // Each of these would undo our lines at boot, though the block and the live table are right.
  for (const line of ["  # indented", "-D -t vip.example:http", "-C", "-E -t vip.example:80 -s rr"]) {
    await host.sh(
      `cp /etc/ipvsadm.rules /root/rules; ${line.startsWith(" ") ? "sed -i '1i \\  # indented'" : `printf '%s\\n' '${line}' >>`} /etc/ipvsadm.rules`,
    );
    endRun();
    expect([line, await web.drift()]).toEqual([line, "some"]);
    if (line.startsWith(" ")) {
      await expect(web.repair()).rejects.toThrow(
        'the next boot would not load the rules: line 1 of /etc/ipvsadm.rules ("# indented"): "#" is no command, which ends the load.',
      );
      await host.sh("cat /root/rules >/etc/ipvsadm.rules");
    } else await web.repair();
    await host.sh("/etc/init.d/ipvsadm restart");
    endRun();
    expect([line, await web.drift()]).toEqual([line, "none"]);
  }
  // So would a unit of the operator's own.
  const unit = "/etc/systemd/system/ipvs-config.service";
  await host.sh(
    `printf '[Service]\\nType=oneshot\\nExecStart=/sbin/ipvsadm -C\\n[Install]\\nWantedBy=multi-user.target\\n' >${unit}; systemctl --quiet enable --now ipvs-config`,
  );
  endRun();
  expect(await host.text("ipvsadm -Sn")).toBe("");
  await expect(web.repair()).rejects.toThrow(
    `${unit}, line 3 ("ExecStart=/sbin/ipvsadm -C"), empties the table at boot`,
  );
  await host.sh(`systemctl --quiet disable ipvs-config; rm ${unit}; systemctl daemon-reload`);
  endRun();
  await web.repair();
  await web.destroy();
  expect(await host.text("grep -v '^-C' /etc/ipvsadm.rules")).toBe(others.trimEnd());
  await host.sh(
    "ipvsadm -C; cat /root/hosts >/etc/hosts; rm /root/hosts /root/rules; echo '# empty rules file for ipvsadm' >/etc/ipvsadm.rules",
  );
});
