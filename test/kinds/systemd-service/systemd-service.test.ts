import fc from "fast-check";
import { systemdService as kind, plan } from "../../../provider/kinds/systemd-service/kind";
import type { WantedService } from "../../../provider/kinds/systemd-service/schema";
import { refusals } from "../../fakes/fake-host";
import { FakeSystemdHost } from "../../fakes/fake-systemd-host";

const want = (input: object = {}): WantedService => kind.schema.parse({ name: "nginx", ...input });
const NGINX = "nginx.service";

let host: FakeSystemdHost;

beforeEach(() => {
  host = new FakeSystemdHost();
});

test.each([
  ["off and out", { active: "active", file: "enabled" }, { running: false, enabled: "disabled" }, ["stop", "disable"]],
  ["on and in", { active: "inactive", file: "disabled" }, {}, ["enable", "start"]],
  ["a failed one is started", { active: "failed", file: "enabled" }, {}, ["start"]],
  ["one in a loop of restarts is stopped", { active: "activating", file: "enabled" }, { running: false }, ["stop"]],
  ["masked: stopped first", { active: "active", file: "enabled" }, { enabled: "masked" }, ["stop", "mask"]],
  ["unmasked before anything else", { active: "inactive", file: "masked" }, {}, ["unmask", "enable", "start"]],
  [
    "masked for this boot only is not masked",
    { active: "inactive", file: "masked-runtime" },
    { enabled: "masked" },
    ["unmask --runtime", "mask"],
  ],
  ["enabled for this boot only is not enabled", { active: "active", file: "enabled-runtime" }, {}, ["enable"]],
  [
    "enabled for this boot only is as good as disabled",
    { active: "active", file: "enabled-runtime" },
    { enabled: "disabled" },
    [],
  ],
  [
    "static is as good as disabled",
    { active: "inactive", file: "static" },
    { running: true, enabled: "disabled" },
    ["start"],
  ],
  ["already as desired", { active: "active", file: "enabled" }, {}, []],
])("%s", (_, was, input, moves) => {
  host.units.set(NGINX, { ...was });
  expect(host.pass(kind, want(input)).length).toBe(moves.length + 1);
  expect(host.commands).toEqual(moves.map((move) => `${move} ${NGINX}`));
  expect(host.pass(kind, want(input))).toEqual([]);
});

test("the original state is recorded once, before the first change, and restored by a delete", () => {
  host.units.set(NGINX, { active: "inactive", file: "disabled" });
  expect(host.pass(kind, want())[0]).toBe(
    'edit /var/lib/pulumi-lvs/before: record how nginx.service was: {"running":false,"enabled":"disabled"}',
  );
  host.units.set(NGINX, { active: "failed", file: "masked" });
  host.pass(kind, want());
  expect(host.observe(kind, want())).toMatchObject({
    running: true,
    enabled: "enabled",
    before: { running: false, enabled: "disabled" },
  });
  host.commands.length = 0;
  host.pass(kind, undefined, want());
  expect(host.commands).toEqual([`stop ${NGINX}`, `disable ${NGINX}`]);
  expect([...host.files]).toEqual([]);
  expect(host.pass(kind, undefined, want())).toEqual([]);
});

test("a unit that was removed with its package is absent, and its delete does nothing", () => {
  host.units.set(NGINX, { active: "active", file: "enabled" });
  host.pass(kind, want({ enabled: "disabled" }));
  host.units.clear();
  host.commands.length = 0;
  host.pass(kind, undefined, want());
  expect(host.commands).toEqual([]);
  expect([...host.files]).toEqual([]);
  expect(host.observe(kind, want())).toBeUndefined();
});

test("a unit can be masked before its package is installed", () => {
  host.pass(kind, want({ enabled: "masked" }));
  expect(host.commands).toEqual([`mask ${NGINX}`]);
  expect(host.pass(kind, want({ enabled: "masked" }))).toEqual([]);
});

test.each([
  [
    "no such unit",
    undefined,
    {},
    "this host has no unit nginx.service: install its package first, with a Package, and let this service depend on it",
  ],
  [
    "a unit that cannot be enabled",
    "static",
    {},
    'enabled: nginx.service is static: it has no [Install] section, so it cannot be enabled; another unit starts it when needed. Set enabled: "disabled", which does not change that',
  ],
])("refuses %s", (_, file, input, message) => {
  if (file !== undefined) host.units.set(NGINX, { active: "inactive", file });
  expect(() => host.pass(kind, want(input))).toThrow(message);
});

