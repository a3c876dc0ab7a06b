import { parseTable } from "../../../provider/facts/ipvs/table.ts";
import { ipvsSettings } from "../../../provider/kinds/ipvs-settings/kind.ts";
import { type CheckedService, renderFragment } from "../../../provider/kinds/virtual-service/checks/fragment.ts";
import { virtualService } from "../../../provider/kinds/virtual-service/kind.ts";
import { serviceKey } from "../../../provider/model/ipvs/service-key.ts";
import type { OpenLoop } from "../../../tools/lab/host/open-loop.ts";
import { differences } from "../../../tools/lab/host/snapshot.ts";
import type { LabHost } from "../../../tools/lab/index.ts";
import { sampleChecked } from "../../kinds/virtual-service/checks/arbitrary.ts";
import { step } from "../../support/step.ts";
import { until } from "../../support/until.ts";
import { useLab } from "../../support/use-lab.ts";
import { DirectRouting, HOSTS, VIP } from "../direct-routing.ts";
import { endRun, LabResource } from "../resource.ts";

const lab = useLab({ hosts: [...HOSTS] });
const [WEB1, WEB2] = ["192.168.4.100:80", "192.168.4.200:80"];
const FILE = "/etc/keepalived/pulumi-lvs.d/tcp-192.168.4.5-80.conf";
/** A server that answers nothing is out after 1.7 s. */
const healthCheck = {
  http: { path: "/health" },
  port: 8090,
  interval: 0.5,
  timeout: 0.5,
  retryInterval: 0.2,
  sorry: "127.0.0.1",
};
const BOUND = 1.7;
const TIMES = { interval: 0.5, timeout: 0.5, retryInterval: 0.2 };
const args = {
  protocol: "tcp",
  address: `${VIP}:80`,
  scheduler: "rr",
  realServers: { "192.168.4.100": {}, "192.168.4.200": {} },
  healthCheck,
};

/** Somebody else's service, which their keepalived has. */
const FOREIGN = `virtual_server 192.168.4.99 80 {
    protocol TCP
    lvs_sched wrr
    real_server 192.168.4.201 80 {
        weight 3
        lvs_method DR
    }
}
`;
const FOREIGN_RULES = "-A -t 192.168.4.99:80 -s wrr\n-a -t 192.168.4.99:80 -r 192.168.4.201:80 -g -w 3";

let director: LabHost;
let web1: LabHost;
let clients: OpenLoop;
let web: LabResource;
let cluster: DirectRouting;

beforeAll(async () => {
  cluster = await DirectRouting.start(lab);
  [director, web1] = [lab.host("director1"), lab.host("web1")];
  const settings = new LabResource(ipvsSettings, director);
  await settings.up({ expireNodestConn: true, connReuseMode: 3, boot: false });
  lab.giveBack(() => settings.destroy());
  for (const host of [web1, lab.host("web2")]) {
    await host.sh(`cat >/etc/nginx/conf.d/health.conf <<'END'
server { listen 8090; location = /health { return 200 well; } location / { return 404; } }
END
nginx -s reload`);
    lab.giveBack(() => host.sh("rm /etc/nginx/conf.d/health.conf; nginx -s reload"));
  }
  web = new LabResource(virtualService, director);
});

afterEach(endRun);

/** The weights in the kernel. */
async function weights(): Promise<Readonly<Record<string, number>>> {
  const { servers } = parseTable(await director.text(TABLE));
  return Object.fromEntries(
    [...(servers.get(`tcp ${VIP}:80`) ?? [])].map(([address, { weight }]) => [address, weight]),
  );
}

const TABLE = "ipvsadm -Sn && echo -- && ipvsadm -Ln --thresholds";
const theirs = async () => {
  const rules = (await director.text("ipvsadm -Sn")).split("\n");
  return rules.filter((rule) => rule.includes("192.168.4.99:80")).join("\n");
};
const served = () => clients.during(() => Promise.resolve(), { quiet: 1 });
/** Of a run of its own. */
const drift = () => {
  endRun();
  return web.drift();
};

