import { cleanupRules, isPersisted, renderBoot } from "../../../provider/dialects/ipvs/boot-rules";
import type { LoaderFacts } from "../../../provider/dialects/ipvs/loader";
import { type RuleOwner, readRulesFile } from "../../../provider/dialects/ipvs/rules-file";
import { describeStep } from "../../../provider/step";

const owner: RuleOwner = { service: "tcp 192.0.2.10:80", itself: true, servers: [] };
const RULE = "-A -t 192.0.2.10:80 -s wlc";
const change = { op: "boot", owner, rules: [RULE] } as const;

const nothing: LoaderFacts = {
  loader: {
    seen: [],
    installed: true,
    initScript: false,
    defaults: false,
    links: "absent",
    unit: false,
    unitEnabled: false,
  },
  debianRules: readRulesFile(undefined),
  debianDefaults: undefined,
  rhelRules: readRulesFile(undefined),
  rulesRecord: undefined,
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
const rhel: LoaderFacts = {
  ...nothing,
  loader: { ...nothing.loader, seen: ["/usr/lib/systemd/system/ipvsadm.service"], unit: true },
};

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
      "edit /etc/modules-load.d/pulumi-lvs.conf: remove it",
    ]);
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
    const enabled = { ...after(rhel), loader: { ...rhel.loader, unitEnabled: true } };
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
      "edit /etc/modules-load.d/pulumi-lvs.conf: remove it",
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
    ' Expected is either /etc/init.d/ipvsadm with /etc/default/ipvsadm (rulesLoader: "debian"), or an ipvsadm.service that reads /etc/sysconfig/ipvsadm (rulesLoader: "rhel").' +
    " Set rulesLoader to the one that runs at boot, or boot: false if the rules need not survive a reboot.";

  test.each<[string, LoaderFacts, string]>([
    ["nothing", nothing, "no loader of IPVS rules was found (seen: no init script, no unit)."],
    [
      "the unit of an ipvsadm that was removed",
      { ...nothing, loader: { ...nothing.loader, installed: false, seen: ["/etc/init.d/ipvsadm"] } },
      "no loader of IPVS rules was found (seen: /etc/init.d/ipvsadm). ipvsadm is not installed: install it first.",
    ],
    [
      "a unit of another kind",
      { ...nothing, loader: { ...nothing.loader, seen: ["/etc/systemd/system/ipvsadm.service"] } },
      "no loader of IPVS rules was found (seen: /etc/systemd/system/ipvsadm.service).",
    ],
    [
      "both",
      { ...debian, loader: { ...debian.loader, unit: true, seen: [...debian.loader.seen, ...rhel.loader.seen] } },
      "two loaders of IPVS rules were found (seen: /etc/init.d/ipvsadm, /etc/default/ipvsadm, /usr/lib/systemd/system/ipvsadm.service).",
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
    const both = { ...debian, loader: { ...debian.loader, unit: true } };
    expect(renderBoot({ ...change, dialect: "rhel" }, both)[1]).toMatchObject({ file: "/etc/sysconfig/ipvsadm" });
    expect(renderBoot({ ...change, dialect: "debian" }, nothing)[1]).toMatchObject({ file: "/etc/ipvsadm.rules" });
  });
});
