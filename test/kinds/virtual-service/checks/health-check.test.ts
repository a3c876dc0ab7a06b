import { fragmentPath, MAIN_FILE } from "../../../../provider/facts/keepalived/paths";
import { keepRules } from "../../../../provider/kinds/virtual-service/checks/keep-rules";
import { virtualService } from "../../../../provider/kinds/virtual-service/kind";
import type { VirtualService, WantedVirtualService } from "../../../../provider/model/ipvs/virtual-service";
import { FakeDirector } from "../../../fakes/fake-director";
import { wanted } from "../../ipvs-operator";

const INSTANCE = "vrrp_instance theirs {\n    interface eth0\n}\n";

const FILE = "/etc/keepalived/pulumi-lvs.d/tcp-192.168.4.5-80.conf";
const [WEB1, WEB2] = ["192.168.4.100:80", "192.168.4.200:80"];
const service = (fields: object = {}) =>
  wanted<WantedVirtualService>(virtualService, {
    protocol: "tcp",
    address: "192.168.4.5:80",
    realServers: { "192.168.4.100": {}, "192.168.4.200": { weight: 2 } },
    healthCheck: { tcp: {} },
    ...fields,
  });
const checked = service();
const unchecked = service({ healthCheck: undefined });

const kernelView = { ...unchecked, boot: false };
/** In the kernel. */
const weights = (host: FakeDirector) => {
  const { realServers = {} } = observed(host, kernelView) ?? {};
  return Object.fromEntries(Object.entries(realServers).map(([address, { weight }]) => [address, weight]));
};
const observed = (host: FakeDirector, want: WantedVirtualService) => host.observe(virtualService, want);

/** A host on which it is so. */
function hostWith(want: WantedVirtualService): FakeDirector {
  const host = new FakeDirector("debian");
  host.pass(virtualService, want);
  return host;
}

/** What a pass of this host wrote: rules, and how its keepalived read. */
function passOn(host: FakeDirector, want: WantedVirtualService | undefined, known?: VirtualService): string[] {
  return host
    .pass(virtualService, want, want ?? checked, known)
    .filter((line) => /^ipvsadm|^edit/.test(line))
    .map((line) => line.replace(/: .*/, ""));
}

describe("a service with a check", () => {
  test("has its rules first, then its file, and nothing among the rules for boot", () => {
    const host = new FakeDirector("debian");
    expect(passOn(host, checked)).toEqual([
      "ipvsadm -A -t 192.168.4.5:80 -s wlc",
      "ipvsadm -a -t 192.168.4.5:80 -r 192.168.4.100:80 -g -w 1",
      "ipvsadm -a -t 192.168.4.5:80 -r 192.168.4.200:80 -g -w 2",
      "edit /var/lib/pulumi-lvs/before",
      `edit ${FILE}`,
      "edit /etc/keepalived/keepalived.conf",
      "edit /etc/systemd/system/keepalived.service.d/10-pulumi-lvs.conf",
    ]);
    expect(host.keepalived.did).toEqual(["start"]);
    expect(host.files.get("/etc/ipvsadm.rules")).not.toContain("-A");
    expect(observed(host, checked)).toEqual(checked);
    expect(passOn(host, checked)).toEqual([]);
  });

  test("leaves a host as it found it", () => {
    const host = new FakeDirector("debian");
    const before = host.state();
    host.pass(virtualService, checked);
    host.pass(virtualService, undefined, checked, checked);
    expect(host.state()).toEqual(before);
  });
});