test("on a host where keepalived never ran: it is started, a service without checks again stays, and the host is as found after that", async () => {
  const before = await director.snapshot();
  await web.up(args);
  expect(await weights()).toEqual({ [WEB1]: 1, [WEB2]: 1 });
  expect(await director.text("systemctl is-active keepalived")).toBe("active");
  const clients = await lab.client.openLoop(VIP, 2);
  expect(await clients.during(() => web.up({ ...args, healthCheck: undefined }))).toMatchObject({
    failed: [],
    hurt: 0,
    held: 2,
  });
  // Nobody is served until a check that nobody passes is put back. Who is connected stays so.
  const wrong = { ...args, healthCheck: { ...healthCheck, http: { path: "/nope" } } };
  const seen = await clients.during(() => expect(web.up(wrong)).rejects.toThrow("so all is put back as it was"));
  expect(seen.held).toBe(2);
  // Somebody removes our file, and keepalived, which has the service still, is not told.
  await web.up(args);
  await director.sh(`rm ${FILE}`);
  expect(await clients.during(() => web.up({ ...args, healthCheck: undefined }))).toMatchObject({
    failed: [],
    hurt: 0,
    held: 2,
  });
  expect(await director.text("systemctl is-active keepalived || :")).toBe("inactive");
  await clients.end();
  // Whoever took a rule away would be lucky not to lose a client: here nobody did.
  expect(await director.text("journalctl -u keepalived -o cat")).not.toMatch(
    /Removing (Virtual Server|service)|Shutting down service/,
  );
  await web.up({ ...args, healthCheck: undefined });
  expect(await weights()).toEqual({ [WEB1]: 1, [WEB2]: 1 });
  endRun();
  expect(await web.drift()).toBe("none");
  // Somebody has given our keepalived a service of theirs since.
  await web.up(args);
  await director.sh(`cat >>/etc/keepalived/keepalived.conf <<'END'
${FOREIGN}END
systemctl reload keepalived`);
  await until("it has their service", async () => (await theirs()) === FOREIGN_RULES, 20);
  await web.up({ ...args, healthCheck: undefined });
  expect(await director.text("systemctl is-active keepalived; cat /etc/keepalived/keepalived.conf")).toBe(
    `active\n${FOREIGN}`.trimEnd(),
  );
  expect(await theirs()).toBe(FOREIGN_RULES);
  expect(await weights()).toEqual({ [WEB1]: 1, [WEB2]: 1 });
  await director.sh("systemctl stop keepalived; rm /etc/keepalived/keepalived.conf");
  // The checks of one service go, in one run with the first of another: how keepalived was before both is not forgotten.
  const other = new LabResource(virtualService, director);
  const more = { ...args, address: `${VIP}:81` };
  await Promise.all([web.up(args), other.up({ ...more, healthCheck: undefined })]);
  await Promise.all([web.up({ ...args, healthCheck: undefined }), other.up(more)]);
  endRun();
  expect([await web.drift(), await other.drift()]).toEqual(["none", "none"]);
  await Promise.all([web.destroy(), other.destroy()]);
  expect(differences(before, await director.snapshot())).toEqual([]);
});

