/**
 * The whole story of a DR web cluster on real kernels: previewed, brought up, used, changed by hand, repaired, cut from power,
 * destroyed. `npm run demo`.
 */
import { isDeepStrictEqual } from "node:util";
import { Stack } from "../../test/e2e/support/stack.ts";
import { tally } from "../lab/host/client.ts";
import { differences, type Snapshot } from "../lab/host/snapshot.ts";
import { type Lab, startLab } from "../lab/index.ts";
import { Narrator } from "./narrator.ts";
import { replySenders } from "./traffic.ts";

const VIP = "192.168.4.5";
const URL = `http://${VIP}/`;
const HOSTS = ["director1", "web1", "web2"] as const;
/** One disk to build on a fresh machine. */
const ONE_RELEASE = { web2: "bookworm" } as const;

const tell = new Narrator();

tell.scene("A lab: four hosts, each with a kernel, a systemd and an sshd of its own");
const lab = await startLab({ hosts: [...HOSTS, "client"], releases: ONE_RELEASE, progress: (line) => tell.say(line) });
const stack = await Stack.create(lab, { program: { example: "dr-web-cluster" }, wholeSdk: true });
try {
  await play(lab, stack);
  tell.end();
} finally {
  stack.remove();
  await lab.down();
}

async function play(lab: Lab, stack: Stack): Promise<void> {
  const director = lab.host("director1");
  const before = await snapshots(lab);

  tell.scene("pulumi preview --diff: what each host will be told");
  tell.say((await stack.preview("--diff")).text);
  tell.prove("a preview connects to no host", (await director.sshLogins()) === 0, await director.sshLogins());

  tell.scene("pulumi up");
  tell.say((await stack.up()).text);
  tell.say(await director.text("ipvsadm -Ln"));
  await proveService(lab);
  tell.prove("one connection was enough", (await director.sshLogins()) === 1, await director.sshLogins());

  tell.scene("Somebody changes a weight and deletes a rule by hand; pulumi refresh sees both");
  await director.sh(`ipvsadm -e -t ${VIP}:80 -r 192.168.4.100 -g -w 77; ipvsadm -d -t ${VIP}:80 -r 192.168.4.200`);
  const drift = await stack.try("refresh", "--preview-only", "--expect-no-changes", "--diff");
  tell.say(drift.text);
  tell.prove("the changed weight is found", drift.text.includes("2 => 77"), drift.text);
  tell.prove("the deleted rule is found", /- 192\.168\.4\.200:80/.test(drift.text), drift.text);

  tell.scene("pulumi up --refresh --run-program: repaired");
  tell.say((await stack.up("--refresh", "--run-program")).text);
  await proveService(lab);
  const calm = await stack.try("refresh", "--preview-only", "--expect-no-changes");
  tell.prove("nothing is left to do", calm.code === 0, calm.text);

  tell.scene("The director loses its power");
  await director.powerCut();
  tell.say(await director.text("ipvsadm -Ln"));
  await proveService(lab);

  tell.scene("pulumi destroy");
  tell.say((await stack.destroy()).text);
  const after = await snapshots(lab);
  for (const host of HOSTS) {
    const differs = differences(before[host], after[host]);
    tell.prove(
      `${host} is as it was found: rules, addresses, sysctls, units, every file under /etc`,
      differs.length === 0,
      differs,
    );
  }
}

async function proveService(lab: Lab): Promise<void> {
  const pages = tally(await lab.client.get(URL, { times: 21 }));
  tell.prove("21 requests were served 14 to 7, by weight 2 to 1", pages["web1"] === 14 && pages["web2"] === 7, pages);
  const owners = await lab.client.arpOwners(VIP);
  tell.prove(
    "ARP for the VIP is answered by the director alone",
    isDeepStrictEqual(owners, [lab.host("director1").mac("eth0")]),
    owners,
  );
  const senders = await replySenders(lab, URL);
  const servers = [lab.host("web1").mac("eth0"), lab.host("web2").mac("eth0")];
  tell.prove(
    "replies come from the real servers themselves, not through the director",
    isDeepStrictEqual(senders, servers),
    senders,
  );
}

async function snapshots(lab: Lab): Promise<Record<(typeof HOSTS)[number], Snapshot>> {
  const [director1, web1, web2] = await Promise.all(HOSTS.map((name) => lab.host(name).snapshot()));
  if (!director1 || !web1 || !web2) throw new Error("a host is missing");
  return { director1, web1, web2 };
}
