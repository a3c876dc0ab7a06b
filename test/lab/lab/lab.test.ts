import { setTimeout as sleep } from "node:timers/promises";
import { login } from "../../../tools/lab/host/login.ts";
import { attachLab, type LabHost, startLab, tally, usualHosts } from "../../../tools/lab/index.ts";
import { until } from "../../support/until.ts";
import { useLab } from "../../support/use-lab.ts";

const vip = "192.168.4.5";
const lab = useLab({ hosts: usualHosts });

/** Whether a program or script with these words runs there. */
const runs = async (host: LabHost, words: string) =>
  (await host.text(`ps -eo args | grep -vw grep | grep -cF '${words}' || true`)) !== "0";

describe("six hosts", () => {
  test("web1 and web2 serve a page with their name, the client reads it", async () => {
    for (const name of ["web1", "web2"] as const) {
      const { eth0 } = lab.host(name).addresses;
      expect(await lab.client.get(`http://${eth0}/`, { times: 3 })).toEqual(Array(3).fill({ body: name }));
    }
    expect(await lab.host("nfs").text("curl -s http://192.168.2.200/")).toBe("web2");
  });

  test("a request that nobody answers is an error in its place, not an exception", async () => {
    const [answer] = await lab.client.get("http://192.168.4.77/", { timeout: 500 });
    expect(answer).toEqual({ error: expect.stringMatching(/timed out|No route/) });
  });

  test("each runs the kernel's IPVS", async () => {
    for (const host of lab.hosts)
      expect(await host.text("modprobe ip_vs && head -1 /proc/net/ip_vs")).toMatch(/^IP Virtual/);
  });

  test("each reads its second disk all the time, so that an answer of a disk which the kernel has not heard is found", async () => {
    const reads = async (host: LabHost) => Number((await host.text("cat /sys/block/ubdb/stat")).trim().split(/ +/)[0]);
    for (const host of lab.hosts) {
      const before = await reads(host);
      await until(`${host.name} reads its second disk four times`, async () => (await reads(host)) - before >= 4, 20);
    }
  });

  test("a lab of the same name is refused, and found by name", async () => {
    await expect(startLab({ name: lab.name, hosts: ["nfs"] })).rejects.toThrow("is running already");
    const same = await attachLab(lab.name);
    expect(await same.host("nfs").text("hostname")).toBe("nfs");
    for (const host of same.hosts) host.close();
  });
});

describe("the front door", () => {
  test("root, ops, pat and guest log in with the key, and sudo as far as they may", async () => {
    const { connection } = lab.host("director1");
    expect(await login({ connection, command: "id -un" })).toBe("root");
    expect(await login({ connection, user: "ops", command: "sudo -n id -un" })).toBe("root");
    expect(await login({ connection, user: "pat", command: "sudo -n id -un" })).toMatch("a password is required");
    expect(await login({ connection, user: "pat", command: "echo lvs-lab | sudo -S -p '' id -un" })).toBe("root");
    expect(await login({ connection, user: "guest", command: "sudo -n id -un" })).toMatch("a password is required");
  });

  test("logins are counted, the lab's own are not", async () => {
    const host = lab.host("nfs");
    const before = await host.sshLogins();
    await login({ connection: host.connection, command: "true" });
    await host.sh("true");
    expect((await host.sshLogins()) - before).toBe(1);
  });

  test("twenty logins at once all succeed", async () => {
    const { connection } = lab.host("nfs");
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => login({ connection, command: "echo in", patience: 60_000 })),
    );
    expect(new Set(answers)).toEqual(new Set(["in"]));
  });

  test("cut: silence, while the host works and the lab still reaches it; mend: what was under way goes on", async () => {
    const host = lab.host("web1");
    const { connection } = host;
    const before = login({
      connection,
      command: "until [ -e /run/cut ]; do sleep 0.1; done; rm /run/cut; echo survived",
    });
    await until("the login is there", () => runs(host, "until [ -e /run/cut ]"));
    await host.cut();
    await host.sh("touch /run/cut");
    await expect(login({ connection, command: "true", patience: 1_000 })).rejects.toThrow("Timed out");
    expect(await host.text("hostname")).toBe("web1");
    expect(await lab.client.get(`http://${host.addresses["eth0"]}/`)).toEqual([{ body: "web1" }]);
    await host.mend();
    expect(await before).toBe("survived");
    expect(await login({ connection, command: "hostname" })).toBe("web1");
  });

  test("cut by reset: what was under way breaks at once, and so does what comes", async () => {
    const host = lab.host("web1");
    const before = login({ connection: host.connection, command: "sleep 100" });
    const broken = expect(before).rejects.toThrow();
    await until("the login is there", () => runs(host, "sleep 100"));
    await host.cut("reset");
    await broken;
    await expect(login({ connection: host.connection, command: "true" })).rejects.toThrow();
    await host.mend();
    expect(await login({ connection: host.connection, command: "hostname" })).toBe("web1");
  });
});

