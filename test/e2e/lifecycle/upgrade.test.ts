import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { differences, type Snapshot } from "../../../tools/lab/host/snapshot.ts";
import { type InstalledPackage, installPackage } from "../../packaging/installed-package.ts";
import { step } from "../../support/step.ts";
import { useLab } from "../../support/use-lab.ts";
import type { Stack } from "../support/stack.ts";
import { stackOn } from "../support/stack-on.ts";

const PROGRAM = `
import * as lvs from "pulumi-lvs";
const host = "director1";
const web = new lvs.VirtualService("web", { host, protocol: "tcp", address: "192.168.4.5:80" });
for (const n of [1, 2]) new lvs.RealServer("server" + n, { host, service: web, address: "10.0.0." + n, weight: n });
`;

/** A later version of RealServer, by the name of its kind: one more thing that a director tells, with a default, and another text of the rule. */
const later = (kind: string) => `
const earlier = ${kind};
${kind} = defineKind({
  ...earlier,
  schema: require("zod").z.unknown().transform((said, context) => {
    const { colour = "green", ...others } = said;
    const read = earlier.schema.safeParse(others);
    if (read.success) return { ...read.data, colour };
    context.issues.push(...read.error.issues);
  }),
  observedProperties: [...earlier.observedProperties, "colour"],
  commands: (want) => earlier.commands(want).map((line) => line + " in " + want.colour),
  observe: (seen, want, known) => {
    const have = earlier.observe(seen, want, known);
    return have && { ...have, colour: "green" };
  },
  plan: (want, have) =>
    want && have && want.colour !== have.colour ? [{ op: "edit server", server: want }] : earlier.plan(want, have),
});
`;

const lab = useLab({ hosts: ["director1"] });
let installed: InstalledPackage;
let stack: Stack;
let before: Snapshot;

const director = () => lab.host("director1");

beforeAll(async () => {
  before = await director().snapshot();
  installed = await installPackage();
  lab.atEnd(() => installed.remove());
  const install = (program: string) => symlinkSync(dirname(installed.folder), join(program, "node_modules"));
  stack = await stackOn(lab, { program: { text: PROGRAM }, install });
  await stack.up();
  upgrade();
});

function upgrade(): void {
  const manifest = join(installed.folder, "package.json");
  const about = JSON.parse(readFileSync(manifest, "utf8")) as object;
  writeFileSync(manifest, JSON.stringify({ ...about, version: "99.0.0" }));
  const code = join(installed.folder, "dist", "runtime.js");
  const earlier = readFileSync(code, "utf8");
  const [, kind = ""] = /^var (realServer\d*) = defineKind\(/m.exec(earlier) ?? [];
  const [kinds = "", rest] = earlier.split(/^(?=\/\/! runtime\.ts$)/m);
  if (kind === "" || rest === undefined) throw new Error(`${code} does not name its parts as it did`);
  writeFileSync(code, `${kinds}${later(kind)}${rest}`);
}

const outputs = (name: string) => stack.resources().get(name)?.outputs;

test("a later version of the package reads, repairs and destroys what an earlier one made", async () => {
  await step("what an earlier version made needs no update by a later one", async () => {
    expect(outputs("server1")?.["colour"]).toBeUndefined();
    await stack.preview("--expect-no-changes");
  });

  await step("a refresh reads it as the later version does", async () => {
    await stack.refresh();
    expect(outputs("server1")).toMatchObject({
      colour: "green",
      commands: ["-a -t 192.168.4.5:80 -r 10.0.0.1:80 -g -w 1 in green"],
    });
  });

  await step("drift is found and repaired by the later version, which has nothing else to do", async () => {
    await director().sh("ipvsadm -e -t 192.168.4.5:80 -r 10.0.0.2 -g -w 7");
    const { text } = await stack.up("--refresh");
    expect(text).toContain("~ 1 updated");
    expect(await director().text("ipvsadm -Sn")).toContain("-r 10.0.0.2:80 -g -w 2");
  });

  await step("a destroy takes away what the earlier version made", async () => {
    await stack.destroy();
    expect(differences(before, await director().snapshot())).toEqual([]);
  });
});
