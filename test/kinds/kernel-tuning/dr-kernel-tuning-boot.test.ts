import { drKernelTuning } from "../../../provider/kinds/kernel-tuning/dr";
import { FakeNetworkHost } from "../../fakes/fake-network-host";
import { ALL_IGNORE, bring, commands, edit, LEDGER, want } from "./tuning-operator";

describe("at boot", () => {
  test("boot: false is recorded, so that a destroy can restore it, and not set by the next boot", () => {
    const host = new FakeNetworkHost("none");
    const goal = want({ boot: false });
    bring(host, goal);
    expect(host.files.get(LEDGER)).toContain(
      `# owner until reboot: DrKernelTuning all lo\n# was: 0\n# set to: ${ALL_IGNORE} = 1\n# not at boot: ${ALL_IGNORE} = 1\n`,
    );
    expect(drKernelTuning.observe(host.seen(), goal)).toEqual(goal);
    bring(host, want());
    expect(drKernelTuning.observe(host.seen(), want())).toEqual(want());
    expect(commands(bring(host, goal))).toEqual([]);
    bring(host, undefined, goal);
    expect(host.sysctls.get(ALL_IGNORE)).toBe("0");
  });

  test.each([
    ["/etc/sysctl.d/99-zzz.conf", "is applied after ours, by its name"],
    ["/usr/lib/sysctl.d/zz.conf", "is applied after ours, whatever its directory"],
    ["/etc/sysctl.conf", "is applied last by sysctl --system"],
  ])("is refused where %s sets another value: it %s", (path) => {
    const host = new FakeNetworkHost("none");
    host.files.set(path, `# ours\n-net/ipv4/conf/all/arp_ignore = 0\n`);
    expect(() => bring(host, want())).toThrow(
      `${path}, line 2, sets ${ALL_IGNORE} to 0 and is applied after ${LEDGER}, so 1 would be lost at boot. Remove that line, or set "boot: false"`,
    );
    expect(commands(bring(host, want({ boot: false })))).toHaveLength(1);
  });

  test.each([
    ["/etc/sysctl.d/50-x.conf", `${ALL_IGNORE}=0`, "is applied before ours"],
    ["/etc/sysctl.d/99-sysctl.conf", `${ALL_IGNORE}=0`, "is applied before ours"],
    ["/etc/sysctl.conf", `${ALL_IGNORE} = 1`, "sets the same value"],
    ["/etc/sysctl.conf", `# ${ALL_IGNORE} = 0`, "has it in a comment"],
    ["/etc/sysctl.d/zz.conf", "net.ipv4.conf.*.arp_ignore = 0", "has a pattern, which a full key overrides"],
  ])("is persisted although %s has %s: it %s", (path, line) => {
    const host = new FakeNetworkHost("none");
    host.files.set(path, `${line}\n`);
    bring(host, want());
    expect(drKernelTuning.observe(host.seen(), want())?.boot).toBe(true);
  });

  test.each([
    ["with blanks at its end", `${ALL_IGNORE} = 1  `],
    ["with other blanks", `${ALL_IGNORE}=1`],
    ["with slashes", "net/ipv4/conf/all/arp_ignore = 1"],
    ["with a dash", `-${ALL_IGNORE} = 1`],
    ["with another spelling of the number", `${ALL_IGNORE} = 0x1`],
  ])("a line of ours is the same %s, and stays", (_, line) => {
    const host = new FakeNetworkHost("none");
    bring(host, want());
    const text = (host.files.get(LEDGER) ?? "").replace(`\n${ALL_IGNORE} = 1\n`, `\n${line}\n`);
    expect(text).toContain(line);
    host.files.set(LEDGER, text);
    expect(bring(host, want())).toEqual([]);
    expect(host.files.get(LEDGER)).toBe(text);
  });

  test("a line of ours that somebody edited is drift, and no conflict between its two owners", () => {
    const host = new FakeNetworkHost("none");
    const other = want({ devices: ["eth0"] });
    bring(host, want());
    bring(host, other);
    const text = host.files.get(LEDGER);
    edit(host, `${ALL_IGNORE} = 1`, `${ALL_IGNORE} = 0`);
    expect([want(), other].map((one) => drKernelTuning.observe(host.seen(), one)?.boot)).toEqual([false, false]);
    bring(host, want());
    bring(host, other);
    expect(host.files.get(LEDGER)).toBe(text);
  });

  test("entries of an early version, which did not name their setting, are accepted and rewritten", () => {
    const host = new FakeNetworkHost("none");
    bring(host, want());
    const text = host.files.get(LEDGER) ?? "";
    host.files.set(LEDGER, text.replaceAll(/# set to: .*\n/g, ""));
    expect(drKernelTuning.observe(host.seen(), want())).toEqual(want());
    bring(host, want({ devices: ["eth0"] }));
    expect(host.files.get(LEDGER)).toContain(`# set to: ${ALL_IGNORE} = 1`);
  });

  test("a line of others in our own file counts like one in another file", () => {
    const host = new FakeNetworkHost("none");
    bring(host, want());
    const text = host.files.get(LEDGER) ?? "";
    host.files.set(LEDGER, `${ALL_IGNORE} = 0\n${text}`);
    expect(drKernelTuning.observe(host.seen(), want())?.boot).toBe(true);
    host.files.set(LEDGER, `${text}${ALL_IGNORE} = 0\n`);
    expect(drKernelTuning.observe(host.seen(), want())?.boot).toBe(false);
    expect(() => bring(host, want())).toThrow(
      `${LEDGER}, line ${text.split("\n").length}, sets ${ALL_IGNORE} to 0 and is applied after our own line, so 1 would be lost at boot.`,
    );
  });

  test.each([
    ["an interface that comes up", "runs /etc/network/interfaces 9   up sysctl -w net.ipv4.conf.all.arp_ignore=0"],
    ["a loop over all", "runs /etc/rc.local 4 for i in /proc/sys/net/ipv4/conf/*/arp_ignore; do echo 0 > $i; done"],
    ["a file of a firewall", "sets /etc/ufw/sysctl.conf 12 net/ipv4/conf/all/arp_ignore=0"],
  ])("a command of the boot sets another value: %s", (_, line) => {
    const host = new FakeNetworkHost("none");
    bring(host, want());
    host.bootCommands.push(line);
    expect(drKernelTuning.observe(host.seen(), want())?.boot).toBe(false);
    const [, path, number] = line.split(" ");
    expect(() => bring(host, want())).toThrow(
      `${path}, line ${number}, sets ${ALL_IGNORE} to 0 and is applied after ${LEDGER}, so 1 would be lost at boot. Remove that line, or set "boot: false"`,
    );
    expect(commands(bring(host, want({ boot: false })))).toEqual([]);
  });

  test("a script that is started and stopped sets both values, and one that sets ours is no rival", () => {
    const host = new FakeNetworkHost("none");
    for (const value of ["1", "0"]) {
      host.bootCommands.push(`runs /etc/init.d/lvs 3 echo "${value}" >/proc/sys/net/ipv4/conf/all/arp_ignore`);
    }
    host.bootCommands.push("runs /etc/rc.local 2 sysctl -w net.ipv4.conf.all.arp_announce=2");
    bring(host, want());
    expect(drKernelTuning.observe(host.seen(), want())?.boot).toBe(true);
  });

  test("a line applied after ours is drift, and repairing it fails with that file and line", () => {
    const host = new FakeNetworkHost("none");
    bring(host, want());
    host.files.set("/etc/sysctl.conf", `${ALL_IGNORE} = 0\n`);
    expect(drKernelTuning.observe(host.seen(), want())?.boot).toBe(false);
    expect(() => bring(host, want())).toThrow("/etc/sysctl.conf, line 1");
  });
});
