import { differences, type Snapshot } from "../../../tools/lab/host/snapshot.ts";
import { step } from "../../support/step.ts";
import { useLab } from "../../support/use-lab.ts";
import type { Stack } from "../support/stack.ts";
import { stackOn } from "../support/stack-on.ts";

/** Options are JavaScript, as a program has them. */
interface Program {
  readonly weight: number;
  readonly scheduler?: string;
  /** Of the service. */
  readonly options?: string;
  /** Undefined: the program has no cluster. */
  readonly cluster?: { readonly name: string; readonly options?: string };
}

const IGNORE_WEIGHT = `ignoreChanges: ['realServers["192.168.4.100"].weight']`;

function text({ weight, scheduler = "wrr", options = "", cluster }: Program): string {
  const clusterText =
    cluster === undefined
      ? ""
      : `
new lvs.DrCluster("${cluster.name}", {
  directors: { director1: { device: "eth0" } },
  realServers: { web1: { address: "192.168.4.100", weight: ${weight} } },
  vips: ["192.168.4.6"],
  ports: [80],
  transform: { virtualService: (args, opts) => ({ opts: { ...opts, ${IGNORE_WEIGHT} } }) },
}, { ${cluster.options ?? ""} });`;
  return `
import * as lvs from "pulumi-lvs";
import * as pulumi from "@pulumi/pulumi";
const hook = new pulumi.ResourceHook("said", ({ name }) => { console.log("made " + name); });
new lvs.VirtualService("web", {
  host: "director1",
  protocol: "tcp",
  address: "192.168.4.5:80",
  scheduler: "${scheduler}",
  realServers: { "192.168.4.100": { weight: ${weight} } },
}, { ${options} });${clusterText}
`;
}

const lab = useLab({ hosts: ["director1", "web1"] });
let stack: Stack;
let found: readonly Snapshot[];

const director = () => lab.host("director1");
const weights = () => director().text("ipvsadm -Sn | grep -o -- '-w .*' | tr '\\n' ' '");
const input = (name: string) => stack.resources().get(name)?.inputs["realServers"];
const snapshots = () => Promise.all(lab.hosts.map((host) => host.snapshot()));

test("Pulumi's options do what they say to a service and to a cluster", async () => {
  found = await snapshots();
  const first = `${IGNORE_WEIGHT}, additionalSecretOutputs: ["commands"], hooks: { afterCreate: [hook] }`;
  const addLabel = `transforms: [({ type, props, opts }) =>
    type.endsWith(":VipAlias") && props.role === "director" ? { props: { ...props, label: "eth0:own" }, opts } : undefined]`;
  const cluster = { name: "cluster", options: addLabel };
  stack = await stackOn(lab, { program: { text: text({ weight: 2, options: 'import: "x"' }) }, passphrase: true });

  await step("import is refused by Pulumi, before any host is asked", async () => {
    const { code, text } = await stack.try("preview");
    expect([code, text]).toEqual([1, expect.stringContaining("code must be a string")]);
  });

  await step("a secret output is encrypted, a hook runs, a transform reaches the children", async () => {
    stack.write(text({ weight: 2, options: first, cluster }));
    const { text: said } = await stack.up();
    expect(said).toContain("made web");
    expect(JSON.stringify(stack.resources().get("web")?.outputs["commands"])).toContain("ciphertext");
    expect(await director().text("ip -o addr show to 192.168.4.6")).toContain("eth0:own");
    expect(await weights()).toBe("-w 2 -w 2");
  });

  await step("ignoreChanges: the weight that somebody set stays, through up and refresh", async () => {
    await director().sh(
      "ipvsadm -Sn | grep -- ' -r ' | sed 's/^-a/-e/; s/-w 2/-w 9/' | while read -r rule; do ipvsadm $rule; done",
    );
    stack.write(text({ weight: 5, options: first, cluster }));
    await stack.up("--expect-no-changes");
    expect([await weights(), input("web")]).toEqual([
      "-w 9 -w 9",
      { "192.168.4.100": expect.objectContaining({ weight: 2 }) },
    ]);
    await stack.refresh();
    await stack.refresh("--expect-no-changes");
    // The next boot gets it, too: a refresh makes it what is declared.
    await stack.up();
    await stack.up("--refresh", "--expect-no-changes");
    expect([await weights(), input("web")]).toEqual([
      "-w 9 -w 9",
      { "192.168.4.100": expect.objectContaining({ weight: 9 }) },
    ]);
    expect(await director().text("grep -c -- '-w 9' /etc/ipvsadm.rules")).toBe("2");
  });

  await step(
    "replaceOnChanges and deleteBeforeReplace make the service anew; aliases rename a cluster, and no host is told",
    async () => {
      const options = `${IGNORE_WEIGHT}, replaceOnChanges: ["scheduler"], deleteBeforeReplace: true, protect: false`;
      const renamed = { name: "renamed", options: `${addLabel}, aliases: [{ name: "cluster" }], retainOnDelete: true` };
      stack.write(text({ weight: 5, scheduler: "wlc", options, cluster: renamed }));
      const { text: said } = await stack.up();
      expect(said).toMatch(/web deleted original[^]*web created replacement/);
      expect(said).not.toMatch(/renamed-\S+ (?:created|updated|deleted)/);
      // A new object has what the program says: Pulumi ignores nothing there.
      expect(await weights()).toBe("-w 5 -w 9");
    },
  );

  await step("retainOnDelete leaves a cluster on its hosts; protect refuses a destroy", async () => {
    stack.write(text({ weight: 5, scheduler: "wlc", options: `${IGNORE_WEIGHT}, protect: true` }));
    const before = await snapshots();
    await stack.up();
    expect(stack.resources().has("renamed")).toBe(false);
    expect((await snapshots()).flatMap((now, index) => differences(before[index] ?? now, now))).toEqual([]);
    expect((await stack.try("destroy", "--yes", "--skip-preview")).text).toMatch(/web.*cannot be deleted|protected/s);
    expect(await weights()).toBe("-w 5 -w 9");
  });

  await step("what was left is adopted; protect of a cluster protects its children, and no host is told", async () => {
    const guarded = { name: "cluster", options: `${addLabel}, protect: true` };
    stack.write(text({ weight: 9, scheduler: "wlc", cluster: guarded }));
    await stack.up();
    const before = await snapshots();
    const destroyed = await stack.try("destroy", "--yes", "--skip-preview");
    stack.write(text({ weight: 9, scheduler: "wlc" }));
    const dropped = await stack.try("up", "--yes", "--skip-preview");
    for (const { code, text: said } of [destroyed, dropped])
      expect([code !== 0, said]).toEqual([true, expect.stringMatching(/cannot be deleted|protected/)]);
    expect((await snapshots()).flatMap((now, index) => differences(before[index] ?? now, now))).toEqual([]);
  });

  await step("without protect a destroy takes all of it away", async () => {
    stack.write(text({ weight: 9, scheduler: "wlc", cluster }));
    await stack.up();
    await stack.destroy();
    expect((await snapshots()).flatMap((now, index) => differences(found[index] ?? now, now))).toEqual([]);
  });
});
