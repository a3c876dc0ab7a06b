import { nextBoot } from "../../../provider/dialects/ipvs/next-boot";
import { rhelRules } from "../../../provider/dialects/ipvs/rhel";
import { readRulesFile } from "../../../provider/dialects/ipvs/rules-file";
import { type IpvsLoader, ipvsLoader } from "../../../provider/facts/ipvs/loader";
import { tableLines } from "../../../provider/facts/ipvs/table-lines";
import { DEBIAN_UNIT, RHEL_UNIT } from "../../fakes/fake-loader";
import { readOn, type Tree } from "../../support/tree";

const NULL = "-> /dev/null";
const UNIT = "/usr/lib/systemd/system/ipvsadm.service";
const WANTED = "/etc/systemd/system/multi-user.target.wants/ipvsadm.service";
const DROP_IN = "/etc/systemd/system/ipvsadm.service.d/50-own.conf";
const systemd: Tree = {
  "/run/systemd/system/x": "",
  "/usr/lib/systemd/system/multi-user.target": "",
  "/usr/lib/systemd/system/graphical.target": "x",
  "/usr/lib/systemd/system/default.target": "-> graphical.target",
  "/etc/systemd/system/default.target": "-> /usr/lib/systemd/system/multi-user.target",
  "/usr/lib/systemd/system-generators/systemd-sysv-generator": "#!",
};
const script: Tree = {
  "/etc/init.d/ipvsadm": "#!",
  "/etc/default/ipvsadm": 'AUTO="false"\n',
  "/etc/rc2.d/S01ipvsadm": "-> /etc/init.d/ipvsadm",
};
const debian12: Tree = { ...systemd, ...script };
const debian13: Tree = { ...debian12, [UNIT]: DEBIAN_UNIT, [WANTED]: `-> ${UNIT}` };
const rhel: Tree = { ...systemd, [UNIT]: RHEL_UNIT };

function without(tree: Tree, ...paths: readonly string[]): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([path]) => !paths.includes(path)));
}

const seenOn = (tree: Tree): IpvsLoader => readOn(tree, ipvsLoader);