test("keepalived loads each line of ours, and ipvsadm prints what our rules would be", async () => {
  const services = new Map(
    sampleChecked(20).map((written) => {
      const service = virtualService.schema.parse(written) as CheckedService;
      return [serviceKey(service), service];
    }),
  );
  // Before the first check, which would put all of these out.
  const text = [...services.values()].map((service) => renderFragment(service).replaceAll("warmup 0", "warmup 600"));
  const script = `cat >/etc/keepalived/keepalived.conf
printf '#!/bin/sh\nexit 0\n' >/usr/local/sbin/check; cp /usr/local/sbin/check /a; chmod 755 /a /usr/local/sbin/check
keepalived -t >/tmp/words 2>&1; [ $? = 0 ] || { cat /tmp/words >&2; exit 1; }
systemctl start keepalived; sleep 1; ${TABLE}`;
  const printed = await director.text(script, {
    input: Buffer.from(`global_defs {\n    enable_script_security\n}\n${text.join("")}`),
  });
  await director.sh("systemctl stop keepalived; rm /etc/keepalived/keepalived.conf /a /usr/local/sbin/check");
  const { services: loaded, servers, unreadable } = parseTable(`${printed}\n`);
  expect([...unreadable]).toEqual([]);
  expect(services.size).toBeGreaterThan(30);
  for (const [key, service] of services) {
    const { scheduler, schedulerFlags, realServers } = service;
    expect(loaded.get(key)).toMatchObject({ scheduler, schedulerFlags });
    for (const [address, { healthCheck: own, ...settings }] of Object.entries(realServers)) {
      // keepalived sends its first echo request at once.
      if ((own ?? service.healthCheck).ping !== undefined) continue;
      expect([address, servers.get(key)?.get(address)]).toEqual([address, settings]);
    }
  }
});