describe.each(["weight0", "remove"])("a server that is out (%s)", (onFailure) => {
  const want = service({ healthCheck: { tcp: {}, onFailure } });
  function hostWithDead() {
    const host = hostWith(want);
    host.checkers.dead.add(WEB2);
    host.checkers.check();
    return host;
  }
  const out = onFailure === "remove" ? undefined : 0;

  test("is no difference", () => {
    const host = hostWithDead();
    expect(weights(host)[WEB2]).toBe(out);
    expect(observed(host, want)).toEqual(want);
    expect(passOn(host, want)).toEqual([]);
  });

  test("stays out when something else changes", () => {
    const host = hostWithDead();
    const other = service({
      scheduler: "rr",
      realServers: { "192.168.4.100": {}, "192.168.4.200": { weight: 5, upperThreshold: 9 } },
      healthCheck: { tcp: {}, onFailure },
    });
    host.pass(virtualService, other, other, want);
    expect(weights(host)).toEqual({ [WEB1]: 1, ...(out === 0 && { [WEB2]: 0 }) });
    expect(observed(host, other)).toEqual(other);
    host.checkers.dead.clear();
    host.checkers.check();
    expect(weights(host)).toEqual({ [WEB1]: 1, [WEB2]: 5 });
    expect(observed(host, other)).toEqual(other);
  });

  test("is looked at anew after somebody has raised its weight", () => {
    const host = hostWithDead();
    host.ipvsadm(`-${onFailure === "remove" ? "a" : "e"} -t 192.168.4.5:80 -r ${WEB2} -g -w 77`);
    host.checkers.check();
    expect(observed(host, want)?.realServers?.[WEB2]?.weight).toBe(77);
    host.pass(virtualService, want);
    expect(weights(host)[WEB2]).toBe(2);
    expect(observed(host, want)).toEqual(want);
    host.checkers.check();
    expect(weights(host)[WEB2]).toBe(out);
  });

  test("is removed with the program's", () => {
    const host = hostWithDead();
    const less = service({ realServers: { "192.168.4.100": {} }, healthCheck: { tcp: {}, onFailure } });
    host.pass(virtualService, less, less, want);
    expect(weights(host)).toEqual({ [WEB1]: 1 });
    expect(observed(host, less)).toEqual(less);
  });

  test("serves again when it is checked no more", () => {
    const host = hostWithDead();
    host.pass(virtualService, unchecked, unchecked, want);
    expect(weights(host)).toEqual({ [WEB1]: 1, [WEB2]: 2 });
  });
});

describe("what somebody else does", () => {
  test("any other weight than that of the program is one too many", () => {
    const host = hostWith(checked);
    host.ipvsadm(`-e -t 192.168.4.5:80 -r ${WEB1} -g -w 77`);
    expect(observed(host, checked)?.realServers?.[WEB1]?.weight).toBe(77);
    expect(observed(host, checked)?.boot).toBe(true);
    host.pass(virtualService, checked);
    expect(observed(host, checked)).toEqual(checked);
  });

  test("a server or a service that is gone comes back, and is out again if it is dead", () => {
    const host = hostWith(checked);
    host.checkers.dead.add(WEB1);
    host.checkers.check();
    for (const rule of [`-d -t 192.168.4.5:80 -r ${WEB1}`, "-D -t 192.168.4.5:80"]) {
      host.ipvsadm(rule);
      expect(observed(host, checked)).not.toEqual(checked);
      host.pass(virtualService, checked);
      host.checkers.check();
      expect(weights(host)).toEqual({ [WEB1]: 0, [WEB2]: 2 });
      expect(observed(host, checked)).toEqual(checked);
    }
  });

  test.each(["-D -t 192.168.4.5:80", `-d -t 192.168.4.5:80 -r ${WEB1}`])(
    "what the daemon was not told of, and adds as its file says before our rules come, is no obstacle (%s)",
    (rule) => {
      const host = hostWith(service({ realServers: { "192.168.4.100": { weight: 5 } }, scheduler: "rr" }));
      const text = host.files.get(FILE) ?? "";
      host.files.delete(FILE);
      host.keepalived.reload();
      host.checkers.read([]);
      host.files.set(FILE, text);
      host.ipvsadm("-A -t 192.168.4.5:80 -s rr");
      host.ipvsadm(`-a -t 192.168.4.5:80 -r ${WEB1} -g -w 5`);
      host.ipvsadm(rule);
      host.pass(virtualService, checked);
      expect(observed(host, checked)).toEqual(checked);
    },
  );

  test("what the daemon does by an older file of ours before our rules come is no obstacle", () => {
    const one = service({ realServers: { "192.168.4.100": { weight: 5 } }, scheduler: "rr" });
    const host = hostWith(one);
    const text = host.files.get(FILE) ?? "";
    host.pass(virtualService, checked, checked, one);
    host.files.set(FILE, text);
    host.pass(virtualService, one);
    expect(observed(host, one)).toEqual(one);
  });

  test.each([
    ["interval", (text: string) => text.replaceAll("delay_loop 2", "delay_loop 9"), { healthCheck: { interval: 9 } }],
    [
      "one server's",
      (text: string) => text.replace("retry 1", "retry 7"),
      { realServers: { [WEB1]: { healthCheck: { retries: 7 } } } },
    ],
    ["a weight", (text: string) => text.replace("weight 2", "weight 9"), {}],
    [
      "what becomes of a server",
      (text: string) => text.replaceAll("inhibit_on_failure\n", "\n"),
      { healthCheck: { onFailure: "remove" } },
    ],
    ["a line of theirs", (text: string) => text.replace("lvs_sched", "quorum 2\n    lvs_sched"), {}],
  ])("%s in the file is seen, and put right", (_, edit, seen) => {
    const host = hostWith(checked);
    host.files.set(FILE, edit(host.files.get(FILE) ?? ""));
    expect(observed(host, checked)).toMatchObject({ boot: false, ...seen });
    host.pass(virtualService, checked);
    expect(observed(host, checked)).toEqual(checked);
  });

  test.each([
    ["the daemon is stopped", (host: FakeDirector) => host.keepalived.stop()],
    ["it is disabled", (host: FakeDirector) => (host.keepalived.enabled = "disabled")],
    ["our file is gone", (host: FakeDirector) => host.files.delete(FILE)],
    ["the main file is another", (host: FakeDirector) => host.files.set("/etc/keepalived/keepalived.conf", "\n")],
  ])("%s", (_, act) => {
    const host = hostWith(checked);
    act(host);
    expect(observed(host, checked)?.boot).toBe(false);
    host.pass(virtualService, checked, checked, checked);
    expect(observed(host, checked)).toEqual(checked);
  });
});

