import type { Properties } from "../../provider/engine/state";
import { drKernelTuning } from "../../provider/kinds/kernel-tuning/dr";
import { virtualService } from "../../provider/kinds/virtual-service/kind";
import { FakeDirector } from "../fakes/fake-director";
import { FakeKernel } from "../fakes/fake-kernel";
import { createdOn } from "./provider-on";

const service = {
  protocol: "tcp",
  address: "192.168.4.5:80",
  boot: false,
  realServers: { "192.168.4.200": { weight: 2 }, "192.168.4.100": {} },
};
const DEFAULTS = { forwarding: "direct", upperThreshold: 0, lowerThreshold: 0 };

function services(args: object = service) {
  const director = new FakeDirector("debian");
  const fake = { look: () => director.seen(), take: director.take.bind(director) };
  return createdOn(fake, virtualService, args).then((created) => ({ ...created, director }));
}

/** The inputs of a program that says this. */
async function inputsOf({ provider }: Awaited<ReturnType<typeof services>>, args: object): Promise<Properties> {
  const host = { name: "host1", host: "192.0.2.1", user: "root" };
  return (await provider.check({ host: "" }, { host, ...args } as Properties)).inputs;
}

describe("inputs have the words of the program", () => {
  test('keys of maps, where an option looks for realServers["192.168.4.100"].weight; outputs have the canonical ones', async () => {
    const { inputs, outs } = await services();
    expect(inputs["realServers"]).toEqual({
      "192.168.4.200": { ...DEFAULTS, weight: 2 },
      "192.168.4.100": { ...DEFAULTS, weight: 1 },
    });
    expect(Object.keys(outs["realServers"] as object)).toEqual(["192.168.4.100:80", "192.168.4.200:80"]);
    expect(outs["key"]).toBe("tcp 192.168.4.5:80");
  });

  test.each([
    ["the order of a list", { devices: ["eth1", "eth0", "eth1"] }],
    ["no list", {}],
  ])("%s", async (_, args) => {
    const kernel = new FakeKernel();
    const fake = { look: () => kernel.seen(), take: kernel.take.bind(kernel) };
    const { inputs, outs, provider, id } = await createdOn(fake, drKernelTuning, { ...args, boot: false });
    expect(inputs["devices"]).toEqual("devices" in args ? args.devices : []);
    expect(outs["devices"]).toEqual("devices" in args ? ["eth0", "eth1"] : []);
    expect(await provider.diff(id, outs, inputs)).toEqual({ changes: false });
  });

  test("another spelling of the same is no change, and a changed server is one that the engine shows", async () => {
    const created = await services();
    const { provider, id, outs } = created;
    const other = { "192.168.4.100:80": {}, "192.168.4.200:80": { weight: 2 } };
    const again = await inputsOf(created, { ...service, protocol: "tcp", realServers: other });
    expect(await provider.diff(id, outs, again)).toEqual({ changes: false });
    const changed = await inputsOf(created, {
      ...service,
      realServers: { ...service.realServers, "192.168.4.100": { weight: 9 } },
    });
    expect(await provider.diff(id, outs, changed)).toEqual({ changes: undefined });
  });

  test("a refresh keeps them, and says what differs at the key of the program", async () => {
    const { director, provider, id, inputs, outs } = await services();
    director.ipvsadm("-e -t 192.168.4.5:80 -r 192.168.4.100:80 -g -w 77");
    director.ipvsadm("-a -t 192.168.4.5:80 -r 192.168.4.9:80 -g -w 5");
    const read = await provider.read(id, outs);
    expect(read.inputs?.["realServers"]).toEqual({
      "192.168.4.200": { ...DEFAULTS, weight: 2 },
      "192.168.4.100": { ...DEFAULTS, weight: 77 },
      "192.168.4.9:80": { ...DEFAULTS, weight: 5 },
    });
    // An `up` that ignores the weight gives the value of the inputs back.
    const ignoring = { ...inputs, realServers: read.inputs?.["realServers"] } as Properties;
    const { outs: repaired } = await provider.update(id, read.props ?? outs, ignoring);
    expect(repaired["realServers"]).toMatchObject({ "192.168.4.100:80": { weight: 77 } });
  });

  test("what a refresh found is no difference for the next refresh, and one for a program that wants it by now", async () => {
    const { director, provider, id, inputs, outs } = await services();
    director.ipvsadm("-e -t 192.168.4.5:80 -r 192.168.4.100:80 -g -w 77");
    const first = await provider.read(id, outs);
    const { props = outs } = await provider.read(id, first.props ?? outs);
    // A refresh asks for the difference between what it found and the inputs of the state.
    expect(await provider.diff(id, props, inputs)).toEqual({ changes: true });
    expect(await provider.diff(id, props, { ...first.inputs, host: inputs.host })).toEqual({ changes: false });
    // Live is as wanted, and the rules for boot are those of before.
    const wanted = { ...inputs, realServers: first.inputs?.["realServers"] } as Properties;
    expect(await provider.diff(id, props, wanted)).toEqual({ changes: true });
  });

  test("a refresh where nothing differs changes no input", async () => {
    const { provider, id, inputs, outs } = await services();
    const read = await provider.read(id, outs);
    expect(read.props).toEqual(outs);
    expect({ ...read.inputs, host: inputs.host }).toEqual(inputs);
  });

  test("inputs of an earlier version, with canonical keys, are no difference", async () => {
    const { provider, id, inputs, outs } = await services();
    const { __wanted: _, ...earlier } = outs;
    for (const old of [{ ...earlier, __wanted: "0123456789abcdef until reboot" }, outs]) {
      expect(await provider.diff(id, old, inputs)).toEqual({ changes: false });
      expect(await provider.diff(id, old, earlier)).toEqual({ changes: false });
    }
  });
});
