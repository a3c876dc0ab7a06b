import { setTimeout as sleep } from "node:timers/promises";
import { virtualService } from "../../provider/kinds/virtual-service.ts";
import { attachLab, type Lab, startLab } from "./index.ts";
import { endRun, LabResource } from "./resource.ts";

/** A connection that is open outlives the removal of its server, as long as it is given time. */
const warm = process.env["PULUMI_LVS_LAB"];

let lab: Lab;

beforeAll(async () => {
  lab = warm === undefined ? await startLab({ hosts: ["director1", "client"] }) : await attachLab(warm);
});

afterEach(endRun);

afterAll(async () => {
  if (warm === undefined) await lab.down();
});

test("the last server of a service goes when its connection has ended, and not before", async () => {
  const director = lab.host("director1");
  const own = director.addresses["eth0"] ?? "";
  // The director is its own real server, so that one host is enough.
  await director.sh("systemd-run --quiet --unit echo-server socat TCP-LISTEN:8080,fork,reuseaddr EXEC:cat");
  const web = new LabResource(virtualService, director);
  const service = { protocol: "tcp", address: `${own}:8080`, boot: false, drain: { timeout: 30, pollInterval: 0.2 } };
  await web.up({ ...service, realServers: { [own]: { weight: 5, upperThreshold: 100 } } });

  const talk = lab.client.sh(
    `bash -c 'exec 3<>/dev/tcp/${own}/8080; for i in 1 2 3 4 5; do echo $i >&3; read -r said <&3; echo "$said"; sleep 1; done'`,
  );
  while (!/ 5 +1 +0/.test(await director.text("ipvsadm -Ln"))) await sleep(50);

  const began = performance.now();
  await web.up({ ...service, realServers: {} });
  const { stdout } = await talk;
  expect(stdout).toBe("1\n2\n3\n4\n5\n");
  expect(performance.now() - began).toBeGreaterThan(1000);
  expect(await director.text("ipvsadm -Sn")).not.toContain("-a");
  await web.destroy();
  await director.sh("systemctl stop echo-server");
});