describe("our SSH access", () => {
  const off = { running: false, enabled: "disabled" };

  test.each([
    ["sshd", off, "running"],
    ["ssh.service", { enabled: "masked" }, "running"],
    ["sshd", { enabled: "disabled" }, "enabled"],
    ["ssh.socket", off, "running"],
  ])("%s is not turned off: %j", (name, input, property) => {
    const problem = kind.lockoutProblem?.(want({ name, ...input }), { address: "192.0.2.1", port: 22 });
    expect(problem).toEqual({
      property,
      reason:
        "would cut off our SSH access to the host: set allowCuttingOff: true if you have another way in, such as a console",
    });
    expect(
      kind.lockoutProblem?.(want({ name, ...input, allowCuttingOff: true }), { address: "192.0.2.1", port: 22 }),
    ).toBeUndefined();
  });

  test("sshd may be turned on", () => {
    expect(kind.lockoutProblem?.(want({ name: "sshd" }), { address: "192.0.2.1", port: 22 })).toBeUndefined();
  });

  const NM = "NetworkManager.service";
  const kept = "address 192.0.2.1\ndevice eth0\nNetworkManager connected\n";

  test.each([
    [
      "manages our device",
      kept,
      '"systemctl stop NetworkManager.service" may cut off our SSH access to this host: NetworkManager manages eth0, which has 192.0.2.1 that our session uses. Set allowCuttingOff: true if it does not, or if you have another way in',
    ],
    [
      "may manage our device",
      "",
      '"systemctl stop NetworkManager.service" may cut off our SSH access to this host: the network interface of our session is unknown. Set allowCuttingOff: true if it does not, or if you have another way in',
    ],
  ])("a network manager that %s is not turned off", (_, way, message) => {
    host.units.set(NM, { active: "active", file: "enabled" });
    host.sshPath = way;
    expect(() => host.pass(kind, want({ name: "NetworkManager", ...off }))).toThrow(message);
    expect(host.commands).toEqual([]);
    host.pass(kind, want({ name: "NetworkManager", ...off, allowCuttingOff: true }));
    expect(host.commands).toEqual([`stop ${NM}`, `disable ${NM}`]);
  });

  test("NetworkManager may be stopped where another manager has our device, and the other way round", () => {
    host.units.set(NM, { active: "active", file: "enabled" });
    host.sshPath = "address 192.0.2.1\ndevice eth0\nNetworkManager unmanaged\nnetwork has a file\n";
    host.pass(kind, want({ name: "NetworkManager", ...off }));
    expect(host.commands).toEqual([`stop ${NM}`, `disable ${NM}`]);
    host.units.set("network.service", { active: "active", file: "enabled" });
    expect(() => host.pass(kind, want({ name: "network", ...off }))).toThrow("network manages eth0");
  });

  test("a delete that would restore a stopped network manager is refused, too, unless it is allowed", () => {
    host.units.set(NM, { active: "inactive", file: "disabled" });
    host.sshPath = "address 192.0.2.1\ndevice eth0\nNetworkManager unmanaged\n";
    const record = want({ name: "NetworkManager" });
    host.pass(kind, record);
    host.sshPath = kept;
    expect(() => host.pass(kind, undefined, record)).toThrow("NetworkManager manages eth0");
    host.pass(kind, undefined, { ...record, allowCuttingOff: true });
    expect(host.units.get(NM)).toEqual({ active: "inactive", file: "disabled" });
  });
});

test.each([
  ["no name", { name: "" }, 'name: must be the name of a unit, such as "nginx" or "rpcbind.socket"'],
  ["an option", { name: "--now" }, 'name: must be the name of a unit, such as "nginx" or "rpcbind.socket"'],
  [
    "a target",
    { name: "multi-user.target" },
    "name: must be a service, socket, timer or path: starting or stopping a target or a mount affects other units",
  ],
  ["a template", { name: "openvpn@" }, 'name: is a template: name an instance of it, such as "openvpn@office"'],
  ["an unknown word", { enabled: "on" }, "enabled: must be one of enabled, disabled, masked"],
  [
    "a masked one that runs",
    { enabled: "masked", running: true },
    "running: must be false for a masked service: nothing can start it",
  ],
  ["an output", { before: { running: true, enabled: "enabled" } }, "before: is an output"],
])("refuses %s", (_, input, message) => {
  expect(refusals(kind, { name: "nginx", ...input })).toEqual([message]);
});

test("a plan from the state alone", () => {
  const before = { running: false, enabled: "disabled" };
  expect(plan(want(), { name: NGINX, running: true, enabled: "enabled", before })).toEqual([]);
  expect(plan(want(), { name: NGINX, running: false, enabled: "enabled", before })).toHaveLength(1);
});

const files = fc.constantFrom("enabled", "disabled", "masked", "masked-runtime", "enabled-runtime", "linked");
const actives = fc.constantFrom("active", "inactive", "failed", "activating", "reloading");
const wishes = fc.constantFrom(
  {},
  { running: false },
  { enabled: "disabled" },
  { running: false, enabled: "disabled" },
  { enabled: "masked" },
);

test("from any state to any other, one pass is enough, a second does nothing, and a delete restores", () => {
  fc.assert(
    fc.property(actives, files, wishes, wishes, (active, file, first, second) => {
      const fake = new FakeSystemdHost();
      fake.units.set(NGINX, { active, file });
      for (const input of [first, second]) {
        fake.pass(kind, want(input));
        expect(fake.pass(kind, want(input))).toEqual([]);
      }
      fake.pass(kind, undefined, want(second));
      const after = fake.units.get(NGINX);
      expect(after?.file.startsWith("masked")).toBe(file.startsWith("masked"));
      expect(after?.file === "enabled").toBe(file === "enabled");
      if (active === "active" && !file.startsWith("masked")) expect(after?.active).toBe("active");
      expect([...fake.files]).toEqual([]);
    }),
  );
});

test.each([
  ["/bin/sh: 1: systemctl: not found", "has no systemd"],
  ["System has not been booted with systemd as init system (PID 1). Can't operate.", "is it a container?"],
  ["Failed to start nosuch.service: Unit nosuch.service not found.", "install its package first"],
  ["nginx.service: Start request repeated too quickly.", "reset-failed"],
  ["Failed to mask unit: File /etc/systemd/system/ssh.service already exists.", "disable it instead"],
])("advises on %j", (said, advice) => {
  const found = (kind.advice ?? []).filter(({ when }) => when.test(said));
  expect(found.map(({ say }) => say).join("\n")).toContain(advice);
  expect(found).toHaveLength(1);
});
