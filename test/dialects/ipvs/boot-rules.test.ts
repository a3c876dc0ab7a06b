import { cleanupRules, isPersisted, renderBoot, rulesFacts } from "../../../provider/dialects/ipvs/boot-rules";
import type { LoaderFacts } from "../../../provider/dialects/ipvs/loader";
import { type RuleOwner, readRulesFile } from "../../../provider/dialects/ipvs/rules-file";
import { listFacts } from "../../../provider/facts/fact";
import type { TableLine } from "../../../provider/facts/ipvs/table-lines";
import { readFile } from "../../../provider/file-step";
import { FactCache } from "../../../provider/host/session/fact-cache";
import { changedBy, describeStep } from "../../../provider/step";
import { DEBIAN_UNIT, NO_LOADER, RHEL_UNIT } from "../../fakes/fake-loader";

const owner: RuleOwner = { service: "tcp 192.0.2.10:80", itself: true, servers: [] };
const RULE = "-A -t 192.0.2.10:80 -s wlc";
const change = { op: "boot", owner, rules: [RULE] } as const;

const nothing: LoaderFacts = {
  loader: NO_LOADER,
  bootLines: [],
  debianRules: readRulesFile(undefined),
  debianDefaults: undefined,
  rhelRules: readRulesFile(undefined),
  rulesRecord: undefined,
  modules: new Map(),
};
const debian: LoaderFacts = {
  ...nothing,
  loader: {
    ...nothing.loader,
    seen: ["/etc/init.d/ipvsadm", "/etc/default/ipvsadm"],
    initScript: true,
    defaults: true,
    links: "enabled",
  },
  debianRules: readRulesFile("# empty rules file for ipvsadm\n"),
  debianDefaults: 'AUTO="false"\n',
};
const UNIT = "/usr/lib/systemd/system/ipvsadm.service";
const WANTED = "/etc/systemd/system/multi-user.target.wants/ipvsadm.service";
const unit = (text: string) => ({
  unit: { path: UNIT, masked: false },
  texts: [{ path: UNIT, lines: text.split("\n") }],
});
const rhel: LoaderFacts = {
  ...nothing,
  loader: { ...nothing.loader, seen: [UNIT], ...unit(RHEL_UNIT) },
};
const debian13: LoaderFacts = {
  ...debian,
  loader: { ...debian.loader, seen: [...debian.loader.seen, UNIT], ...unit(DEBIAN_UNIT), pulledInBy: [WANTED] },
};
/** With a drop-in of the operator. */
function dropIn(seen: LoaderFacts, text: string, name = "50-own.conf"): LoaderFacts {
  const path = `/etc/systemd/system/ipvsadm.service.d/${name}`;
  return { ...seen, loader: { ...seen.loader, texts: [...seen.loader.texts, { path, lines: text.split("\n") }] } };
}

/** What the steps make of what was seen. */
function after(seen: LoaderFacts, from: Parameters<typeof renderBoot>[0] = change): LoaderFacts {
  const steps = renderBoot(from, seen);
  const edited = (file: string, text: string | undefined) => {
    const step = steps.find((one) => "file" in one && one.file === file);
    return step !== undefined && "file" in step ? step.edit(text) : text;
  };
  return {
    ...seen,
    debianRules: readRulesFile(edited("/etc/ipvsadm.rules", seen.debianRules.text)),
    debianDefaults: edited("/etc/default/ipvsadm", seen.debianDefaults),
    rhelRules: readRulesFile(edited("/etc/sysconfig/ipvsadm", seen.rhelRules.text)),
    rulesRecord: edited("/etc/modules-load.d/pulumi-lvs.conf", seen.rulesRecord),
  };
}

const stepsOf = (seen: LoaderFacts, from: Parameters<typeof renderBoot>[0] = change) =>
  renderBoot(from, seen).map((step) => describeStep(step).split("\n")[0]);

const RECORD = "edit /etc/modules-load.d/pulumi-lvs.conf: load ip_vs early, and record the original loader";