test.each<[string, Tree, Partial<ReturnType<typeof nextBoot>> | undefined]>([
  ["Debian 12", debian12, { by: "init script", loads: "debian", reader: "shell", isStarted: true }],
  ["Debian 13", debian13, { by: "unit", loads: "debian", reader: "systemd", isStarted: true }],
  ["Debian 13 where the unit is disabled", without(debian13, WANTED), { by: "unit", isStarted: false }],
  ["RHEL", rhel, { by: "unit", loads: "rhel", isStarted: false }],
  ["RHEL, enabled", { ...rhel, [WANTED]: `-> ${UNIT}` }, { by: "unit", loads: "rhel", isStarted: true }],
  ["nothing", systemd, undefined],
  ["both, of which systemd knows the unit only", { ...debian12, [UNIT]: RHEL_UNIT }, { by: "unit", loads: "rhel" }],
  [
    "both, without systemd",
    without(debian13, "/run/systemd/system/x"),
    { by: "init script", loads: "debian", reader: "shell", isStarted: true },
  ],
  [
    "an init script, and a systemd that runs none",
    without(debian12, "/usr/lib/systemd/system-generators/systemd-sysv-generator"),
    undefined,
  ],
  [
    "an init script, and a generator that is masked",
    { ...debian12, "/etc/systemd/system-generators/systemd-sysv-generator": NULL },
    undefined,
  ],
  ["an init script that is not executable", { ...debian12, "/etc/init.d/ipvsadm": "x" }, undefined],
  [
    "stop links alone",
    { ...without(debian12, "/etc/rc2.d/S01ipvsadm"), "/etc/rc2.d/K01ipvsadm": "-> /etc/init.d/ipvsadm" },
    { isStarted: false },
  ],
  [
    "a start link of level 5, which a server does not reach",
    { ...without(debian12, "/etc/rc2.d/S01ipvsadm"), "/etc/rc5.d/S01ipvsadm": "-> /etc/init.d/ipvsadm" },
    { isStarted: false },
  ],
  [
    "a mask over the init script",
    { ...debian12, "/etc/systemd/system/ipvsadm.service": NULL },
    {
      loads: undefined,
      problem: 'ipvsadm.service is masked by /etc/systemd/system/ipvsadm.service. Run "systemctl unmask ipvsadm"',
    },
  ],
  [
    "a mask that is an empty file",
    { ...debian13, "/etc/systemd/system/ipvsadm.service": "" },
    {
      problem: 'ipvsadm.service is masked by /etc/systemd/system/ipvsadm.service. Run "systemctl unmask ipvsadm"',
    },
  ],
  [
    "a mask below /run, which is gone at boot",
    { ...debian13, "/run/systemd/system/ipvsadm.service": NULL },
    { loads: "debian", isStarted: true },
  ],
  [
    "a unit of the operator",
    { ...debian13, "/etc/systemd/system/ipvsadm.service": "[Service]\nExecStart=/etc/init.d/ipvsadm start\n" },
    { loads: "debian", reader: "shell" },
  ],
  [
    "a unit of another sort",
    { ...debian13, "/etc/systemd/system/ipvsadm.service": "[Service]\nExecStart=/usr/local/bin/rules\n" },
    { loads: undefined, isStarted: true },
  ],
  [
    "a unit that a target pulls in with Requires",
    { ...rhel, "/etc/systemd/system/basic.target.requires/ipvsadm.service": `-> ${UNIT}` },
    { isStarted: true },
  ],
  [
    "a unit of a target that nothing reaches",
    { ...rhel, "/etc/systemd/system/lvs.target.wants/ipvsadm.service": `-> ${UNIT}` },
    { isStarted: false },
  ],
  [
    "a unit of the graphical target",
    { ...rhel, "/etc/systemd/system/graphical.target.wants/ipvsadm.service": `-> ${UNIT}` },
    { isStarted: false },
  ],
  [
    "the graphical target on a host that boots into it",
    {
      ...without(rhel, "/etc/systemd/system/default.target"),
      "/etc/systemd/system/graphical.target.wants/ipvsadm.service": `-> ${UNIT}`,
    },
    { isStarted: true },
  ],
  [
    "a host that boots into the rescue target",
    { ...debian13, "/etc/systemd/system/default.target": "-> rescue.target", "/etc/systemd/system/rescue.target": "x" },
    { isStarted: false },
  ],
  [
    "a link of the distribution that is masked",
    { ...rhel, [WANTED]: NULL, "/usr/lib/systemd/system/multi-user.target.wants/ipvsadm.service": `-> ${UNIT}` },
    { isStarted: false },
  ],
  [
    "a drop-in that takes the loading away",
    { ...debian13, [DROP_IN]: "[Service]\nExecStartPre=\n" },
    { loads: undefined },
  ],
  [
    "a drop-in that gives it back",
    { ...debian13, [DROP_IN]: "[Service]\nExecStartPre=\nExecStartPre=-/usr/libexec/ipvsadm/ipvsadm-load\n" },
    { loads: "debian" },
  ],
  [
    "a drop-in that is masked",
    {
      ...debian13,
      [DROP_IN]: NULL,
      "/usr/lib/systemd/system/ipvsadm.service.d/50-own.conf": "[Service]\nExecStartPre=\n",
    },
    { loads: "debian" },
  ],
  [
    "a drop-in that another one takes back",
    {
      ...debian13,
      [DROP_IN]: "[Unit]\nConditionPathExists=/nowhere\n",
      "/usr/local/lib/systemd/system/service.d/60-all.conf": "[Unit]\nConditionHost=\n",
    },
    { loads: "debian" },
  ],
])("%s", (_name, tree, boot) => {
  const seen = nextBoot(seenOn(tree));
  if (boot === undefined) expect(seen).toBeUndefined();
  else expect({ problem: undefined, ...seen }).toMatchObject({ problem: undefined, ...boot });
});

