import type { Files } from "../../../provider/facts/files/lines";
import { earlyLoadProblem, laterOption, loadProblem, optionIn } from "../../../provider/facts/files/module-loading";

const LOCAL = "/etc/modprobe.d/local.conf";
const OURS = "/etc/modprobe.d/zz-pulumi-lvs-ip_vs.conf";

const host = (texts: Readonly<Record<string, string>>): Files =>
  new Map(
    Object.entries(texts).map(([path, text]) => [
      path,
      text === "" ? [] : text.split("\n").map((line, index) => ({ number: index + 1, text: line })),
    ]),
  );

test.each([
  ["false", "install ip_vs /bin/false", `${LOCAL}, line 1, runs "/bin/false" where ip_vs is to be loaded`],
  ["a dash, tabs and blanks", "# x\n\tinstall\tip-vs   /bin/true ", `${LOCAL}, line 2, runs "/bin/true"`],
  ["a pattern", "install ip_* /bin/false", `${LOCAL}, line 1`],
  ["a continued line", "install \\\nip_vs \\\n/bin/false", `${LOCAL}, line 1, runs "/bin/false"`],
  ["a pattern for others", "install ip_vs_* /bin/false", undefined],
  ["another module", "install ip_vs_wrr /bin/false", undefined],
  ["a comment", "#install ip_vs /bin/false", undefined],
  ["a continued comment", "# \\\ninstall ip_vs /bin/false", undefined],
  [
    "a command that loads it as well",
    "install ip_vs /sbin/modprobe --ignore-install ip_vs $CMDLINE_OPTS; logger x",
    undefined,
  ],
  ["the short option", "install ip_vs modprobe -i ip_vs && logger x", undefined],
  ["a blacklist, which counts for aliases only", "blacklist ip_vs", undefined],
])("install in modprobe.d: %s", (_, text, problem) => {
  const found = loadProblem(host({ [LOCAL]: text }), "ip_vs");
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(problem);
});

test.each([
  ["blacklist", { [LOCAL]: "blacklist ip-vs" }, `${LOCAL}, line 1, blacklists ip_vs`],
  ["a package's", { "/usr/lib/modprobe.d/a.conf": "blacklist ip_vs" }, "/usr/lib/modprobe.d/a.conf, line 1"],
  ["a package's, masked", { "/usr/lib/modprobe.d/a.conf": "blacklist ip_vs", "/etc/modprobe.d/a.conf": "" }, undefined],
  [
    "the kernel's command line",
    { "/proc/cmdline": "quiet modprobe.blacklist=foo,ip_vs x" },
    "word modprobe.blacklist=foo,ip_vs, blacklists",
  ],
  ["the kernel's own list", { "/proc/cmdline": "module_blacklist=ip_vs" }, "word module_blacklist=ip_vs"],
  [
    "a mask",
    { "/etc/systemd/system/systemd-modules-load.service": "" },
    "/etc/systemd/system/systemd-modules-load.service masks",
  ],
  ["a unit of one's own", { "/etc/systemd/system/systemd-modules-load.service": "[Unit]" }, undefined],
  ["nothing", { "/proc/cmdline": "quiet" }, undefined],
] as [string, Record<string, string>, string | undefined][])("no early load: %s", (_, texts, problem) => {
  const found = earlyLoadProblem(host(texts), "ip_vs");
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(problem);
});

const own = "options ip_vs conn_tab_bits=14";
test.each([
  [
    "a later file",
    { [OURS]: own, "/etc/modprobe.d/zzz.conf": "options ip_vs conn_tab_bits=10" },
    "/etc/modprobe.d/zzz.conf, line 1",
  ],
  [
    "a dash for the underscore",
    { "/etc/modprobe.d/zzz.conf": "options ip-vs debug=1 conn-tab-bits=10" },
    "/etc/modprobe.d/zzz.conf, line 1",
  ],
  ["an earlier file", { [OURS]: own, "/etc/modprobe.d/a.conf": "options ip_vs conn_tab_bits=10" }, undefined],
  ["another option", { [OURS]: own, "/etc/modprobe.d/zzz.conf": "options ip_vs conn_tab=10" }, undefined],
  ["another module", { "/etc/modprobe.d/zzz.conf": "options ip_vs_x conn_tab_bits=10" }, undefined],
  [
    "the kernel's command line",
    { [OURS]: own, "/proc/cmdline": "ro ip_vs.conn_tab_bits=9" },
    "the kernel's command line, word ip_vs.conn_tab_bits=9",
  ],
] as [string, Record<string, string>, string | undefined][])("another value of an option: %s", (_, texts, at) => {
  expect(laterOption(host(texts), "ip_vs", "conn_tab_bits", OURS)?.at).toBe(at);
});

test.each([
  ["as we write it", own, "14"],
  ["with more blanks, and a tab", " options \t ip_vs   conn_tab_bits=12  ", "12"],
  ["with a dash for the underscore", "options ip-vs conn-tab-bits=12", "12"],
  ["beside another option", "options ip_vs debug=1 conn_tab_bits=12", "12"],
  ["over two lines", "options ip_vs \\\nconn_tab_bits=12", "12"],
  ["set again", `${own}\noptions ip_vs conn_tab_bits=13`, "13"],
  ["commented out", `#${own}`, undefined],
  ["of another module", "options ip_vs_x conn_tab_bits=12", undefined],
])("the value of an option in a file: %s", (_, text, value) => {
  expect(optionIn(text, "ip_vs", "conn_tab_bits")).toBe(value);
});