describe("debian", () => {
  test("started at boot already: AUTO is all that is missing", () => {
    expect(stepsOf(debian)).toEqual([
      RECORD,
      "edit /etc/ipvsadm.rules: keep tcp 192.0.2.10:80",
      'edit /etc/default/ipvsadm: AUTO="true"',
    ]);
    expect(isPersisted(after(debian), owner, [RULE])).toBe(true);
  });

  test.each(["disabled", "absent"] as const)("links %s: they are made, and restored at last", (links) => {
    const seen = { ...debian, loader: { ...debian.loader, links } };
    expect(stepsOf(seen).at(-1)).toBe("sh -c 'update-rc.d ipvsadm defaults && update-rc.d ipvsadm enable' sh");
    const armed = { ...after(seen), loader: debian.loader };
    expect(armed.rulesRecord).toContain(`# before: rules debian, loader ${links}\n`);
    expect(stepsOf(armed, { op: "restoreLoader" })).toEqual([
      "edit /etc/default/ipvsadm: the original AUTO",
      links === "disabled" ? "update-rc.d ipvsadm disable" : "update-rc.d -f ipvsadm remove",
      "edit /etc/modules-load.d/pulumi-lvs.conf: drop how the loader was: debian",
    ]);
  });
});

test.each(["-A -t 192.0.2.10:80 -s rr\n", "ipvsadm -A -t 192.0.2.10:http -s rr\r\n"])(
  "a second line for an object of ours is not left behind our own: %j",
  (line) => {
    const names = { hosts: new Map<string, readonly string[]>(), ports: new Map([["http/tcp", 80]]) };
    const ours = after(debian);
    const text = `${ours.debianRules.text}# of the operator\n${line}-A -t 192.0.2.20:80 -s rr\n`;
    const both = { ...ours, debianRules: readRulesFile(text, names) };
    expect(isPersisted(both, owner, [RULE])).toBe(false);
    expect(after(both).debianRules.text).toBe(text.replace(line, ""));
  },
);

test("a record whose module somebody has taken out is written anew, with the loader as it was before us", () => {
  const disabled = { ...debian, loader: { ...debian.loader, links: "disabled" as const } };
  const armed = { ...after(disabled), loader: debian.loader };
  const edited = { ...armed, rulesRecord: armed.rulesRecord?.replace(/^ip_vs$/m, "# ip_vs") };
  expect(isPersisted(edited, owner, [RULE])).toBe(false);
  expect(after(edited).rulesRecord).toBe(armed.rulesRecord);
});

test("our files with line ends of Windows still know how the loader was", () => {
  const disabled = { ...debian, loader: { ...debian.loader, links: "disabled" as const } };
  const armed = { ...after(disabled), loader: debian.loader };
  const returned = (text: string | undefined) => text?.replaceAll("\n", "\r\n");
  const { text } = armed.debianRules;
  const edited = { ...armed, debianRules: readRulesFile(returned(text)), rulesRecord: returned(armed.rulesRecord) };
  expect(isPersisted(edited, owner, [RULE])).toBe(true);
  expect(after(edited).rulesRecord).toBe(edited.rulesRecord);
  const gone = after(edited, { op: "restoreLoader" });
  expect(gone.rulesRecord).toBeUndefined();
  expect(stepsOf(edited, { op: "restoreLoader" })).toContain("update-rc.d ipvsadm disable");
});