test("beside the service of somebody else's keepalived, checks come, change, fail and go", async () => {
  await director.sh(`cat >/etc/keepalived/keepalived.conf <<'END'
${FOREIGN}END
systemctl start keepalived`);
  lab.giveBack(() => director.sh("systemctl stop keepalived; rm /etc/keepalived/keepalived.conf"));
  const before = await director.snapshot();
  await web.up({ ...args, healthCheck: undefined });
  clients = await lab.client.openLoop(VIP, 2);
  lab.atEnd(() => clients.end());
  const inTurn = (name: string, run: () => Promise<void>) =>
    step(name, async () => {
      await run();
      endRun();
      expect(await theirs()).toBe(FOREIGN_RULES);
    });

  await inTurn(
    "turned on and changed under load: nothing is lost; a check that nobody passes is put back, and the error says why",
    async () => {
      const seen = await clients.during(async () => {
        await web.up({ ...args, healthCheck: { tcp: {}, ...TIMES } });
        await web.up({
          ...args,
          scheduler: "wrr",
          realServers: { "192.168.4.100": { weight: 3 }, "192.168.4.200": {} },
        });
        await web.up(args);
      });
      expect(seen).toMatchObject({ failed: [], hurt: 0, held: 2 });
      const text = await director.text(`cat ${FILE}`);
      const wrong = { ...args, healthCheck: { ...healthCheck, http: { path: "/nope" } } };
      await expect(web.up(wrong)).rejects.toThrow(
        /check GET \/nope at port 8090 .* this takes every server out \(192\.168\.4\.100:80, 192\.168\.4\.200:80\), so all is put back as it was\.[^]*HTTP_CHECK on service \[192\.168\.4\.100\]:tcp:80 failed/,
      );
      expect(await director.text(`cat ${FILE}`)).toBe(text);
      await web.up(args);
      expect(await weights()).toEqual({ [WEB1]: 1, [WEB2]: 1 });
      expect(await drift()).toBe("none");
    },
  );

  const FAILURES: readonly (readonly [string, string | undefined, string | undefined, number])[] = [
    // The one connection that is open to it, and those of a second until its check fails twice.
    ["its web server is stopped", "systemctl stop nginx", "systemctl start nginx", 20],
    ["its page answers 500", setPage("500 ill"), setPage("200 well"), 0],
    ["it is frozen", undefined, undefined, 0],
  ];
  for (const [how, fail, mend, most] of FAILURES) {
    await inTurn(
      `a server is out within the bound of its check when ${how}, then nothing fails, and it is back by itself`,
      async () => {
        try {
          const failing = await clients.during(() => (fail === undefined ? web1.freeze() : web1.sh(fail)));
          await until("it is out", async () => (await weights())[WEB1] === 0, 5);
          expect(failing.failed.length).toBeLessThanOrEqual(most);
          expect(failing.outage).toBeLessThan(BOUND + 1.5);
          expect(await served()).toMatchObject({ failed: [], hurt: 0, servers: ["web2"] });
          expect(await drift()).toBe("none");
        } finally {
          await (mend === undefined ? web1.thaw() : web1.sh(mend));
        }
        await until("it is in again", async () => (await weights())[WEB1] === 1, 20);
      },
    );
  }

  await inTurn(
    "any other weight is drift; a dead server that somebody raised is out again; a change of something else leaves it out",
    async () => {
      await director.sh(`ipvsadm -e -t ${VIP}:80 -r ${WEB2} -g -w 77`);
      expect(await drift()).toBe("some");
      expect(await clients.during(() => web.repair())).toMatchObject({ failed: [], hurt: 0 });
      expect(await weights()).toEqual({ [WEB1]: 1, [WEB2]: 1 });
      await web1.sh("systemctl stop nginx");
      await until("it is out", async () => (await weights())[WEB1] === 0, 20);
      await director.sh(`ipvsadm -e -t ${VIP}:80 -r ${WEB1} -g -w 5; sed -i 's/retry 1/retry 7/' ${FILE}`);
      expect(await drift()).toBe("some");
      await web.repair();
      await until("it is out again", async () => (await weights())[WEB1] === 0, 20);
      const limited = { ...args, realServers: { "192.168.4.100": { upperThreshold: 5000 }, "192.168.4.200": {} } };
      await web.up(limited);
      expect(await weights()).toEqual({ [WEB1]: 0, [WEB2]: 1 });
      expect(await director.text("ipvsadm -Ln --thresholds")).toMatch(/192\.168\.4\.100:80 +5000/);
      await web1.sh("systemctl start nginx");
      await until("it is in again", async () => (await weights())[WEB1] === 1, 20);
      await web.up(args);
    },
  );

  await inTurn("the sorry server serves while all are out, and is no drift", async () => {
    await director.sh(
      "mkdir /run/sorry; echo sorry >/run/sorry/index.html; systemd-run --quiet --unit sorry-server python3 -m http.server --directory /run/sorry 80; until : </dev/tcp/127.0.0.1/80; do sleep 0.1; done",
      { check: false },
    );
    const all = [web1, lab.host("web2")];
    await Promise.all(all.map((host) => host.sh("systemctl stop nginx")));
    await until("all are out", async () => Object.values(await weights()).join() === "1,0,0", 20);
    expect(await cluster.visitor.get({ to: VIP, times: 2 })).toEqual(["sorry", "sorry"]);
    expect(await drift()).toBe("none");
    await Promise.all(all.map((host) => host.sh("systemctl start nginx")));
    await until("they are in again", async () => Object.values(await weights()).join() === "1,1", 20);
    await director.sh("systemctl stop sorry-server; rm -r /run/sorry");
  });

  await inTurn("turned off beside another service that keepalived has, the service stays", async () => {
    const off = await clients.during(() => web.up({ ...args, healthCheck: undefined }));
    expect(off.failed.length).toBeLessThanOrEqual(2);
    expect(await weights()).toEqual({ [WEB1]: 1, [WEB2]: 1 });
    expect(await drift()).toBe("none");
    await web.up(args);
  });

  await inTurn("a boot has the rules by keepalived alone, and a destroy leaves the host as found", async () => {
    await director.sh("sync");
    await director.reboot();
    expect(await director.text("cat /etc/ipvsadm.rules")).not.toContain(VIP);
    await until("the rules are there", async () => Object.keys(await weights()).length === 2, 20);
    expect(await drift()).toBe("none");
    await web.destroy();
    const after = differences(before, await director.snapshot());
    expect(after.filter((line) => /^. (?:files|units): /.test(line))).toEqual([]);
    expect(await director.text("systemctl is-active keepalived")).toBe("active");
    expect(await weights()).toEqual({});
  });
});

function setPage(page: string): string {
  return `sed -i 's/return ... [a-z]*; } l/return ${page}; } l/' /etc/nginx/conf.d/health.conf; nginx -s reload`;
}
