import { drKernelTuning } from "../../../provider/kinds/kernel-tuning/dr";
import { FakeNetworkHost } from "../../fakes/fake-network-host";
import { ALL_IGNORE, bring, commands, edit, LEDGER, want } from "./tuning-operator";

describe("at boot", () => {
  test("false: recorded, so that it can be put back, and not set by the next boot", () => {
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
    ["/etc/sysctl.d/99-zzz.conf", "is read after ours, by its name"],
    ["/usr/lib/sysctl.d/zz.conf", "is read after ours, whatever its directory"],
    ["/etc/sysctl.conf", "is what sysctl --system reads last"],
  ])("is refused where %s sets another value: it %s", (path) => {
    const host = new FakeNetworkHost("none");
    host.files.set(path, `# ours\n-net/ipv4/conf/all/arp_ignore = 0\n`);
    expect(() => bring(host, want())).toThrow(
      `${path}, line 2, sets ${ALL_IGNORE} to 0 and is read after ${LEDGER}, so 1 would not last. Remove that line, or set "boot: false"`,
    );
    expect(commands(bring(host, want({ boot: false })))).toHaveLength(1);
  });

  test.each([
    ["/etc/sysctl.d/50-x.conf", `${ALL_IGNORE}=0`, "is read before ours"],
    ["/etc/sysctl.d/99-sysctl.conf", `${ALL_IGNORE}=0`, "is read before ours"],
    ["/etc/sysctl.conf", `${ALL_IGNORE} = 1`, "says the same"],
    ["/etc/sysctl.conf", `# ${ALL_IGNORE} = 0`, "is a comment"],
    ["/etc/sysctl.d/zz.conf", "net.ipv4.conf.*.arp_ignore = 0", "is a pattern, which a name has precedence over"],
  ])("is right although %s has %s: it %s", (path, line) => {
    const host = new FakeNetworkHost("none");
    host.files.set(path, `${line}\n`);
    bring(host, want());
    expect(drKernelTuning.observe(host.seen(), want())?.boot).toBe(true);
  });

  test("a line of ours that somebody edited is drift, and no contradiction between two who need it", () => {
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

  test("an entry of an earlier version, which did not say what it had set, is right as it is", () => {
    const host = new FakeNetworkHost("none");
    bring(host, want());
    const text = host.files.get(LEDGER) ?? "";
    host.files.set(LEDGER, text.replaceAll(/# set to: .*\n/g, ""));
    expect(drKernelTuning.observe(host.seen(), want())).toEqual(want());
    bring(host, want({ devices: ["eth0"] }));
    expect(host.files.get(LEDGER)).toContain(`# set to: ${ALL_IGNORE} = 1`);
  });

  test("a line of others' in our own file counts like one of another file", () => {
    const host = new FakeNetworkHost("none");
    bring(host, want());
    const text = host.files.get(LEDGER) ?? "";
    host.files.set(LEDGER, `${ALL_IGNORE} = 0\n${text}`);
    expect(drKernelTuning.observe(host.seen(), want())?.boot).toBe(true);
    host.files.set(LEDGER, `${text}${ALL_IGNORE} = 0\n`);
    expect(drKernelTuning.observe(host.seen(), want())?.boot).toBe(false);
    expect(() => bring(host, want())).toThrow(
      `${LEDGER}, line ${text.split("\n").length}, sets ${ALL_IGNORE} to 0 and is read after our own, so 1 would not last.`,
    );
  });

  test("a line that comes later is drift, with its file and line as soon as it is to be repaired", () => {
    const host = new FakeNetworkHost("none");
    bring(host, want());
    host.files.set("/etc/sysctl.conf", `${ALL_IGNORE} = 0\n`);
    expect(drKernelTuning.observe(host.seen(), want())?.boot).toBe(false);
    expect(() => bring(host, want())).toThrow("/etc/sysctl.conf, line 1");
  });
});
