import {
  daemonState,
  hasKeepalivedTraces,
  isStillLoaded,
  removeFragment,
  removeKeepalivedTraces,
  writeFragment,
} from "../../../provider/dialects/keepalived/keepalived";
import { keepalivedAdvice } from "../../../provider/dialects/keepalived/problems";
import { keepalivedFacts } from "../../../provider/dialects/keepalived/seen";
import { ORIGINAL_STATE_FILE } from "../../../provider/facts/files/original-state";
import { fragmentPath, KEEPALIVED_DROP_IN, MAIN_FILE } from "../../../provider/facts/keepalived/paths";
import type { Command } from "../../../provider/step";
import { FakeHost } from "../../fakes/fake-host";
import { FakeKeepalived } from "../../fakes/fake-keepalived";

class Host extends FakeHost {
  readonly keepalived = new FakeKeepalived(this.files);

  answer(command: Command): string | undefined {
    return this.keepalived.answer(command);
  }

  execute(command: Command): void {
    if (!this.keepalived.execute(command)) throw new Error(`unknown: ${JSON.stringify(command)}`);
  }
}

let host: Host;

beforeEach(() => {
  host = new Host();
});

const seen = (name = "a") => host.readFacts(keepalivedFacts(name));
const write = (name = "a", text = `# ${name}\n`) => {
  for (const step of writeFragment(name, text, seen(name))) {
    const { code, stderr } = host.perform(step);
    if (code !== 0) return stderr;
  }
  return "";
};
const remove = (name = "a") => {
  host.take(removeFragment(name, seen(name)));
  if (hasKeepalivedTraces(seen())) host.take(removeKeepalivedTraces(seen()));
};
const state = (name = "a") => daemonState(name, seen(name));
const RIGHT = { live: true, boot: true, loaded: true };

test("the first file starts the daemon, others are read, and the last one stops it and leaves nothing", () => {
  expect(state()).toEqual({ live: false, boot: false, loaded: false });
  write("a");
  expect(state("a")).toEqual(RIGHT);
  write("b");
  expect([state("a"), state("b")]).toEqual([RIGHT, RIGHT]);
  remove("a");
  expect(host.keepalived.did).toEqual(["start", "reload", "reload"]);
  remove("b");
  expect(host.keepalived.did).toEqual(["start", "reload", "reload", "stop"]);
  expect([...host.files.keys()]).toEqual([]);
});

test("a main file that we make has keepalived trust no script of others", () => {
  write();
  expect(host.files.get(MAIN_FILE)).toBe(
    `# pulumi-lvs begin: the files of pulumi-lvs.d (new file)
global_defs {
    enable_script_security
}
include /etc/keepalived/pulumi-lvs.d/*.conf
# pulumi-lvs end
`,
  );
});

test("work that somebody has given it since goes on when the last file of ours goes", () => {
  write();
  const own = "vrrp_instance own {\n}\n";
  host.files.set(MAIN_FILE, `${host.files.get(MAIN_FILE) ?? ""}${own}`);
  remove();
  expect([...host.files]).toEqual([[MAIN_FILE, own]]);
  expect(host.keepalived).toMatchObject({ activeState: "active", did: ["start", "reload"] });
});

test("an operator's main file gets one line, stays byte for byte, and its daemon runs on", () => {
  const own = "vrrp_instance own {\n}";
  host.files.set(MAIN_FILE, own);
  host.keepalived.start();
  write();
  expect(host.files.get(MAIN_FILE)).toBe(
    `${own}\n# pulumi-lvs begin: the files of pulumi-lvs.d (no newline before)\ninclude /etc/keepalived/pulumi-lvs.d/*.conf\n# pulumi-lvs end\n`,
  );
  expect(host.files.get(KEEPALIVED_DROP_IN)).not.toContain("ConditionPathExistsGlob");
  remove();
  expect([...host.files]).toEqual([[MAIN_FILE, own]]);
  expect(host.keepalived).toMatchObject({ activeState: "active", did: ["start", "reload", "reload"] });
});

test("without an instance of others no start is tried that would wait for a file of ours", () => {
  write();
  expect(host.files.get(KEEPALIVED_DROP_IN)).toBe(
    "# Written by pulumi-lvs.\n[Unit]\nAfter=ipvsadm.service\nConditionPathExistsGlob=/etc/keepalived/pulumi-lvs.d/*.conf\n" +
      "[Service]\nRestart=on-failure\nRestartSec=1\n",
  );
});

test("a unit that was disabled is disabled again", () => {
  host.keepalived.enabled = "disabled";
  write();
  expect(state()).toEqual(RIGHT);
  remove();
  expect(host.keepalived).toMatchObject({ enabled: "disabled", activeState: "inactive" });
});

