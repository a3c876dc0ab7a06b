import { systemdService } from "../../../provider/kinds/systemd-service/kind.ts";
import { useLab } from "../../support/use-lab.ts";
import { endRun, LabResource } from "../resource.ts";

/** SystemdService on a real host: what systemctl says, and what a boot does. */

const lab = useLab({ hosts: ["web1"], releases: { web1: "trixie" } });
const web = () => lab.host("web1");
const nginx = () => web().text("systemctl is-active nginx; systemctl is-enabled nginx 2>/dev/null; true");
const units = () =>
  web().text(`systemctl list-unit-files --no-legend --no-pager
find /etc/systemd /etc/rc*.d /var/lib/pulumi-lvs -printf '%p %l\\n' 2>/dev/null | sed 's# /lib/# /usr/lib/#' | sort`);

afterEach(() => endRun());

test("a service is stopped and disabled, stays so after a boot, is changed in place, and restored", async () => {
  const before = await units();
  const off = new LabResource(systemdService, web());
  expect(await off.up({ name: "nginx", running: false, enabled: "disabled" })).toMatchObject({
    name: "nginx.service",
    running: false,
    enabled: "disabled",
    before: { running: true, enabled: "enabled" },
  });
  expect(await nginx()).toBe("inactive\ndisabled");
  expect(await off.drift()).toBe("none");

  endRun();
  await web().sh("systemctl enable nginx; systemctl start nginx");
  expect(await off.drift()).toBe("some");
  await off.repair();
  expect(await nginx()).toBe("inactive\ndisabled");

  endRun();
  await web().reboot();
  expect(await nginx()).toBe("inactive\ndisabled");
  expect(await off.drift()).toBe("none");

  await off.up({ name: "nginx.service", enabled: "masked" });
  expect(await nginx()).toBe("inactive\nmasked");
  await off.up({ name: "nginx", running: true, enabled: "disabled" });
  expect(await nginx()).toBe("active\ndisabled");

  await off.destroy();
  expect(await nginx()).toBe("active\nenabled");
  expect(await units()).toBe(before);
});

test("a static unit is refused with enabled", async () => {
  const statd = new LabResource(systemdService, web());
  await expect(statd.up({ name: "systemd-tmpfiles-clean" })).rejects.toThrow(
    'systemd-tmpfiles-clean.service is static: it has no [Install] section, so it cannot be enabled; another unit starts it when needed. Set enabled: "disabled"',
  );
});

test("is-enabled tells whether an init script is enabled", async () => {
  const ipvsadm = new LabResource(systemdService, web());
  const was = await web().text("systemctl is-enabled ipvsadm 2>/dev/null | tail -n 1");
  expect(was).toBe("enabled");
  const before = await units();
  await ipvsadm.up({ name: "ipvsadm", enabled: "disabled" });
  expect(await web().text("systemctl is-enabled ipvsadm 2>/dev/null | tail -n 1")).toBe("disabled");
  expect(await ipvsadm.drift()).toBe("none");
  await ipvsadm.destroy();
  expect(await units()).toBe(before);
});

test("a missing unit, a start that fails, and sshd are errors with the reason", async () => {
  await expect(new LabResource(systemdService, web()).up({ name: "nosuch" })).rejects.toThrow(
    "this host has no unit nosuch.service: install its package first",
  );
  await expect(new LabResource(systemdService, web()).up({ name: "ssh", running: false })).rejects.toThrow(
    "running would cut off our SSH access to the host: set allowCuttingOff: true if you have another way in, such as a console",
  );
  await web().sh("echo bad > /etc/nginx/conf.d/bad.conf; systemctl stop nginx");
  const broken = new LabResource(systemdService, web());
  await expect(broken.up({ name: "nginx" })).rejects.toThrow(
    /\$ .*systemctl start[\s\S]*unknown directive "bad"|unexpected end of file/,
  );
  await web().sh("rm /etc/nginx/conf.d/bad.conf; systemctl start nginx");
  await new LabResource(systemdService, web()).up({ name: "nginx" }).then(() => undefined);
  await web().sh("rm -rf /var/lib/pulumi-lvs");
});

test("the network manager of our session is not stopped; one of another network is", async () => {
  const networking = new LabResource(systemdService, web());
  // The lab connects to mgmt0, which ifupdown does not know.
  const isIfupdown2 = web().release === "ifupdown2";
  const state = isIfupdown2 ? "/var/tmp/network/ifstatenew" : "/run/network/ifstate";
  await web().sh(`cp -p ${state} /run/state.was; ${isIfupdown2 ? IFUP_MGMT0 : `echo mgmt0=mgmt0 >> ${state}`}`);
  await expect(networking.up({ name: "networking", enabled: "disabled" })).rejects.toThrow(
    '"systemctl disable networking.service" may cut off our SSH access to this host: networking manages mgmt0, which has 10.99.0.21 that our session uses',
  );
  await networking.up({ name: "networking", enabled: "disabled", allowCuttingOff: true });
  await web().sh(`cp -p /run/state.was ${state}`);
  await networking.up({ name: "networking", enabled: "disabled" });
  await networking.destroy();
  expect(await web().text("systemctl is-active networking; systemctl is-enabled networking")).toBe("active\nenabled");
});

/** As it is up already, this changes nothing but what ifupdown2 knows. */
const IFUP_MGMT0 = `printf 'iface mgmt0\\n  address 10.99.0.21/24\\n' > /run/mgmt0 && ifup -i /run/mgmt0 mgmt0`;
