import type { Properties } from "../../provider/engine/state";
import { DrKernelTuning, NatKernelTuning } from "../../provider/runtime";
import { newKey } from "../host/keys";

test("a host that cannot be reached is told of whole once, and in one line by its other resources", async () => {
  const { private: privateKey, public: hostKey } = newKey();
  // Nobody listens at port 1.
  const host = { name: "web1", host: "127.0.0.1", port: 1, user: "root", privateKey, hostKey, dialErrorLimit: 1 };
  const errors: string[] = [];
  for (const [kind, args] of [
    [DrKernelTuning, {}],
    [NatKernelTuning, { devices: ["eth0"] }],
    [DrKernelTuning, { devices: ["eth0"] }],
  ] as const) {
    const { inputs, failures } = await kind.check({}, { host, ...args } as unknown as Properties);
    expect(failures).toEqual([]);
    errors.push(await kind.create(inputs).then(String, (error: unknown) => (error as Error).message));
  }
  const [first = "", ...others] = errors;
  const [reason = "", command, ...advice] = first.split("\n");
  expect(reason).toMatch(/^web1: no connection: .*ECONNREFUSED/);
  expect(command).toBe("  $ ssh -p 1 root@127.0.0.1");
  expect(advice).not.toEqual([]);
  const short = `${reason} (another resource of this host has the whole error)`;
  expect(others).toEqual([short, short]);
});
