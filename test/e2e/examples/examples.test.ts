import { tally } from "../../../tools/lab/host/client.ts";
import { differences } from "../../../tools/lab/host/snapshot.ts";
import { useLab } from "../../support/use-lab.ts";
import { Stack, type StackOptions } from "../support/stack.ts";

const HOSTS = ["director1", "web1", "web2"] as const;
const CLUSTER = {
  vips: ["192.168.4.5"],
  ports: [80],
  scheduler: "wrr",
  directors: { director1: { device: "eth0" } },
  realServers: { web1: { address: "192.168.4.100", weight: 2 }, web2: { address: "192.168.4.200" } },
};

const lab = useLab({ hosts: [...HOSTS, "client"] });

const examples: [string, StackOptions][] = [
  ["dr-web-cluster", { program: { example: "dr-web-cluster" } }],
  ["the repository's own stack, all configuration", { program: { root: true }, config: { "lvs:cluster": CLUSTER } }],
];

test.each(examples)("%s serves by weight, leaves nothing to do, and goes without a trace", async (_, options) => {
  const before = await Promise.all(HOSTS.map((name) => lab.host(name).snapshot()));
  const stack = await Stack.create(lab, options);
  try {
    await stack.up();
    expect(tally(await lab.client.get("http://192.168.4.5/", { times: 6 }))).toEqual({ web1: 4, web2: 2 });
    await stack.preview("--refresh", "--expect-no-changes");
  } finally {
    await stack.destroy();
    stack.remove();
  }
  const after = await Promise.all(HOSTS.map((name) => lab.host(name).snapshot()));
  expect(before.flatMap((was, index) => differences(was, after[index] ?? was))).toEqual([]);
});

test("one-real-server joins a service that is somebody else's, and takes only itself away", async () => {
  const director = lab.host("director1");
  await director.sh("ipvsadm -A -t 192.168.4.5:80 -s rr; ipvsadm -a -t 192.168.4.5:80 -r 192.168.4.100 -g -w 3");
  const foreign = await director.text("ipvsadm -Sn");
  const stack = await Stack.create(lab, { program: { example: "one-real-server" } });
  try {
    await stack.up();
    expect(await director.text("ipvsadm -Sn")).toBe(`${foreign}\n-a -t 192.168.4.5:80 -r 192.168.4.200:80 -g -w 1`);
  } finally {
    await stack.destroy();
    stack.remove();
  }
  expect(await director.text("ipvsadm -Sn")).toBe(foreign);
  await director.sh("ipvsadm -D -t 192.168.4.5:80");
});