describe("debian 13", () => {
  test("enabled at its installation: AUTO is all that is missing", () => {
    expect(stepsOf(debian13)).toEqual([
      RECORD,
      "edit /etc/ipvsadm.rules: keep tcp 192.0.2.10:80",
      'edit /etc/default/ipvsadm: AUTO="true"',
    ]);
    expect(isPersisted(after(debian13), owner, [RULE])).toBe(true);
  });

  test("what an earlier version wrote is no true for systemd, and is corrected", () => {
    const old = { ...after(debian13), debianDefaults: 'AUTO="true" # pulumi-lvs, instead of: AUTO="false"\n' };
    expect(isPersisted(old, owner, [RULE])).toBe(false);
    expect(isPersisted(after(old), owner, [RULE])).toBe(true);
    expect(after(old, { op: "restoreLoader" }).debianDefaults).toBe('AUTO="false"\n');
  });

  test("a unit that was disabled gets one link, and loses it at last", () => {
    const disabled = { ...debian13, loader: { ...debian13.loader, pulledInBy: [] } };
    expect(stepsOf(disabled).at(-1)).toBe("systemctl --quiet add-wants multi-user.target ipvsadm.service");
    const armed = { ...after(disabled), loader: debian13.loader };
    expect(isPersisted(armed, owner, [RULE])).toBe(true);
    expect(stepsOf(armed, { op: "restoreLoader" })).toEqual([
      "edit /etc/default/ipvsadm: the original AUTO",
      "sh -c 'rm -f -- /etc/systemd/system/multi-user.target.wants/ipvsadm.service && systemctl daemon-reload' sh",
      "edit /etc/modules-load.d/pulumi-lvs.conf: drop how the loader was: debian",
    ]);
  });

  test.each<[string, LoaderFacts, string]>([
    [
      "a mask",
      {
        ...debian13,
        loader: { ...debian13.loader, unit: { path: "/etc/systemd/system/ipvsadm.service", masked: true } },
      },
      'ipvsadm.service is masked by /etc/systemd/system/ipvsadm.service. Run "systemctl unmask ipvsadm"',
    ],
    [
      "a condition",
      dropIn(debian13, "[Unit]\nConditionHost=x"),
      '/etc/systemd/system/ipvsadm.service.d/50-own.conf says "ConditionHost=x", which may keep ipvsadm.service from running at boot. Remove it',
    ],
    [
      "no EnvironmentFile",
      dropIn(debian13, "[Service]\nEnvironmentFile="),
      "ipvsadm.service does not read /etc/default/ipvsadm: no drop-in may take its EnvironmentFile= away",
    ],
    [
      "another EnvironmentFile that sets AUTO later",
      {
        ...dropIn(debian13, "[Service]\nEnvironmentFile=/etc/lvs"),
        loader: {
          ...dropIn(debian13, "[Service]\nEnvironmentFile=/etc/lvs").loader,
          environment: [{ path: "/etc/lvs", lines: ["AUTO=no"] }],
        },
      },
      "/etc/lvs sets AUTO as well, and ipvsadm.service reads it after /etc/default/ipvsadm. Remove AUTO there",
    ],
    [
      "an end of the file that swallows ours",
      { ...debian13, debianDefaults: 'IFACE="eth0\n' },
      '/etc/default/ipvsadm: a line of AUTO="true" at its end would have no effect. Correct the end of the file',
    ],
    [
      "a unit of an operator that empties the table",
      {
        ...debian,
        bootLines: [{ file: "/etc/rc.local", line: 3, text: "ipvsadm -C", does: "clear" }],
      },
      '/etc/rc.local, line 3 ("ipvsadm -C"), empties the table at boot, maybe after they are loaded. Remove that line, or set boot: false',
    ],
    [
      "a file that runs programs, for the init script",
      { ...debian, debianDefaults: "AUTO=false\n. /etc/lvs\n" },
      "/etc/default/ipvsadm, line 2: what follows is more than assignments of values, so that AUTO cannot be told. Write assignments only, each on a line of its own",
    ],
    [
      "another rules file, for the init script",
      { ...debian, debianDefaults: "IPVSADM_RULES=/srv/rules\n" },
      '/etc/default/ipvsadm says IPVSADM_RULES="/srv/rules", so that the init script does not read /etc/ipvsadm.rules. Remove it',
    ],
    [
      "a drop-in that saves again, on RHEL",
      dropIn(rhel, "[Service]\nExecStop=/bin/sh -c 'ipvsadm -S >/etc/sysconfig/ipvsadm'", "90-save.conf"),
      "/etc/systemd/system/ipvsadm.service.d/90-save.conf says \"ExecStop=/bin/sh -c 'ipvsadm -S >/etc/sysconfig/ipvsadm'\", which writes the live table over the file at each shutdown. Remove it",
    ],
  ])("%s is refused, with what to do", (_name, seen, problem) => {
    expect(isPersisted(seen, owner, [RULE])).toBe(false);
    expect(() => renderBoot(change, seen)).toThrow(problem);
  });
});

