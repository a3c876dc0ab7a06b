import { Reconciler } from "../../../provider/engine/reconcile.ts";
import type { Session } from "../../../provider/host/session/job.ts";
import { type OpenSession, openSession } from "../../../provider/host/session/session.ts";
import { virtualService } from "../../../provider/kinds/virtual-service/kind.ts";
import { connection } from "../../../provider/model/connection.ts";
import type { WantedVirtualService } from "../../../provider/model/ipvs/virtual-service.ts";
import { describeStep } from "../../../provider/step.ts";
import { sampleTables } from "../../kinds/ipvs-arbitrary.ts";
import { wanted } from "../../kinds/ipvs-operator.ts";
import { useLab } from "../../support/use-lab.ts";

/** The IPVS kinds against real kernels: a thing exists when the host's own tools show it. */

const lab = useLab({ hosts: ["director1"] });
const open: OpenSession[] = [];

afterAll(() => {
  for (const session of open) session.close();
});

/** A session, and what is sent through it. */
function sessionTo(name: "director1"): { session: Session; sent: string[] } {
  const inner = openSession(connection.parse({ ...lab.host(name).connection, name }));
  open.push(inner);
  const sent: string[] = [];
  const submit: Session["submit"] = (job) =>
    inner.submit({
      ...job,
      plan: (observation) => {
        const plan = job.plan(observation);
        const steps = () => {
          const taken = plan.steps();
          sent.push(...taken.map(describeStep));
          return taken;
        };
        return { ...plan, steps };
      },
    });
  return { session: { ...inner, submit }, sent };
}

const reconcilerFor = (session: Session, desired: object | undefined, subject: object, lastApplied?: object) =>
  new Reconciler(session, virtualService.runtime, { desired, subject, lastApplied }, { log: () => undefined });

test("500 random tables, one after the other: the kernel has what was wanted, and a second run sends nothing", async () => {
  const { session, sent } = sessionTo("director1");
  let olds: readonly WantedVirtualService[] = [];
  const bring = (wants: readonly WantedVirtualService[]) => {
    const keys = new Set(wants.map(virtualService.key));
    const going = olds.filter((old) => !keys.has(virtualService.key(old)));
    return Promise.all([
      ...wants.map((want) => reconcilerFor(session, want, want).reconcile()),
      ...going.map((old) => reconcilerFor(session, undefined, old, old).reconcile()),
    ]);
  };

  const tables = sampleTables(500);
  for (const [round, written] of tables.entries()) {
    const wants = written.map((fields) =>
      wanted<WantedVirtualService>(virtualService, { ...fields, boot: false, drain: { timeout: 0 } }),
    );
    await bring(wants);
    olds = wants;
    sent.length = 0;
    await bring(wants);
    expect(sent).toEqual([]);

    // The provider's own look is by ipvsadm, too; now and then the host is asked on another way.
    if (round % 25 === 0) {
      const saved = (await lab.host("director1").text("ipvsadm -Sn")).split("\n");
      expect(saved.filter((line) => line.startsWith("-A"))).toHaveLength(wants.length);
    }
    const records = wants.map(({ drain: _, exclusive: __, allowUnknownScheduler: ___, ...record }) => record);
    const seen = await Promise.all(wants.map((want) => reconcilerFor(session, want, want).observe()));
    expect(seen.map(({ observed }) => observed)).toEqual(records);
  }
  await bring([]);
  expect(await lab.host("director1").text("ipvsadm -Sn")).toBe("");
}, 900_000);