test.each([
  ["ConditionPathExists=/etc/default/ipvsadm", true],
  ["ConditionPathExists=!/etc/default/ipvsadm", false],
  ["ConditionFileNotEmpty=/etc/ipvsadm.rules", true],
  ["ConditionPathExists=/etc/init.d/ipvsadm", true],
  ["ConditionFileIsExecutable=/etc/init.d/ipvsadm", true],
  ["ConditionFileIsExecutable=!/etc/init.d/ipvsadm", false],
  ["ConditionPathExists=!/etc/no-ipvs", true],
  ["ConditionPathExists=/etc/no-ipvs", false],
  ["AssertPathExists=/etc/no-ipvs", false],
  ["ConditionPathExists=/run/ready", false],
  ["ConditionPathExists=/proc/net/ip_vs", true],
  ["ConditionHost=director1", false],
  ["ConditionPathExists=|/etc/init.d/ipvsadm", false],
])("%s: the next boot will find it true: %s", (condition, isTrue) => {
  const loader = seenOn({ ...debian13, [DROP_IN]: `[Unit]\n${condition}\n` });
  const problem = `${DROP_IN} says "${condition}", which may keep ipvsadm.service from running at boot. Remove it`;
  expect(nextBoot(loader)?.problem).toBe(isTrue ? undefined : problem);
});

test("the text of a unit and its drop-ins comes back line by line, and other files of its environment", () => {
  const loader = seenOn({
    ...debian13,
    [DROP_IN]: "[Service]\n  # mine\nEnvironmentFile=-/etc/lvs/env\n",
    "/etc/lvs/env": "AUTO=false\\\n",
  });
  expect(loader.texts.map(({ path }) => path)).toEqual([UNIT, DROP_IN]);
  expect(loader.texts[1]?.lines).toEqual(["[Service]", "  # mine", "EnvironmentFile=-/etc/lvs/env"]);
  expect(loader.environment).toEqual([{ path: "/etc/lvs/env", lines: ["AUTO=false\\"] }]);
});

test("a link to /dev/null in place of our drop-in is an operator's mask, and not replaced", () => {
  const ours = "/etc/systemd/system/ipvsadm.service.d/10-pulumi-lvs.conf";
  const seen = (loader: IpvsLoader) => ({
    loader,
    bootLines: [],
    debianRules: readRulesFile(undefined),
    debianDefaults: undefined,
    rhelRules: readRulesFile(undefined),
    rulesRecord: undefined,
    modules: new Map(),
  });
  expect(rhelRules.problem(seen(seenOn({ ...rhel, [ours]: NULL })))).toContain(`${ours} is a link to /dev/null`);
  // What a power cut has left empty is written again.
  expect(rhelRules.problem(seen(seenOn({ [ours]: "" })))).toBeUndefined();
});

test("a host without anything", () => {
  expect(ipvsLoader.parse("")).toMatchObject({ seen: [], installed: false, systemd: false, links: "absent" });
});

