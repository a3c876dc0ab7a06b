import { connection } from "../../../provider/model/connection.ts";
import { CrashPoints, type Life } from "../../support/crash-points.ts";
import { useLab } from "../../support/use-lab.ts";
import { LabResource } from "../resource.ts";
import { Cut, cuttingSession } from "./cutting-session.ts";
import { type LabLife, lives, PREPARE } from "./lives.ts";
import { LOOK } from "./look.ts";

/** Every crash point: each operation stops after each of its steps, and whatever is done then ends as if nothing had happened. */

const lab = useLab({ hosts: ["web1"] });
const host = () => lab.host("web1");

/** All trials of all kinds take minutes; a name chooses one kind. Usually one kind is tried, and each crash point with one continuation. */
const wanted = process.env["PULUMI_LVS_CRASH_POINTS"];
const USUAL = "NatKernelTuning";
const isChosen = ({ kind }: LabLife) =>
  wanted === undefined ? kind.name === USUAL : ["all", kind.name].includes(wanted);

beforeAll(() => host().sh(PREPARE));

test.each(lives.filter(isChosen))(
  "$kind.name",
  async (life) => {
    const cut = new Cut();
    const session = cuttingSession(connection.parse({ name: "web1", ...host().connection }), cut);
    const points = new CrashPoints(
      (kind) => new LabResource(kind, host(), () => session),
      cut,
      () => session.sh(LOOK),
    );
    const start = Date.now();
    await points.try(onHost(life, session.sh), wanted === undefined);
    session.close();
    const made = Object.values(points.trials).reduce((sum, count) => sum + count, 0);
    const seconds = Math.round((Date.now() - start) / 1000);
    process.stderr.write(`${life.kind.name}: ${made} trials in ${seconds} s ${JSON.stringify(points.trials)}\n`);
    expect(points.failures).toEqual([]);
    expect(made).toBeGreaterThan(10);
  },
  900_000,
);

function onHost({ byHand, ...life }: LabLife, sh: (text: string) => Promise<string>): Life {
  const named = (args: object) => ({ ...args, __resource: "shop/prod/web1" });
  return {
    ...life,
    args: named(life.args),
    others: (life.others ?? []).map(named),
    ...(byHand && { byHand: { make: () => sh(byHand.make), undo: () => sh(byHand.undo) } }),
  };
}
