import { setTimeout as sleep } from "node:timers/promises";
import { virtualService } from "../../../provider/kinds/virtual-service/kind.ts";
import { until } from "../../support/until.ts";
import { useLab } from "../../support/use-lab.ts";
import { endRun, LabResource } from "../resource.ts";

/** A connection that is open, or about to be, outlives the removal of its server, as long as it is given time. */

const lab = useLab({ hosts: ["director1", "client"] });
let own: string;
let web: LabResource;
let service: object;

beforeAll(async () => {
  const director = lab.host("director1");
  own = director.addresses["eth0"] ?? "";
  // The director is its own real server, so that one host is enough.
  await director.sh("systemd-run --quiet --unit echo-server socat TCP-LISTEN:8080,fork,reuseaddr EXEC:cat");
  web = new LabResource(virtualService, director);
  lab.giveBack(async () => {
    await web.destroy();
    await director.sh("systemctl stop echo-server");
  });
  service = { protocol: "tcp", address: `${own}:8080`, boot: false, drain: { timeout: 30, pollInterval: 0.2 } };
});

beforeEach(async () => {
  await web.up({ ...service, realServers: { [own]: { weight: 5, upperThreshold: 100 } } });
});

afterEach(endRun);

/** One connection of the client's, that says a number each second, and hears it again. */
function talk() {
  return lab.client.text(
    `bash -c 'exec 3<>/dev/tcp/${own}/8080; for i in 1 2 3; do echo $i >&3; read -r said <&3; echo "$said"; sleep 1; done'`,
  );
}

test("the last server of a service goes when its connection has ended, and not before", async () => {
  const director = lab.host("director1");
  const said = talk();
  await until("one connection is open", async () => / 5 +1 +0/.test(await director.text("ipvsadm -Ln")));

  const began = performance.now();
  await web.up({ ...service, realServers: {} });
  expect(await said).toBe("1\n2\n3");
  expect(performance.now() - began).toBeGreaterThan(1000);
  expect(await director.text("ipvsadm -Sn")).not.toContain("-a");
});

test("a connection whose first answer is still on its way is waited for, too", async () => {
  const director = lab.host("director1");
  const client = lab.client.addresses["eth0"] ?? "";
  // Answers go to nobody for a while, as on a long way.
  await director.sh(`ip neigh replace ${client} lladdr 02:00:00:00:00:99 dev eth0 nud permanent`);
  const said = talk();
  await until("a connection is half open", async () => {
    return (await director.text("cat /proc/net/ip_vs_conn")).includes("SYN_RECV");
  });

  const gone = web.up({ ...service, realServers: {} });
  await sleep(500);
  await director.sh(`ip neigh del ${client} dev eth0`);
  await gone;
  expect(await said).toBe("1\n2\n3");
  expect(await director.text("ipvsadm -Sn")).not.toContain("-a");
});