describe("what a boot runs besides the loader", () => {
  const LOCAL = { file: "/etc/rc.local", line: 3, text: "what it says" };
  const runs = (other: object): LoaderFacts => ({
    ...after(debian),
    bootLines: [{ ...LOCAL, ...other } as TableLine],
  });
  const rule = (text: string) => runs({ does: "rule", rule: text });
  const loads = (text: string, source: string | undefined = "/etc/lvs.rules") =>
    runs({ does: "load", source, rules: [{ file: "/etc/lvs.rules", line: 7, text }], empties: false });
  const here = '/etc/rc.local, line 3 ("what it says"), ';

  test.each<[string, LoaderFacts, string]>([
    ["adds our service with another scheduler", rule("-A -t 192.0.2.10:80 -s rr"), `${here}changes the same object`],
    ["deletes our service", rule("-D -t 192.0.2.10:80"), `${here}changes the same object`],
    ["has variables", rule("-D -t $VIP:80"), `${here}changes rules that cannot be compared`],
    ["has a name that is not known", rule("-D -t vip:80"), `${here}changes rules that cannot be compared`],
    [
      "loads a file with our service",
      loads("-E -t 192.0.2.10:80 -s rr"),
      '/etc/lvs.rules, line 7 ("-E -t 192.0.2.10:80 -s rr"), changes the same object at boot, because /etc/rc.local, line 3, loads that file',
    ],
    ["loads a file that empties the table", loads("-C"), '/etc/lvs.rules, line 7 ("-C"), empties the table at boot'],
    [
      "loads what cannot be told",
      runs({ does: "load", source: undefined, rules: [], empties: false }),
      `${here}loads other rules at boot`,
    ],
  ])("is refused where it %s", (_, seen, problem) => {
    expect(isPersisted(seen, owner, [RULE])).toBe(false);
    expect(() => renderBoot(change, seen)).toThrow(problem);
  });

  test.each<[string, LoaderFacts]>([
    ["makes the same of it", rule(RULE)],
    ["adds another service", rule("-A -t 192.0.2.20:80 -s rr")],
    ["sets timeouts, which are others'", rule("--set 1 2 3")],
    ["starts a daemon", rule("--start-daemon master")],
    ["loads a file with other services", loads("-A -t 192.0.2.20:80")],
    ["loads a comment", loads("# -D -t 192.0.2.10:80")],
    ["loads our file once more", loads("-A -t 192.0.2.10:80 -s rr", "/etc/ipvsadm.rules")],
  ])("is left alone where it %s", (_, seen) => {
    expect(isPersisted(seen, owner, [RULE])).toBe(true);
  });

  test("matters to the owner of a server whose service it deletes, and to timeouts and daemons of the same role", () => {
    const server = { service: "tcp 192.0.2.10:80", itself: false, servers: ["10.0.0.9:80"] };
    const timeouts = { service: "timeouts", itself: true, servers: [] };
    const daemon = { service: "daemon master", itself: true, servers: [] };
    const isRefused = (who: RuleOwner, text: string) => {
      const steps = () => renderBoot({ op: "boot", owner: who, rules: [] }, rule(text));
      try {
        return steps().length === 0;
      } catch {
        return true;
      }
    };
    const all = { ...owner, servers: "all" as const };
    expect(isRefused(all, "--add-server --tcp-service 192.0.2.10:80 -r 10.0.0.1")).toBe(true);
    expect([isRefused(server, "-D -t 192.0.2.10:80"), isRefused(server, "-D -t 192.0.2.20:80")]).toEqual([true, false]);
    expect([isRefused(timeouts, "--set 1 2 3"), isRefused(timeouts, "-D -t 192.0.2.10:80")]).toEqual([true, false]);
    expect([isRefused(daemon, "--stop-daemon master"), isRefused(daemon, "--stop-daemon backup")]).toEqual([
      true,
      false,
    ]);
  });
});

describe("a line behind ours that fails", () => {
  const behind = (seen: LoaderFacts, line: string): LoaderFacts => {
    const ours = after(seen);
    return { ...ours, debianRules: readRulesFile(`${ours.debianRules.text}${line}\n`) };
  };

  test("matters to the unit, which then empties the table, and not to the init script", () => {
    expect(isPersisted(behind(debian, "rubbish"), owner, [RULE])).toBe(true);
    const seen = behind(debian13, "rubbish");
    expect(isPersisted(seen, owner, [RULE])).toBe(false);
    expect(() => renderBoot(change, seen)).toThrow('line 5 of /etc/ipvsadm.rules ("rubbish"): ');
  });

  test("may be the second start of a sync daemon", () => {
    const daemon = "--start-daemon master --mcast-interface eth0";
    for (const [role, refused] of [
      ["none", false],
      ["backup", false],
      ["master", true],
      ["both", true],
    ] as const) {
      const told = (seen: LoaderFacts) => ({ ...seen, debianDefaults: `DAEMON="${role}"\n${seen.debianDefaults}` });
      expect(isPersisted(told(behind(debian, daemon)), owner, [RULE])).toBe(true);
      const seen = told(behind(debian13, daemon));
      expect(isPersisted(seen, owner, [RULE])).toBe(!refused);
      const problem = `/etc/default/ipvsadm says DAEMON="${role}", and /etc/ipvsadm.rules starts the master as well`;
      if (refused) expect(() => renderBoot(change, seen)).toThrow(problem);
    }
  });
});