describe("what empties the table at boot besides the loader", () => {
  const OWN = "/etc/systemd/system/ipvs-config.service";
  const own =
    "[Service]\nType=oneshot\nExecStart=/sbin/ipvsadm -C\nExecStart=/sbin/ipvsadm -A -t 192.0.2.10:80 -s rr\n";
  const link = { "/etc/systemd/system/multi-user.target.wants/ipvs-config.service": `-> ${OWN}` };

  test.each<[string, Tree, readonly string[]]>([
    ["a unit of an operator", { [OWN]: own, ...link }, [`${OWN}:3`]],
    [
      "in a shell",
      { [OWN]: `[Service]\nExecStart=/bin/sh -c "ipvsadm --clear; ipvsadm -R </etc/ipvs.rules"\n`, ...link },
      [`${OWN}:2`],
    ],
    ["a unit that is not enabled", { [OWN]: own }, []],
    [
      "at the stop only",
      { [OWN]: "[Service]\nExecStart=/sbin/ipvsadm-restore\nExecStop=/sbin/ipvsadm -C\n", ...link },
      [],
    ],
    [
      "rc.local",
      { "/etc/rc.local": "#!/bin/sh\n# ipvsadm -C\nip a; ipvsadm -C && ipvsadm -A -t 192.0.2.10:80\n" },
      ["/etc/rc.local:3"],
    ],
    [
      "rc.local of Red Hat",
      { "/etc/rc.d/rc.local": "#!/bin/sh\n/usr/sbin/ipvsadm -C\n", "/etc/rc.local": "-> /etc/rc.d/rc.local" },
      ["/etc/rc.d/rc.local:2"],
    ],
    [
      "a unit of a package of one's own",
      {
        "/usr/lib/systemd/system/ipvs-config.service": own,
        "/etc/systemd/system/multi-user.target.wants/ipvs-config.service":
          "-> /usr/lib/systemd/system/ipvs-config.service",
      },
      ["/usr/lib/systemd/system/ipvs-config.service:3"],
    ],
    [
      "a unit below /usr/local/lib, by a timer",
      {
        "/usr/local/lib/systemd/system/lvs.service": own,
        "/usr/local/lib/systemd/system/lvs.timer": "[Timer]\nOnBootSec=9\n",
        "/etc/systemd/system/timers.target.wants/lvs.timer": "-> /usr/local/lib/systemd/system/lvs.timer",
      },
      ["/usr/local/lib/systemd/system/lvs.service:3"],
    ],
    [
      "an instance of a template",
      {
        "/etc/systemd/system/lvs@.service": own,
        "/etc/systemd/system/multi-user.target.wants/lvs@eth0.service": "-> /etc/systemd/system/lvs@.service",
      },
      ["/etc/systemd/system/lvs@.service:3"],
    ],
    ["a unit that is masked", { [OWN]: NULL, "/usr/lib/systemd/system/ipvs-config.service": own, ...link }, []],
    [
      "a drop-in",
      {
        "/usr/lib/systemd/system/nginx.service": "[Service]\nExecStart=/usr/sbin/nginx\n",
        "/etc/systemd/system/multi-user.target.wants/nginx.service": "-> /usr/lib/systemd/system/nginx.service",
        "/etc/systemd/system/nginx.service.d/x.conf": "[Service]\nExecStartPre=-/sbin/ipvsadm --clear\n",
      },
      ["/etc/systemd/system/nginx.service.d/x.conf:2"],
    ],
    [
      "a script that a unit runs",
      {
        [OWN]: "[Service]\nExecStart=!ROOT/usr/local/sbin/lvs.sh start\n",
        ...link,
        "/usr/local/sbin/lvs.sh": "#!/bin/sh\nIPVSADM=/sbin/ipvsadm\n$IPVSADM -C\n",
      },
      ["/usr/local/sbin/lvs.sh:3"],
    ],
    [
      "a script of a script of rc.local",
      {
        "/etc/rc.local": "#!/bin/sh\nROOT/usr/local/sbin/a && exit\n",
        "/usr/local/sbin/a": "#!/bin/sh\n. ROOT/etc/lvs.conf\nsh ROOT/etc/lvs.sh\n",
        "/etc/lvs.conf": "ipvsadm -C\n",
        "/etc/lvs.sh": "#!/bin/bash\nipvsadm \\\n  -C\n",
      },
      ["/etc/lvs.sh:2"],
    ],
    [
      "scripts that run each other",
      {
        "/etc/rc.local": "#!/bin/sh\nROOT/etc/rc.local; ROOT/usr/local/sbin/a\n",
        "/usr/local/sbin/a": "#!/bin/sh\nROOT/etc/rc.local\n",
      },
      [],
    ],
    [
      "a program that a unit runs",
      { [OWN]: "[Service]\nExecStart=ROOT/usr/sbin/daemon\n", ...link, "/usr/sbin/daemon": "\u007fELF\nipvsadm -C\n" },
      [],
    ],
    [
      "an init script without a unit",
      { "/etc/init.d/lvs": "#!/bin/sh\nipvsadm -C\n", "/etc/rc2.d/S01lvs": "-> /etc/init.d/lvs" },
      ["/etc/rc2.d/S01lvs:2"],
    ],
    [
      "cron at a boot",
      { "/var/spool/cron/crontabs/root": "0 1 * * * ipvsadm -C\n@reboot sleep 5; ipvsadm -C\n" },
      ["/var/spool/cron/crontabs/root:2"],
    ],
    [
      "a hook of ifupdown",
      { "/etc/network/if-up.d/lvs": "#!/bin/sh\nipvsadm --clear;:\n" },
      ["/etc/network/if-up.d/lvs:2"],
    ],
    [
      "an up of ifupdown",
      { "/etc/network/interfaces": "iface eth0 inet manual\n  up ipvsadm -C || true\n  down ipvsadm -C\n" },
      ["/etc/network/interfaces:2"],
    ],
    ["in python", { "/etc/rc.local": '#!/usr/bin/python3\nsubprocess.run(["ipvsadm", "-C"])\n' }, ["/etc/rc.local:2"]],
    [
      "the stop of the loader",
      { "/etc/rc.local": "#!/bin/sh\nsystemctl --quiet stop ipvsadm\nservice ipvsadm restart\n" },
      ["/etc/rc.local:2"],
    ],
    [
      "the module",
      { "/etc/rc.local": "#!/bin/sh\nmodprobe ip_vs\nmodprobe -r ip_vs_wrr ip_vs\n" },
      ["/etc/rc.local:3"],
    ],
    [
      "keepalived that is told to",
      {
        "/usr/lib/systemd/system/keepalived.service": "[Service]\nExecStart=/usr/sbin/keepalived\n",
        "/etc/systemd/system/multi-user.target.wants/keepalived.service":
          "-> /usr/lib/systemd/system/keepalived.service",
        "/etc/keepalived/keepalived.conf":
          "global_defs {\n  lvs_flush_on_stop\n  ! lvs_flush\n}\ninclude conf.d/*.conf\n",
        "/etc/keepalived/conf.d/a.conf": "global_defs {\n\tlvs_flush # ours alone\n}\n",
      },
      ["/etc/keepalived/conf.d/a.conf:2"],
    ],
    ["keepalived that no boot starts", { "/etc/keepalived/keepalived.conf": "global_defs {\n lvs_flush\n}\n" }, []],
    ["rc.local that is not executable", { "/etc/rc.local": "ipvsadm -C\n" }, []],
    ["a script that loads rules", { "/etc/rc.local": "#!/bin/sh\nipvsadm -R < /etc/lvs.rules\n" }, []],
    ["a listing of connections", { "/etc/rc.local": "#!/bin/sh\nipvsadm -Lnc; my-ipvsadm-Check\n" }, []],
  ])("%s", (_, tree, clearings) => {
    const found = readOn({ ...debian13, ...tree }, tableLines).filter(({ does }) => does === "clear");
    expect(found.map(({ file, line }) => `${file}:${line}`)).toEqual(clearings);
  });

  test.each<[string, string, readonly unknown[]]>([
    [
      "loads a file",
      "/sbin/ipvsadm --restore <ROOT/etc/lvs.rules",
      [
        {
          does: "load",
          source: "/etc/lvs.rules",
          rules: [{ file: "/etc/lvs.rules", line: 1, text: "-A -t 192.0.2.10:80" }],
        },
      ],
    ],
    [
      "loads a file by a pipe",
      "cat ROOT/etc/lvs.rules | /sbin/ipvsadm-restore",
      [{ does: "load", source: "/etc/lvs.rules", empties: true }],
    ],
    [
      "loads a file that is not there",
      "ipvsadm-restore < /etc/other.rules",
      [{ does: "load", source: "/etc/other.rules", rules: [] }],
    ],
    ["loads what nobody can tell", 'echo "$RULES" | ipvsadm -R', [{ does: "load", source: undefined, empties: false }]],
    ["loads what is between two marks", "ipvsadm -R <<EOF", [{ does: "load", source: undefined, empties: false }]],
    [
      "has commands",
      'IPVSADM --add-service -t 192.0.2.10:80 && "$IPVSADM" -a -t 192.0.2.10:80 -r 10.0.0.1; ipvsadm -Ln; ipvsadm --set 1 2 3',
      [
        { does: "rule", rule: "--add-service -t 192.0.2.10:80" },
        { does: "rule", rule: "-a -t 192.0.2.10:80 -r 10.0.0.1" },
        { does: "rule", rule: "--set 1 2 3" },
      ],
    ],
    ["has a list of words", 'run(["ipvsadm", "-At", "192.0.2.10:80"])', [{ does: "rule", rule: "-At 192.0.2.10:80" }]],
    ["saves and shows", "ipvsadm -Sn > /etc/ipvsadm.rules; ipvsadm -L; ipvsadm -Z; ipvsadm-save", []],
  ])("rc.local that %s", (_, text, others) => {
    const tree = { "/etc/rc.local": `#!/bin/sh\n${text}\n`, "/etc/lvs.rules": "-A -t 192.0.2.10:80\n" };
    expect(readOn({ ...debian13, ...tree }, tableLines)).toEqual(
      others.map((one): unknown => expect.objectContaining(one)),
    );
  });
});
