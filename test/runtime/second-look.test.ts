import { Held } from "../../provider/held";
import type { Job, Session } from "../../provider/host/job";
import { Inventory } from "../../provider/inventory";
import type { AnyKind } from "../../provider/kinds/kind";
import { virtualService } from "../../provider/kinds/virtual-service";
import { type Lifecycle, lifecycle } from "../../provider/lifecycle";
import type { Properties } from "../../provider/record";
import { FakeDirector } from "../kinds/fake-director";

/** The kind, with its questions answered by the fake; and a session that does what it is told there. */
function providerOn(director: FakeDirector): Lifecycle {
  const facts = () =>
    Object.fromEntries(
      (Object.keys(director.seen()) as (keyof ReturnType<FakeDirector["seen"]>)[]).map((name) => [
        name,
        { command: { run: ["look", name] }, parse: () => director.seen()[name] },
      ]),
    );
  const answered = { code: 0, stdout: "", stderr: "" };
  const seen = { answer: () => answered };
  const session: Session = {
    name: "director1",
    reachedAt: () => Promise.resolve({ address: "192.0.2.1", port: 22 }),
    submit: (job: Job) => {
      director.run(job.decide(seen));
      return Promise.resolve({ seen, done: [] });
    },
  };
  return lifecycle({ ...virtualService, facts } as unknown as AnyKind, {
    inventory: new Inventory(),
    session: () => session,
    held: new Held(),
    log: () => undefined,
  });
}

async function created(director: FakeDirector, boot: boolean) {
  const provider = providerOn(director);
  const host = { name: "director1", host: "192.0.2.1", user: "root" };
  const args = { host, protocol: "tcp", address: "192.168.4.5:80", boot } as unknown as Properties;
  const { inputs, failures } = await provider.check({ host: "" }, args);
  expect(failures).toEqual([]);
  const { id, outs } = await provider.create(inputs);
  const look = async (outputs: Properties) => (await provider.read(id, outputs)).props ?? outputs;
  return { provider, id, inputs, outs, look };
}

test("what is not loaded at boot is seen by a refresh, and by every one after it, until it is repaired", async () => {
  const director = new FakeDirector("rhel");
  const { provider, id, inputs, outs, look } = await created(director, true);
  director.wanted = false;
  let state = outs;
  for (let time = 1; time <= 3; time++) {
    state = await look(state);
    expect(state["boot"]).toBe(false);
    expect(await provider.diff(id, state, inputs)).toEqual({ changes: true });
  }
  const { outs: repaired } = await provider.update(id, state, inputs);
  expect(director.wanted).toBe(true);
  expect(await look(repaired)).toEqual(outs);
});

test("what is not wanted at boot stays so, and a line of it that is left in the file is seen by every refresh", async () => {
  const director = new FakeDirector("rhel");
  const { provider, id, inputs, outs, look } = await created(director, false);
  expect(await look(outs)).toEqual(outs);
  director.files.set("/etc/sysconfig/ipvsadm", "# pulumi-lvs begin\n-A -t 192.168.4.5:80 -s wlc\n# pulumi-lvs end\n");
  let state = outs;
  for (let time = 1; time <= 3; time++) {
    state = await look(state);
    expect(state["boot"]).toBe(true);
    expect(await provider.diff(id, state, inputs)).toEqual({ changes: true });
  }
  await provider.update(id, state, inputs);
  expect(director.files.get("/etc/sysconfig/ipvsadm") ?? "").toBe("");
});