describe("rhel", () => {
  test("the drop-in comes with the link, and the unit is never started", () => {
    const steps = stepsOf(rhel);
    expect(steps.slice(0, 2)).toEqual([RECORD, "edit /etc/sysconfig/ipvsadm: keep tcp 192.0.2.10:80"]);
    expect(steps).toHaveLength(3);
    const arm = describeStep(renderBoot(change, rhel)[2] ?? { rule: [] });
    expect(arm).toContain("systemctl --quiet enable ipvsadm.service");
    expect(arm).not.toMatch(/systemctl (re)?start|systemctl .*--now/);
  });

  test("enabled without our drop-in is not enough: the next shutdown would write over the file", () => {
    const enabled = { ...after(rhel), loader: { ...rhel.loader, pulledInBy: [WANTED] } };
    expect(isPersisted(enabled, owner, [RULE])).toBe(false);
    expect(stepsOf(enabled)).toHaveLength(3);
  });
});

describe("what is right at boot", () => {
  const armed = after(debian);

  test.each<[string, LoaderFacts]>([
    ["AUTO set back", { ...armed, debianDefaults: 'AUTO="false"\n' }],
    ["links taken away", { ...armed, loader: { ...armed.loader, links: "disabled" } }],
    ["no early load", { ...armed, rulesRecord: undefined }],
    ["another line", { ...armed, debianRules: readRulesFile(armed.debianRules.text?.replace("wlc", "rr")) }],
    [
      "a second opinion outside our block",
      { ...armed, debianRules: readRulesFile(`-A -t 192.0.2.10:80 -s rr\n${armed.debianRules.text ?? ""}`) },
    ],
    ["no file", { ...armed, debianRules: readRulesFile(undefined) }],
  ])("%s is not", (_name, seen) => {
    expect(isPersisted(seen, owner, [RULE])).toBe(false);
  });

  test("what was removed by hand is repaired by the same change", () => {
    const broken = {
      ...armed,
      debianDefaults: 'AUTO="false"\n',
      debianRules: readRulesFile(undefined),
      rulesRecord: undefined,
    };
    expect(isPersisted(after(broken), owner, [RULE])).toBe(true);
  });

  test("the first record stays: a second would remember our own doing", () => {
    expect(after({ ...armed, loader: { ...armed.loader, links: "absent" } }).rulesRecord).toBe(armed.rulesRecord);
  });
});

describe("when rules go", () => {
  const other: RuleOwner = { service: "tcp 192.0.2.11:80", itself: true, servers: [] };
  const both = after(after(debian), { ...change, owner: other, rules: ["-A -t 192.0.2.11:80 -s wlc"] });

  test("their lines go, and the loader with the last one", () => {
    expect(cleanupRules(after(debian), owner)).toEqual([{ op: "unboot", owner }]);
    expect(stepsOf(both, { op: "unboot", owner })).toEqual(["edit /etc/ipvsadm.rules: remove tcp 192.0.2.10:80"]);
    expect(stepsOf(after(debian), { op: "unboot", owner })).toEqual([
      "edit /etc/ipvsadm.rules: remove tcp 192.0.2.10:80",
      "edit /etc/default/ipvsadm: the original AUTO",
      "edit /etc/modules-load.d/pulumi-lvs.conf: drop how the loader was: debian",
    ]);
  });

  test("the loader stays while lines of ours are left, and goes if the lines went without it", () => {
    expect(cleanupRules(after(debian), other)).toEqual([]);
    const { debianRules } = debian;
    expect(cleanupRules({ ...after(debian), debianRules }, owner)).toEqual([{ op: "restoreLoader" }]);
  });

  test("a rule of the same batch records the same original state", () => {
    const armed = { ...after(debian), loader: { ...debian.loader, links: "absent" as const } };
    const [record] = renderBoot({ ...change, owner: other }, armed);
    expect(record !== undefined && "edit" in record && record.edit(undefined)).toBe(armed.rulesRecord);
  });

  test("nothing of ours, nothing to do", () => {
    expect(cleanupRules(debian, owner)).toEqual([]);
  });
});