test.each([
  { name: "stopped", by: () => host.keepalived.stop(), is: { live: false, boot: true, loaded: false } },
  {
    name: "disabled",
    by: () => {
      host.keepalived.enabled = "disabled";
    },
    is: { ...RIGHT, boot: false },
  },
  { name: "main file gone", by: () => host.files.delete(MAIN_FILE), is: { ...RIGHT, boot: false } },
  { name: "drop-in gone", by: () => host.files.delete(KEEPALIVED_DROP_IN), is: { ...RIGHT, boot: false } },
  { name: "edited, not read", by: () => host.files.set(fragmentPath("a"), "# x\n"), is: { ...RIGHT, loaded: false } },
  { name: "passed over", by: () => host.keepalived.executable.add(fragmentPath("a")), is: { ...RIGHT, loaded: false } },
  { name: "file gone", by: () => host.files.delete(fragmentPath("a")), is: { ...RIGHT, loaded: false } },
])("what happens to it by hand is seen, and repaired: $name", ({ by, is }) => {
  write();
  by();
  expect(state()).toEqual(is);
  write();
  expect(state()).toEqual(RIGHT);
});

test("a file that is gone is still loaded until the daemon reads anew", () => {
  write("a");
  write("b");
  host.files.delete(fragmentPath("a"));
  expect(isStillLoaded("a", seen("a"))).toBe(true);
  host.keepalived.reload();
  expect(isStillLoaded("a", seen("a"))).toBe(false);
});

test("what the daemon refuses changes no file of its configuration, and is not loaded", () => {
  write("a");
  const before = new Map(host.files);
  host.keepalived.refusal = (all) => (all.has("b") ? "a and b both use VRID 51" : undefined);
  expect(write("b")).toContain("both use VRID 51");
  expect(host.files).toEqual(before);
  expect(host.keepalived.did).toEqual(["start"]);
  expect(state("a")).toEqual(RIGHT);
});

test("after a cut before the daemon has read a file, it counts as not loaded, and one that is gone as still loaded", () => {
  const cut = (steps: ReturnType<typeof writeFragment>) => host.take(steps.slice(0, -1));
  write("b");
  cut(writeFragment("a", "# a\n", seen("a")));
  expect(state("a")).toEqual({ ...RIGHT, loaded: false });
  write("a");
  cut(removeFragment("a", seen("a")));
  expect(isStillLoaded("a", seen("a"))).toBe(true);
  remove("a");
  expect(isStillLoaded("a", seen("a"))).toBe(false);
});

test.each([
  {
    name: "no package",
    by: () => {
      host.keepalived.version = undefined;
    },
    why: "keepalived is not installed",
  },
  {
    name: "masked",
    by: () => {
      host.keepalived.enabled = "masked";
    },
    why: "is masked",
  },
  {
    name: "another file",
    by: () => host.keepalived.options.push('DAEMON_ARGS="-f /etc/x.conf"'),
    why: "name another file",
  },
  {
    name: "executable",
    by: () => {
      host.files.set(MAIN_FILE, "global_defs {\n}\n");
      host.keepalived.executable.add(MAIN_FILE);
    },
    why: "passes over",
  },
  {
    name: "included twice",
    by: () => host.files.set(MAIN_FILE, "include /etc/keepalived/*/*.conf\n"),
    why: "keepalived.conf, line 1, includes our files, too",
  },
  {
    name: "somebody's instance that does not run",
    by: () => host.files.set(MAIN_FILE, "vrrp_instance own {\n}\n"),
    why: "line 1, has something for it to do",
  },
  {
    name: "half a block",
    by: () => host.files.set(MAIN_FILE, "# pulumi-lvs begin: x\n"),
    why: 'has no line "# pulumi-lvs end"',
  },
])("refused with a reason, and nothing is touched: $name", ({ by, why }) => {
  by();
  const before = new Map(host.files);
  expect(() => writeFragment("a", "# a\n", seen())).toThrow(why);
  expect(host.files).toEqual(before);
});

test("the include of ours is none too many, nor is it after a repair", () => {
  write();
  expect(write()).toBe("");
  host.files.set(MAIN_FILE, `${host.files.get(MAIN_FILE) ?? ""}include /etc/keepalived/pulumi-lvs.d/*.conf\n`);
  expect(() => writeFragment("a", "# a\n", seen())).toThrow("line 7, includes our files, too");
});

test("without the record of before, what is left of ours still goes", () => {
  write();
  host.files.delete(ORIGINAL_STATE_FILE);
  remove();
  expect([...host.files.keys()]).toEqual([]);
});

test("a file that was wrong before us is told from one that our change makes wrong", () => {
  const advice = (words: string) => keepalivedAdvice.filter(({ when }) => when.test(words)).map(({ say }) => say);
  expect(advice("refuses the configuration (exit code 5), and did so before this change:\nx")).toEqual([
    expect.stringContaining("Correct that file first"),
  ]);
  expect(advice("refuses the configuration with this change (exit code 5):\nx")).toEqual([]);
});