describe("on a service that is there already", () => {
  test("the rules for boot are those of keepalived's file, and no others", () => {
    const host = hostWith(unchecked);
    expect(host.files.get("/etc/ipvsadm.rules")).toContain("-A -t 192.168.4.5:80");
    const rules = rulesOf(host);
    expect(passOn(host, checked, unchecked).filter((line) => line.startsWith("ipvsadm"))).toEqual([]);
    expect(host.files.get("/etc/ipvsadm.rules")).not.toContain("-A");
    expect(rulesOf(host)).toEqual(rules);
    expect(observed(host, checked)).toEqual(checked);
  });

  test("it is turned off again, and the service stays", () => {
    const host = hostWith(unchecked);
    const before = host.state();
    host.pass(virtualService, checked, checked, unchecked);
    host.pass(virtualService, unchecked, unchecked, checked);
    expect(host.state()).toEqual(before);
    expect(observed(host, unchecked)).toEqual(unchecked);
  });

  test("one that would take all servers out is put back", () => {
    const host = hostWith(checked);
    host.checkers.dead.add(WEB1).add(WEB2);
    const text = host.files.get(FILE);
    const wrong = service({ healthCheck: { http: { path: "/nope" } } });
    expect(() => host.pass(virtualService, wrong, wrong, checked)).toThrow("this takes every server out");
    expect(host.files.get(FILE)).toBe(text);
    expect(weights(host)).toEqual({ [WEB1]: 1, [WEB2]: 2 });
  });

  test("and so is the first one", () => {
    const host = hostWith(unchecked);
    host.checkers.dead.add(WEB1).add(WEB2);
    expect(() => host.pass(virtualService, checked, checked, unchecked)).toThrow("this takes every server out");
    expect(host.files.has(FILE)).toBe(false);
    expect(weights(host)).toEqual({ [WEB1]: 1, [WEB2]: 2 });
    expect(host.files.get("/etc/ipvsadm.rules")).toContain("-A -t 192.168.4.5:80");
  });

  test.each([
    ["one server is dead", [WEB1], checked],
    [
      "a weight changes",
      [WEB1, WEB2],
      service({ realServers: { "192.168.4.100": { weight: 4 }, "192.168.4.200": {} } }),
    ],
  ])("nothing is put back where %s", (_, dead, want) => {
    const host = hostWith(want === checked ? service({ healthCheck: { ping: {} } }) : checked);
    for (const address of dead) host.checkers.dead.add(address);
    host.pass(virtualService, want, want, checked);
    expect(observed(host, want)).toEqual(want);
  });
});

