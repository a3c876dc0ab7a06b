import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { step } from "../../support/step.ts";
import { useLab } from "../../support/use-lab.ts";
import type { Stack } from "../support/stack.ts";
import { stackOn } from "../support/stack-on.ts";
import { rows, SERVICE } from "./ipvs-rows.ts";

const SERVICES = [SERVICE, "192.168.4.5:998"];

const PROGRAM = `
import { readFileSync } from "node:fs";
import * as lvs from "pulumi-lvs";
const host = "director1";
const services = ${JSON.stringify(SERVICES)}.map((address) => new lvs.VirtualService(address, { host, protocol: "tcp", address }));
for (const { kind, name, args } of JSON.parse(readFileSync("rows.json", "utf8"))) {
  new (lvs as any)[kind](name, { host, ...args }, { dependsOn: services });
}`;

const lab = useLab({ hosts: ["director1"] });
let stack: Stack;

beforeAll(async () => {
  stack = await stackOn(lab, { program: { text: PROGRAM } });
  tell("before");
  await stack.up();
});

const table = () => lab.host("director1").text("ipvsadm -Sn; ipvsadm -Ln --thresholds");

function tell(which: "before" | "after"): void {
  const said = rows.map((row) => ({ kind: row.kind, name: row.field, args: row[which] }));
  writeFileSync(join(stack.program, "rows.json"), JSON.stringify(said));
}

test("every field of services and servers: found changed, repaired, changed as ipvsadm allows, and there after a boot", async () => {
  await step("a refresh finds nothing", async () => {
    await stack.refresh("--expect-no-changes");
  });

  await step("each change by hand and a deleted rule are found by one refresh and repaired by one up", async () => {
    const before = await table();
    const touched = rows.filter(({ byHand }) => byHand !== undefined);
    const deleted = rows.find(({ field, byHand }) => field === "server address" && byHand === undefined);
    const deletion = `ipvsadm -d -t ${SERVICE} -r ${String(deleted?.before["address"])}`;
    await lab.host("director1").sh([...touched.map(({ byHand }) => `ipvsadm ${byHand}`), deletion].join("\n"));
    const refresh = await stack.try("refresh", "--preview-only", "--expect-no-changes");
    expect(refresh.code).toBe(7);
    const found = refresh.text.split("\n").filter((line) => / ~ .* update /.test(line));
    for (const { field } of touched) expect(found.join("\n")).toContain(` ${field} update`);
    // A boot would bring it back: it is not gone.
    expect(refresh.text).toMatch(/~ .*server address update \[diff: [~+]live\]/);
    expect(found).toHaveLength(touched.length + 1);
    await stack.up("--refresh", "--run-program");
    expect(await table()).toBe(before);
  });

  await step("a change of each field is made as ipvsadm allows, and nothing else is changed", async () => {
    tell("after");
    const steps = await stack.planned();
    for (const { field, op } of rows) expect([field, steps.get(field)]).toEqual([field, op]);
    for (const name of SERVICES) expect([name, steps.has(name)]).toEqual([name, false]);
    await stack.up();
  });

  await step("a boot changes nothing, and there is nothing to do", async () => {
    const before = await table();
    await lab.host("director1").reboot();
    expect(await table()).toBe(before);
    await stack.preview("--refresh", "--expect-no-changes");
  });

  await step("a destroy leaves no rule", async () => {
    await stack.destroy();
    expect(await lab.host("director1").text("ipvsadm -Sn")).toBe("");
  });
});
