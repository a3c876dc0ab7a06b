import { vipAlias } from "../../../provider/kinds/vip-alias/kind.ts";
import type { LabHost } from "../../../tools/lab/host/host.ts";
import { differences } from "../../../tools/lab/index.ts";
import { useLab } from "../../support/use-lab.ts";
import { endRun, LabResource } from "../resource.ts";

/** A VIP at boot by every manager that Debian has besides ifupdown: networkd and NetworkManager of Debian 12 and 13, netplan of 13. */
const VIP = "192.168.4.5";
/** One that an operator's own drop-in of networkd brings up, also beside netplan's files. */
const OPERATORS = "192.168.4.15";
const VIP6 = "2001:db8:4::5";

const lab = useLab({ hosts: ["networkd1", "netplan1", "nm1", "nm2"] });

afterEach(() => endRun());

const managers = [
  {
    name: "networkd1",
    file: `/etc/systemd/network/10-eth0.network.d/pulumi-lvs-eth0-${VIP}.conf`,
    labels: true,
    operators: "/etc/systemd/network/10-eth0.network.d",
  },
  {
    name: "netplan1",
    file: `/etc/netplan/90-pulumi-lvs-eth0-${VIP}.yaml`,
    labels: true,
    operators: "/etc/systemd/network/10-netplan-eth0.network.d",
  },
  {
    name: "nm1",
    file: "/etc/NetworkManager/system-connections/eth0.nmconnection",
    labels: false,
    operators: undefined,
  },
  {
    name: "nm2",
    file: "/etc/NetworkManager/system-connections/eth0.nmconnection",
    labels: false,
    operators: undefined,
  },
] as const;

const wishes = [
  { role: "director", address: VIP, device: "eth0", gratuitousArp: false },
  { role: "director", address: VIP6, device: "eth0" },
  { role: "realServer", address: "192.168.4.6" },
  { role: "realServer", address: "2001:db8:4::6" },
  { role: "realServer", address: "192.168.4.7", device: "dummy0" },
  { role: "realServer", address: "192.168.4.8", device: "dummy0" },
] as const;

async function addressesOf(host: LabHost): Promise<readonly string[]> {
  const text = await host.text("ip -o address show scope global | tr -s ' ' | grep -E 'eth0|lo|dummy0' | sort");
  return text.split("\n").map((line) =>
    line
      .replace(/\\.*/, "")
      .replace(/^\d+: /, "")
      .trim(),
  );
}

test.each(managers)(
  "$name: NIC, lo and dummy, IPv4 and IPv6, are there after a reboot, drift is repaired, and nothing is left",
  async ({ name, file, labels, operators }) => {
    const host = lab.host(name);
    const ownVip = new LabResource(vipAlias, host);
    if (operators !== undefined) {
      const text = `[Address]\\nAddress=${OPERATORS}/32\\nLabel=eth0:7\\n`;
      await host.sh(`mkdir -p ${operators} && printf '${text}' >${operators}/operators.conf`);
    }
    const before = await host.snapshot();
    const text = await host.text(`cat ${file} 2>/dev/null || true`);
    const vips = wishes.map(() => new LabResource(vipAlias, host));
    const [first] = vips;
    if (first === undefined) throw new Error("no VIPs");

    const up = () => Promise.all(vips.map((vip, index) => vip.up(wishes[index] ?? {})));
    // An operator's own drop-in is the boot configuration of its VIP.
    if (operators !== undefined) {
      const own = await ownVip.up({ role: "director", address: OPERATORS, device: "eth0", gratuitousArp: false });
      expect(own).toMatchObject({ boot: true, live: true, label: "eth0:7" });
    }
    for (const outputs of await up()) expect(outputs).toMatchObject({ boot: true, live: true });
    // The address of the NIC has not moved.
    const live = await addressesOf(host);
    expect(live).toContain(`eth0 inet ${VIP}/32 scope global eth0:0`);

    await host.reboot();
    endRun();
    for (const vip of [...vips, ...(operators === undefined ? [] : [ownVip])]) expect(await vip.drift()).toBe("none");
    const booted = await addressesOf(host);
    for (const { address } of wishes) expect(booted.filter((line) => line.includes(` ${address}/`))).toHaveLength(1);
    expect(booted.find((line) => line.includes(` ${VIP}/32`))?.endsWith("eth0:0")).toBe(labels);
    expect(await host.text("systemctl is-system-running")).toBe("running");

    await host.sh(`sed -i 's#${VIP}/32#${VIP}/24#' ${file}`);
    endRun();
    expect(await first.drift()).toBe("some");
    expect(await first.refresh()).toMatchObject({ boot: false, bootFile: "differs", live: true });
    expect(await first.repair()).toMatchObject({ boot: true, live: true });
    expect(await first.drift()).toBe("none");

    endRun();
    if (operators !== undefined) {
      // With the one file networkd gives the NIC up, and of two the first by name counts.
      for (const [path, text] of Object.entries({
        [`${operators}/broken.conf`]: "[Network",
        "/etc/systemd/network/05-first.network": "[Match]\\nName=eth[0-3]",
      })) {
        await host.sh(`printf '${text}\\n' >${path}`);
        expect(await first.refresh()).toMatchObject({ boot: false, live: true });
        await expect(first.repair()).rejects.toThrow(path);
        await host.sh(`rm ${path}`);
        endRun();
      }
      expect(await first.drift()).toBe("none");
      expect(booted).toContain(`eth0 inet ${OPERATORS}/32 scope global eth0:7`);
      await ownVip.destroy();
    }
    await Promise.all(vips.map((vip) => vip.destroy()));
    expect(differences(before, await host.snapshot())).toEqual([]);
    expect(await host.text(`cat ${file} 2>/dev/null || true`)).toBe(text);
    if (operators !== undefined) await host.sh(`rm ${operators}/operators.conf && rmdir ${operators}`);
  },
);

test("two managers on one host: each NIC's VIP is in the files of the one that has it", async () => {
  const host = lab.host("networkd1");
  const before = await host.snapshot();
  const vip = new LabResource(vipAlias, host);
  await vip.up({ role: "director", address: "192.168.2.5", device: "eth1", gratuitousArp: false });
  expect(await host.text("ls /etc/network/interfaces.d")).toBe("pulumi-lvs-eth1-192-168-2-5");
  await vip.destroy();
  expect(differences(before, await host.snapshot())).toEqual([]);
});