describe("a host is refused", () => {
  const passes =
    (act: (host: FakeDirector) => void, want = checked) =>
    () => {
      const host = new FakeDirector("debian");
      act(host);
      host.pass(virtualService, want);
    };

  test("without keepalived", () => {
    expect(
      passes((host) => {
        host.keepalived.version = undefined;
      }),
    ).toThrow("keepalived is not installed on this host");
  });

  test.each([
    [
      "1.3.5",
      {},
      "healthCheck needs keepalived 2.0.4, and this host has 1.3.5: earlier ones cannot test a configuration before they run it",
    ],
    ["2.0.6", { scheduler: "mh" }, "scheduler mh needs keepalived 2.0.7, and this host has 2.0.6"],
    ["2.2.4", { scheduler: "twos" }, "scheduler twos needs keepalived 2.2.5, and this host has 2.2.4"],
    [
      "2.0.10",
      { healthCheck: { http: { status: [200, 204] } } },
      "more than one status needs keepalived 2.0.17, and this host has 2.0.10",
    ],
    [
      "2.0.10",
      { healthCheck: { tcp: {}, interval: 0.5 } },
      "a fraction of a second in healthCheck needs keepalived 2.0.17, and this host has 2.0.10",
    ],
    [
      "2.0.17",
      { realServers: { "192.168.4.100": { forwarding: "tunnel", tunnel: { type: "gre" } } } },
      "tunnel gue or gre needs keepalived 2.0.18, and this host has 2.0.17",
    ],
    [
      "2.0.20",
      { healthCheck: { udp: {}, port: 53 } },
      "healthCheck.udp needs keepalived 2.1.0, and this host has 2.0.20",
    ],
    ["2.0.20", { healthCheck: { ping: {} } }, "healthCheck.ping needs keepalived 2.1.0, and this host has 2.0.20"],
    [
      "2.1.5",
      { realServers: { "192.168.4.100": {}, "192.168.4.200": { weight: 0 } } },
      "weight 0 together with healthCheck needs keepalived 2.2.0, and this host has 2.1.5: earlier ones make it 1 when they start. Leave the server out, or drain out",
    ],
  ])("with keepalived %s and %j", (version, fields, reason) => {
    const act = (host: FakeDirector) => {
      host.keepalived.version = version;
    };
    expect(passes(act, service(fields))).toThrow(reason);
  });

  test("where a file of somebody else's has the service", () => {
    const act = (host: FakeDirector) => {
      host.files.set("/etc/keepalived/keepalived.conf", "\nvirtual_server 192.168.4.5 80 {\n    protocol TCP\n}\n");
      host.keepalived.activeState = "active";
    };
    expect(passes(act)).toThrow(
      "/etc/keepalived/keepalived.conf, line 2, has virtual_server 192.168.4.5 80, which is tcp 192.168.4.5:80. Remove it there",
    );
    const other = (host: FakeDirector) => {
      act(host);
      const text = host.files.get("/etc/keepalived/keepalived.conf") ?? "";
      host.files.set("/etc/keepalived/keepalived.conf", text.replace("TCP", "UDP"));
    };
    expect(passes(other)).not.toThrow();
  });
});

test("a check that no state knows of goes with the next run, and the service stays", () => {
  const host = hostWith(checked);
  const rules = rulesOf(host);
  expect(observed(host, unchecked)).toMatchObject({ healthCheck: {}, boot: false });
  host.pass(virtualService, unchecked);
  expect(host.files.has(FILE)).toBe(false);
  expect(rulesOf(host)).toEqual(rules);
  expect(observed(host, unchecked)).toEqual(unchecked);
});

describe("a service that is checked no more, of which keepalived", () => {
  const beside = {
    "has nothing else": () => {},
    "has another file of ours": (host: FakeDirector) => host.files.set(fragmentPath("vrrp-eth0-51"), INSTANCE),
    "has work of somebody else's": (host: FakeDirector) => {
      host.files.set(MAIN_FILE, `${INSTANCE}${host.files.get(MAIN_FILE) ?? ""}`);
    },
  };

  test.each(Object.entries(beside))("%s, and whose file somebody has removed, stays", (_, act) => {
    const host = hostWith(checked);
    act(host);
    host.keepalived.reload();
    const { activeState } = host.keepalived;
    host.files.delete(FILE);
    expect(observed(host, unchecked)).toMatchObject({ healthCheck: {} });
    const rules = rulesOf(host);
    host.pass(virtualService, unchecked);
    expect(rulesOf(host)).toEqual(rules);
    expect(observed(host, unchecked)).toEqual(unchecked);
    expect(host.keepalived.loaded.has("tcp-192.168.4.5-80")).toBe(false);
    expect(host.keepalived.activeState).toBe(act === beside["has nothing else"] ? "inactive" : activeState);
  });

  test("has work of somebody else's since then leaves it that", () => {
    const host = hostWith(checked);
    beside["has work of somebody else's"](host);
    host.pass(virtualService, unchecked);
    expect(host.keepalived.activeState).toBe("active");
    expect(host.files.get(MAIN_FILE)).toBe(INSTANCE);
  });
});

test("rules that a cut run adds again and again go with the service, also where somebody has just deleted it", () => {
  const host = hostWith(checked);
  const before = new FakeDirector("debian").state();
  host.execute(keepRules("tcp-192.168.4.5-80", ["-A -t 192.168.4.5:80 -s wlc"]).command);
  host.pass(virtualService, unchecked);
  host.execute(keepRules("tcp-192.168.4.5-80", ["-A -t 192.168.4.5:80 -s wlc"]).command);
  host.ipvsadm("-D -t 192.168.4.5:80");
  host.pass(virtualService, undefined, unchecked, unchecked);
  expect(host.state()).toEqual(before);
  expect(host.checkers.kept.size).toBe(0);
});

function rulesOf(host: FakeDirector): unknown {
  return (host.state() as { readonly rules: unknown }).rules;
}
