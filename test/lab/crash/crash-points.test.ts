import { virtualService } from "../../../provider/kinds/virtual-service/kind.ts";
import { connection } from "../../../provider/model/connection.ts";
import { lineDifferences } from "../../../tools/lab/host/snapshot.ts";
import { Counts } from "../../support/counts.ts";
import { CrashPoints, type Life } from "../../support/crash-points.ts";
import { Random } from "../../support/random.ts";
import { useLab } from "../../support/use-lab.ts";
import { KeptShell } from "../kept-shell.ts";
import { LOOK, readLook } from "../look.ts";
import { LabResource } from "../resource.ts";
import { Cut, cuttingShell } from "./cutting-shell.ts";
import { type LabLife, lives, PREPARE } from "./lives.ts";

/** Every crash point: each operation stops after each of its steps, and whatever is done then ends as if nothing had happened. */

const lab = useLab({ hosts: ["web1"] });
const host = () => lab.host("web1");

/** All trials of all kinds take minutes; a name chooses one kind. Usually one kind is tried, and each crash point with one continuation. */
const wanted = process.env["PULUMI_LVS_CRASH_POINTS"];
/** Of a seed, each crash point has one continuation, too. */
const seed = process.env["PULUMI_LVS_SAMPLE"];
const USUAL = "NatKernelTuning";
const isChosen = ({ kind }: LabLife) =>
  wanted === undefined ? kind.name === USUAL : ["all", kind.name].includes(wanted);

beforeAll(() => host().sh(PREPARE));

test.each(lives.filter(isChosen))(
  "$kind.name",
  async (life) => {
    const cut = new Cut();
    const shell = cuttingShell(connection.parse({ name: "web1", ...host().connection }), cut);
    const session = shell.session();
    const sh = async (text: string) => {
      session.forget();
      return shell.sh(text);
    };
    const points = new CrashPoints(
      (kind) => new LabResource(kind, host(), () => session),
      cut,
      async () => readLook(await sh(LOOK)).join("\n"),
    );
    const start = Date.now();
    const ofSeed = seed === undefined ? undefined : new Random(Number(seed));
    await points.try(onHost(life, sh), wanted === undefined ? "usual" : ofSeed);
    shell.close();
    const made = Object.values(points.trials).reduce((sum, count) => sum + count, 0);
    const seconds = Math.round((Date.now() - start) / 1000);
    const counts = new Counts();
    for (const [operation, count] of Object.entries(points.trials)) counts.add(life.kind.name, operation, count);
    counts.add(life.kind.name, "differed", points.failures.length);
    counts.tell();
    process.stderr.write(`${life.kind.name}: ${made} trials in ${seconds} s ${JSON.stringify(points.trials)}\n`);
    expect(points.failures).toEqual([]);
    expect(made).toBeGreaterThan(10);
  },
  wanted === undefined ? 900_000 : 7_200_000,
);

/** Of those who need an object, the last to go takes it away, and of a service that each has servers of its own in, the same servers. */
const needed = lives.filter((life) => wanted === undefined || isChosen(life));

test.each(needed)("$kind.name of two stacks goes with the last of them", async ({ kind, args }) => {
  const shell = new KeptShell(connection.parse({ name: "web1", ...host().connection }));
  const session = shell.session();
  const look = async () => {
    session.forget();
    return readLook(await shell.sh(LOOK));
  };
  const [dev, prod] = ["dev", "prod"].map((stack) => {
    const resource = new LabResource(kind, host(), () => session);
    return { resource, up: () => resource.up({ ...args, __resource: `shop/${stack}/web` }) };
  }) as [Owner, Owner];
  const before = await look();
  await prod.up();
  const alone = await look();
  await dev.up();
  await dev.resource.destroy();
  expect(lineDifferences(alone, await look())).toEqual([]);
  expect(await prod.resource.drift()).toBe("none");
  await dev.up();
  // In one batch.
  await Promise.all([dev.resource.destroy(), prod.resource.destroy()]);
  expect(lineDifferences(before, await look())).toEqual([]);
  await Promise.all([dev.up(), prod.up()]);
  await prod.resource.destroy();
  await dev.resource.destroy();
  expect(lineDifferences(before, await look())).toEqual([]);
  shell.close();
});

test("what a power cut in the middle of a write leaves goes with a destroy that has nothing else to do", async () => {
  const shell = new KeptShell(connection.parse({ name: "web1", ...host().connection }));
  const session = shell.session();
  const before = readLook(await shell.sh(LOOK));
  const resource = new LabResource(virtualService, host(), () => session);
  await resource.up({ protocol: "tcp", address: "192.168.4.5:80", __resource: "shop/prod/web" });
  const gone = new LabResource(virtualService, host(), () => session);
  await gone.up({ protocol: "tcp", address: "192.168.4.5:80", __resource: "shop/prod/web" });
  await resource.destroy();
  await shell.sh(
    "umask 077; mkdir -p /var/lib/pulumi-lvs; echo half >/var/lib/pulumi-lvs/.pulumi-lvs.Ab3dEf7hIj; echo half >/etc/sysctl.d/.pulumi-lvs.0123456789",
  );
  session.forget();
  expect(await gone.refresh()).toMatchObject({ commands: [] });
  await gone.destroy();
  session.forget();
  expect(lineDifferences(before, readLook(await shell.sh(LOOK)))).toEqual([]);
  shell.close();
});

interface Owner {
  readonly resource: LabResource;
  readonly up: () => Promise<unknown>;
}

function onHost({ byHand, ...life }: LabLife, sh: (text: string) => Promise<string>): Life {
  const named = (args: object) => ({ ...args, __resource: "shop/prod/web1" });
  return {
    ...life,
    args: named(life.args),
    others: (life.others ?? []).map(named),
    ...(byHand && { byHand: { make: () => sh(byHand.make), undo: () => sh(byHand.undo) } }),
  };
}