describe("packets", () => {
  test("direct routing: both servers answer, past the director, and only the director is asked", async () => {
    const servers = [lab.host("web1"), lab.host("web2")];
    const director = lab.host("director1");
    for (const server of servers) {
      await server.sh(`cd /proc/sys/net/ipv4/conf; echo 1 | tee all/arp_ignore lo/arp_ignore; echo 2 | tee all/arp_announce lo/arp_announce
        ip address add ${vip}/32 dev lo`);
    }
    await director.sh(`ip address add ${vip}/24 dev eth0; ipvsadm -A -t ${vip}:80 -s rr
      ipvsadm -a -t ${vip}:80 -r 192.168.4.100 -g; ipvsadm -a -t ${vip}:80 -r 192.168.4.200 -g`);

    expect(await lab.client.arpOwners(vip)).toEqual([director.mac("eth0")]);
    const received = await director.packets("eth0", "rx");
    const frames = await lab.client.capture({ nic: "eth0", filter: `tcp and host ${vip}` }, async () => {
      expect(tally(await lab.client.get(`http://${vip}/`, { times: 8 }))).toEqual({ web1: 4, web2: 4 });
    });
    expect(await lab.client.neighbour(vip)).toBe(director.mac("eth0"));
    expect((await director.packets("eth0", "rx")) - received).toBeGreaterThan(8 * 3);
    const asked = frames.filter(({ from }) => from === lab.client.mac("eth0"));
    const answered = frames.filter(({ from }) => from !== lab.client.mac("eth0"));
    expect(new Set(asked.map(({ to }) => to))).toEqual(new Set([director.mac("eth0")]));
    expect(new Set(answered.map(({ from }) => from))).toEqual(new Set(servers.map((server) => server.mac("eth0"))));

    // Without the ARP settings the servers answer for the address too: the problem that the provider is about.
    for (const server of servers)
      await server.sh("cd /proc/sys/net/ipv4/conf; echo 0 | tee all/arp_ignore lo/arp_ignore");
    expect(await lab.client.arpOwners(vip)).toEqual([director, ...servers].map((host) => host.mac("eth0")).sort());
  });
});

describe("what happens to hosts", () => {
  test("reboot: a file is kept, /run is not, and the host key is the same", async () => {
    const host = lab.host("web2");
    await host.sh("echo kept > /etc/kept; echo lost > /run/lost");
    await host.reboot();
    expect(await host.text("cat /etc/kept; test -e /run/lost || echo none")).toBe("kept\nnone");
    expect(await login({ connection: host.connection, command: "hostname" })).toBe("web2");
    expect(await lab.client.get(`http://${host.addresses["eth0"]}/`)).toEqual([{ body: "web2" }]);
  });

  test("power cut: what was synced is kept, what was not may be gone, and it comes back by itself", async () => {
    const host = lab.host("web2");
    await host.sh("echo synced > /etc/synced; sync");
    const connected = login({ connection: host.connection, command: "sleep 60" });
    const broken = expect(connected).rejects.toThrow();
    await host.powerCut({ wait: false });
    expect(await lab.client.get(`http://${host.addresses["eth0"]}/`, { timeout: 300 })).toEqual([
      { error: expect.any(String) },
    ]);
    await host.waitReady();
    expect(await host.text("cat /etc/synced")).toBe("synced");
    expect(await lab.client.get(`http://${host.addresses["eth0"]}/`)).toEqual([{ body: "web2" }]);
    await host.cut("reset");
    await broken;
    await host.mend();
  });

  test("switched off it stays off until it is switched on", async () => {
    const host = lab.host("nfs");
    await host.powerOff();
    await sleep(500);
    expect((await host.status()).state).toBe("off");
    await host.powerOn();
    expect(await host.text("hostname")).toBe("nfs");
  });

  test("freeze: the host says nothing; thaw: it goes on where it was", async () => {
    const host = lab.host("web1");
    const url = `http://${host.addresses["eth0"]}/`;
    const counting = host.text("until [ -e /run/thawed ]; do sleep 0.1; done; rm /run/thawed; echo counted");
    await until("the script runs", () => runs(host, "until [ -e /run/thawed ]"));
    await host.freeze();
    expect(await lab.client.get(url, { timeout: 500 })).toEqual([
      { error: expect.stringMatching(/timed out|timeout/i) },
    ]);
    await expect(login({ connection: host.connection, command: "true", patience: 1_000 })).rejects.toThrow("Timed out");
    await host.thaw();
    await host.sh("touch /run/thawed");
    expect(await counting).toBe("counted");
    expect(await lab.client.get(url)).toEqual([{ body: "web1" }]);
  });

  test("unplug: clients who do not wait for each other see for how long, and what stays open is kept", async () => {
    const host = lab.host("web1");
    const clients = await lab.client.openLoop(host.addresses["eth0"] ?? "", 2);
    const before = await clients.during(() => Promise.resolve());
    expect(before).toMatchObject({ failed: [], hurt: 0, outage: 0, held: 2, servers: ["web1"] });
    const away = await clients.during(async () => {
      await host.unplug("eth0");
      await sleep(2000);
      await host.plugIn("eth0");
    });
    expect(away.outage).toBeGreaterThan(1);
    expect(away).toMatchObject({ failed: [], held: 2, servers: ["web1"] });
    expect(away.hurt).toBeGreaterThan(10);
    const stopped = await clients.during(() => host.sh("systemctl restart nginx"));
    expect(stopped.held).toBe(0);
    await clients.end();
  });
});
