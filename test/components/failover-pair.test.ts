import { FailoverPair, type FailoverPairArgs } from "../../provider/index";
import { registrations } from "./registrations";

const pair: FailoverPairArgs = {
  hosts: ["lb1", "lb2"],
  device: "eth0",
  virtualRouterId: 51,
  addresses: ["192.168.4.5"],
  track: { services: ["nginx"] },
};
const nginx = (args: Partial<FailoverPairArgs> = {}) =>
  registrations((opts) => {
    new FailoverPair("nginx", { ...pair, ...args }, opts);
  });

test("each gets keepalived and an instance, the first one's last", async () => {
  const all = await nginx();
  expect([...all.values()].map(({ name, type, dependsOn }) => [name, type, dependsOn])).toEqual([
    ["nginx", "FailoverPair", []],
    ["nginx-lb1-keepalived", "Package", []],
    ["nginx-lb2-keepalived", "Package", []],
    ["nginx-lb2", "VrrpInstance", ["nginx-lb2-keepalived"]],
    ["nginx-lb1", "VrrpInstance", ["nginx-lb1-keepalived", "nginx-lb2"]],
  ]);
  expect(all.get("nginx-lb1")?.inputs).toEqual({
    host: "lb1",
    device: "eth0",
    virtualRouterId: 51,
    addresses: ["192.168.4.5"],
    priority: 254,
    track: { services: ["nginx"] },
  });
});

test("with addresses of their own they speak to each other alone", async () => {
  const all = await nginx({
    hosts: { lb1: { address: "192.168.4.2" }, lb2: { address: "192.168.4.3", device: "ens3" } },
    packages: false,
  });
  expect(all.get("nginx-lb2")?.inputs).toMatchObject({
    device: "ens3",
    priority: 253,
    peers: ["192.168.4.2"],
    source: "192.168.4.3",
  });
  expect(all.has("nginx-lb1-keepalived")).toBe(false);
});

test.each<[string, Partial<FailoverPairArgs>, string]>([
  ["one host", { hosts: ["lb1"] }, "needs two hosts"],
  ["one address", { hosts: { lb1: { address: "192.168.4.2" }, lb2: {} } }, "host lb2 needs an address, too"],
  ["another name", { track: undefined, services: [] } as object, "services: is not an argument; there are hosts,"],
])("%s is refused", async (_, args, words) => {
  await expect(nginx(args)).rejects.toThrow(words);
});
