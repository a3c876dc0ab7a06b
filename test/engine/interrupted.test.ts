import { removeOwner } from "../../provider/dialects/sysctl/ledger";
import { ConnectionError, InDoubtError } from "../../provider/errors";
import { drKernelTuning } from "../../provider/kinds/kernel-tuning/dr";
import { connection } from "../../provider/model/connection";
import type { Step } from "../../provider/step";
import { FakeNetworkHost } from "../fakes/fake-network-host";
import { createdOn, providerOn } from "./provider-on";

const LEDGER = "/etc/sysctl.d/99-zz-pulumi-lvs.conf";
const lost = () => new InDoubtError(new ConnectionError("host1: the connection was lost while a command was running"));

/** A host on which a run is cut off, once told so: after that many steps, by a connection that is lost. */
class CutHost extends FakeNetworkHost {
  stepsLeft = Infinity;

  override take(steps: readonly Step[]): string[] {
    const done = super.take(steps.slice(0, this.stepsLeft));
    if (steps.length === 0 || steps.length < this.stepsLeft) {
      this.stepsLeft -= steps.length;
      return done;
    }
    this.stepsLeft = Infinity;
    throw lost();
  }
}

const onFake = (host: CutHost) => ({
  look: () => host.readFacts(drKernelTuning.facts(ARGS)),
  take: host.take.bind(host),
});
const ARGS = drKernelTuning.schema.parse({});

test("a create whose connection is lost while it is applied leaves a state, so that a destroy looks, or the next up goes on", async () => {
  for (const stepsLeft of [0, 1, 2]) {
    const host = new CutHost("none");
    const before = new Map(host.sysctls);
    const provider = providerOn(onFake(host), drKernelTuning);
    const { inputs } = await provider.check(
      { host: "" },
      { host: connection.parse({ name: "host1", host: "192.0.2.1" }) },
    );
    host.stepsLeft = stepsLeft;
    const error: unknown = await provider.create(inputs).catch((why: unknown) => why);
    expect(error).toMatchObject({ message: lost().message, id: "host1 all lo", properties: { boot: true } });
    const { id, properties } = error as { id: string; properties: typeof inputs };
    const { outs } = await provider.update(id, properties, inputs);
    expect((await provider.read(id, outs)).props).toEqual(outs);
    // In a later run: an object that a run has made it does not delete.
    await providerOn(onFake(host), drKernelTuning).delete(id, properties);
    expect(host.sysctls).toEqual(before);
    expect(host.files.size).toBe(0);
  }
});

describe.each(["destroy", "up"])(
  "a destroy that was cut off is not forgotten by a refresh, and %s finishes it or makes it again:",
  (goOn) => {
    test.each([
      ["before its first step", 0, undefined],
      ["after the values, before the ledger", 1, undefined],
      // Earlier versions took the owner off first, in a script of its own.
      ["with the ledger without its owner", 0, "DrKernelTuning all lo"],
    ])("%s", async (_, stepsLeft, owner) => {
      const host = new CutHost("none");
      const before = new Map(host.sysctls);
      const { id, inputs, outs, destroy, refresh, provider } = await createdOn(onFake(host), drKernelTuning, {});
      host.stepsLeft = stepsLeft;
      await expect(destroy(outs)).rejects.toThrow("the connection was lost");
      if (owner !== undefined) host.files.set(LEDGER, removeOwner(host.files.get(LEDGER), owner) ?? "");
      const state = await refresh(await refresh(outs));
      const isBegun = stepsLeft > 0 || owner !== undefined;
      expect(await provider.diff(id, state, inputs)).toEqual({ changes: isBegun });
      if (owner !== undefined) expect(state).toMatchObject({ boot: false, commands: [], __leftovers: true });
      if (goOn === "up") {
        const { outs: again } = await provider.update(id, state, inputs);
        expect(again).toEqual(outs);
        await destroy(again);
      } else await destroy(state);
      expect(host.sysctls).toEqual(before);
      expect(host.files.size).toBe(0);
    });
  },
);

test("a setting that is kept for a VIP after its destroy is no leftover: the object is gone", async () => {
  const host = new CutHost("none");
  const { id, outs, destroy, provider } = await createdOn(onFake(host), drKernelTuning, {});
  host.ip("addr add 192.168.4.5/32 dev lo label lo:0");
  await destroy(outs);
  expect(host.files.get(LEDGER)).toContain("# kept: 192.168.4.5 on lo");
  expect(await provider.read(id, outs)).toEqual({ id: "" });
});

test("what another kind has left is no leftover of this one", async () => {
  const host = new CutHost("none");
  const { id, outs, destroy, provider } = await createdOn(onFake(host), drKernelTuning, {});
  await destroy(outs);
  host.files.set(LEDGER, "# why\n# was: 0\n# set to: net.ipv4.ip_forward = 1\nnet.ipv4.ip_forward = 1\n");
  expect(await provider.read(id, outs)).toEqual({ id: "" });
});