describe("the loader is detected on the host", () => {
  const expected =
    ' Expected is /etc/init.d/ipvsadm with /etc/default/ipvsadm, or an ipvsadm.service that runs ipvsadm-load (rulesLoader: "debian") or reads /etc/sysconfig/ipvsadm (rulesLoader: "rhel").' +
    " Set rulesLoader to the one that runs at boot, or set boot: false if the rules need not survive a reboot.";

  test.each<[string, LoaderFacts, string]>([
    ["nothing", nothing, "no loader of IPVS rules was found (seen: no init script, no unit)."],
    [
      "the unit of an ipvsadm that was removed",
      { ...nothing, loader: { ...nothing.loader, installed: false, seen: ["/etc/init.d/ipvsadm"] } },
      "no loader of IPVS rules was found (seen: /etc/init.d/ipvsadm). ipvsadm is not installed: install it first.",
    ],
    [
      "a unit of another kind",
      {
        ...nothing,
        loader: {
          ...nothing.loader,
          seen: ["/etc/systemd/system/ipvsadm.service"],
          unit: { path: "/etc/systemd/system/ipvsadm.service", masked: false },
        },
      },
      "no loader of IPVS rules was found (seen: /etc/systemd/system/ipvsadm.service).",
    ],
    [
      "an init script under a systemd that runs none",
      { ...debian, loader: { ...debian.loader, runsInitScripts: false } },
      "no loader of IPVS rules was found (seen: /etc/init.d/ipvsadm, /etc/default/ipvsadm). The systemd of this host starts no init scripts.",
    ],
  ])("%s is an error that says what was seen", (_name, seen, message) => {
    expect(() => renderBoot(change, seen)).toThrow(message + expected);
    expect(isPersisted(seen, owner, [RULE])).toBe(false);
  });

  test("no ipvsadm is an error that says how to install it", () => {
    const seen = { ...nothing, loader: { ...nothing.loader, installed: false } };
    expect(() => renderBoot(change, seen)).toThrow(/^ipvsadm is not installed on the host. Install it: /);
  });

  test("the user's word counts", () => {
    expect(renderBoot({ ...change, dialect: "debian" }, nothing)[1]).toMatchObject({ file: "/etc/ipvsadm.rules" });
    expect(renderBoot({ ...change, dialect: "rhel" }, nothing)[1]).toMatchObject({ file: "/etc/sysconfig/ipvsadm" });
    expect(() => renderBoot({ ...change, dialect: "rhel" }, debian)).toThrow(
      'rulesLoader is "rhel", but the init script of this host reads the files of "debian". Remove rulesLoader',
    );
  });

  test("of an init script and a unit the next boot runs the unit, where systemd runs the host", () => {
    const both = { ...debian, loader: { ...debian.loader, ...unit(RHEL_UNIT) } };
    expect(renderBoot(change, both)[1]).toMatchObject({ file: "/etc/sysconfig/ipvsadm" });
    const without = { ...both, loader: { ...both.loader, systemd: false } };
    expect(renderBoot(change, without)[1]).toMatchObject({ file: "/etc/ipvsadm.rules" });
  });
});

test("what the rest of a boot runs is not read again for an edit of ours: that takes a host as long as five programs", () => {
  const cache = new FactCache(() => 0);
  const { command } = rulesFacts.bootLines;
  cache.store([command], [{ code: 0, stdout: "", stderr: "" }], 0);
  const changes = renderBoot(change, debian).map(changedBy);
  expect(changes).toContain("file /etc/default/ipvsadm");
  cache.invalidate(changes.filter((one) => one !== undefined));
  expect(cache.missing([command])).toEqual([]);
  cache.invalidate();
  expect(cache.missing([command])).toEqual([command]);
});

test("edits of the rules files start from texts that were read with the rest, so that a write begins without another look", () => {
  const commands = listFacts(rulesFacts).map(({ command }) => command);
  expect(commands).toEqual(expect.arrayContaining(["/etc/ipvsadm.rules", "/etc/sysconfig/ipvsadm"].map(readFile)));
});
