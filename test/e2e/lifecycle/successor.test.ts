import { differences, type Snapshot } from "../../../tools/lab/host/snapshot.ts";
import { step } from "../../support/step.ts";
import { useLab } from "../../support/use-lab.ts";
import { connectionOf } from "../support/connection.ts";
import type { Stack } from "../support/stack.ts";
import { stackOn } from "../support/stack-on.ts";

const RULES = "-A -t 192.168.4.5:80 -s wlc\n-a -t 192.168.4.5:80 -r 10.0.0.1:80 -g -w 1";

const separate = (suffix: string, host = "director1") => `
import * as lvs from "pulumi-lvs";
const host = "${host}";
const web = new lvs.VirtualService("web${suffix}", { host, protocol: "tcp", address: "192.168.4.5:80" });
new lvs.RealServer("server${suffix}", { host, service: web, address: "10.0.0.1" });
new lvs.VipAlias("vip${suffix}", { host, role: "director", address: "192.168.4.5", device: "eth0" });
`;

const inline = `
import * as lvs from "pulumi-lvs";
const host = "director1";
new lvs.VirtualService("web", { host, protocol: "tcp", address: "192.168.4.5:80", realServers: { "10.0.0.1": {} } });
new lvs.VipAlias("vip", { host, role: "director", address: "192.168.4.5", device: "eth0" });
`;

const lab = useLab({ hosts: ["director1"] });
let stack: Stack;
let before: Snapshot;

const director = () => lab.host("director1");

beforeAll(async () => {
  before = await director().snapshot();
  stack = await stackOn(lab, { program: { text: separate("") } });
  await stack.up();
  await director().sh(WATCH);
});

/** Looks 50 times a second, and notes each look that misses a rule or the VIP. A shell would read the tables letter by letter. */
const WATCH = `cat > /tmp/watch.py <<'END'
import os, time
parts = ("ip_vs", "C0A80405:0050"), ("ip_vs", "0A000001:0050"), ("fib_trie", "192.168.4.5")
while os.path.exists("/tmp/watching"):
    tables = {}
    for table in "ip_vs", "fib_trie":
        with open("/proc/net/" + table) as file: tables[table] = file.read()
    with open("/tmp/watched", "a") as file:
        print("".join("1" if part in tables[table] else "0" for table, part in parts), file=file)
    time.sleep(0.02)
END
: > /tmp/watched; touch /tmp/watching
nohup python3 /tmp/watch.py > /tmp/watch.said 2>&1 &`;

/** What the watch saw since it was last asked. */
const watched = () => director().text("sort /tmp/watched | uniq; : > /tmp/watched");

async function keepsEverything(operation: () => Promise<unknown>): Promise<void> {
  await watched();
  await operation();
  expect(await watched()).toBe("111");
  expect(await director().text("ipvsadm -Sn")).toBe(RULES);
  expect(await director().text("grep ^- /etc/ipvsadm.rules")).toBe(RULES);
}

test("a rule and a VIP stay while the resource that has them or its host is renamed, replaced, joined and split", async () => {
  await step("a renamed resource keeps its rule at all times", () =>
    keepsEverything(() => {
      stack.write(separate("-renamed"));
      return stack.up();
    }),
  );

  await step("a replaced resource keeps its rule at all times", () =>
    keepsEverything(async () => {
      const urns = [...stack.resources().values()].map(({ urn }) => urn).filter((urn) => urn.includes("-renamed"));
      expect(urns).toHaveLength(3);
      await stack.up(...urns.flatMap((urn) => ["--replace", urn]));
    }),
  );

  await step(
    "a resource that is replaced with its provider keeps its rule, although the deletes come from another process",
    () => keepsEverything(() => stack.up("--replace", "**")),
  );

  await step("a resource keeps its rule when a run breaks off between its replacement and the delete", () =>
    keepsEverything(async () => {
      // What the state says then: the new one is there, and the old one waits for its delete.
      const state = JSON.parse(await stack.state()) as { deployment: { resources: { urn: string }[] } };
      const { resources } = state.deployment;
      const at = resources.findIndex(({ urn }) => urn.endsWith("::server-renamed"));
      const leftOver = { ...resources[at], urn: resources[at]?.urn ?? "", delete: true };
      resources.splice(at + 1, 0, leftOver);
      await stack.run(["stack", "import"], { input: JSON.stringify(state) });
      const { text } = await stack.up();
      expect(text).toContain("server-renamed deleted original");
    }),
  );

  await step("a server that becomes part of its service keeps its rule at all times", () =>
    keepsEverything(async () => {
      stack.write(inline);
      await stack.up();
    }),
  );

  await step("a server that becomes a resource of its own again keeps its rule at all times", () =>
    keepsEverything(async () => {
      stack.write(separate(""));
      await stack.up();
    }),
  );

  await step("a refresh finds the machine of a host whose name was taken out, and nothing that has changed", () =>
    keepsEverything(async () => {
      stack.configure({ "lvs:hosts": { lb1: connectionOf(lab, "director1") } });
      await stack.refresh("--expect-no-changes");
    }),
  );

  await step("a host that has another name keeps its rules and its VIP, and nothing is replaced", () =>
    keepsEverything(async () => {
      stack.write(separate("", "lb1"));
      expect([...(await stack.planned()).values()].filter((op) => op !== "same")).toEqual([
        "update",
        "update",
        "update",
      ]);
      await stack.up();
      await stack.refresh("--expect-no-changes");
    }),
  );

  await step("a host that has another name and another address keeps them, although the preview says replace", () =>
    keepsEverything(async () => {
      const connection = connectionOf(lab, "director1");
      stack.configure({ "lvs:hosts": { lb1: connection, director1: { ...connection, host: "localhost" } } });
      stack.write(separate(""));
      const { text } = await stack.up();
      expect(text).toContain("web deleted original");
      await stack.refresh("--expect-no-changes");
    }),
  );

  await step("a destroy that runs the program takes all of it away", async () => {
    await director().sh("rm /tmp/watching");
    await stack.destroy("--run-program");
    expect(differences(before, await director().snapshot())).toEqual([]);
  });
});
