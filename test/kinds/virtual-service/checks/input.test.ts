import { virtualService } from "../../../../provider/kinds/virtual-service/kind";
import type { WantedVirtualService } from "../../../../provider/model/ipvs/virtual-service";
import { refusals, wanted } from "../../ipvs-operator";

const web = {
  protocol: "tcp",
  address: "192.168.4.5:80",
  realServers: { "192.168.4.100": {}, "192.168.4.200": {} },
  healthCheck: { tcp: {} },
};
const mark = { protocol: "fwmark", address: undefined, fwmark: 7 };

describe("a check is refused", () => {
  test.each([
    [
      "without servers",
      { realServers: undefined },
      "healthCheck: needs realServers: of RealServer resources the service does not know what to check",
    ],
    ["with an empty map", { realServers: {} }, "healthCheck: needs a server in realServers"],
    [
      "where all servers are drained",
      { realServers: { "192.168.4.100": { weight: 0 } } },
      "healthCheck: needs a server with a weight above 0 in realServers",
    ],
    [
      "beside servers of others",
      { exclusive: false },
      "exclusive: false does not go with healthCheck: keepalived has all servers of a service, or none",
    ],
    [
      "with a scheduler that keepalived does not know",
      { scheduler: "none" },
      'scheduler: "none" does not go with healthCheck: keepalived does not know it, and would take wlc',
    ],
    [
      "with a scheduler of one's own",
      { scheduler: "mine", allowUnknownScheduler: true },
      'scheduler: "mine" does not go with healthCheck: keepalived does not know it, and would take wlc',
    ],
    [
      "with an engine alone",
      { persistenceEngine: "sip" },
      "persistenceEngine: needs a persistenceTimeout together with healthCheck: keepalived drops it otherwise",
    ],
    [
      "until the next boot",
      { boot: false },
      "boot: false does not go with healthCheck: keepalived adds the service when it starts, also at boot",
    ],
    [
      "with another loader",
      { rulesLoader: "debian" },
      "rulesLoader: does not go with healthCheck: keepalived loads the rules of a service that it checks",
    ],
    [
      "without a probe",
      { healthCheck: {} },
      'healthCheck: needs one of tcp, http, https, dns, udp, ping, command, as in { http: { path: "/health" } }',
    ],
    [
      "with two",
      { healthCheck: { tcp: {}, http: {} } },
      "healthCheck: has tcp and http: a server is checked in one way",
    ],
    [
      "with two of one server",
      { realServers: { "192.168.4.100": { healthCheck: { ping: {}, udp: {} } } } },
      "realServers.192.168.4.100:80.healthCheck: has udp and ping: a server is checked in one way",
    ],
    [
      "of one server alone",
      { healthCheck: undefined, realServers: { "192.168.4.100": { healthCheck: { tcp: {} } } } },
      "realServers.192.168.4.100:80.healthCheck: needs a healthCheck of the service, from which it differs",
    ],
    [
      "with ping at a port",
      { healthCheck: { ping: {}, port: 80 } },
      "healthCheck.port: does not go with ping, which has none",
    ],
    ["at no port", mark, "healthCheck.port: is required: the servers of this service have no port of their own"],
    [
      "with a command and half a second",
      { healthCheck: { command: "/bin/true", timeout: 1.5 } },
      "healthCheck.timeout: must be whole seconds with a command",
    ],
    [
      "with a command and its arguments",
      { healthCheck: { command: "/bin/true yes" } },
      'healthCheck.command: must be the absolute path of a program, without arguments, as in "/usr/local/sbin/check-web"',
    ],
    [
      "with a path that is none",
      { healthCheck: { http: { path: "health" } } },
      'healthCheck.http.path: must be a path, as in "/health"',
    ],
    [
      "with a path that begins a comment",
      { healthCheck: { https: { path: "/#top" } } },
      "healthCheck.https.path: may have the characters A-Z, a-z, 0-9 and /._%&=?+,:@*-; write others as %XX",
    ],
    [
      "with a code that is none",
      { healthCheck: { http: { status: [99] } } },
      "healthCheck.http.status.0: must be a whole number from 100 to 599, not 99",
    ],
    [
      "too often",
      { healthCheck: { tcp: {}, interval: 0.01 } },
      "healthCheck.interval: must be a number of seconds from 0.1 to 3600, with at most three decimals",
    ],
    [
      "with a sorry server of another family",
      { healthCheck: { tcp: {}, sorry: "[::1]:80" } },
      'healthCheck.sorry: "[::1]:80" is not of the address family of the service',
    ],
    [
      "with a sorry server that is a real one",
      { healthCheck: { tcp: {}, sorry: "192.168.4.100" } },
      'healthCheck.sorry: "192.168.4.100:80" is one of realServers already',
    ],
  ])("%s", (_, fields, reason) => {
    expect(refusals(virtualService, { ...web, ...fields })).toEqual([reason]);
  });
});

describe("a check in canonical form", () => {
  const parsed = (fields: object) => wanted<WantedVirtualService>(virtualService, { ...web, ...fields });

  test("has all defaults", () => {
    expect(parsed({}).healthCheck).toEqual({
      tcp: {},
      interval: 2,
      timeout: 2,
      retries: 1,
      retryInterval: 1,
      onFailure: "weight0",
    });
  });

  test("of one server, only where it differs; another probe has no port of the service's", () => {
    const { realServers } = parsed({
      healthCheck: { http: { status: [301, 200, 301] }, port: 8080, sorry: "127.0.0.1" },
      realServers: {
        "192.168.4.100": { healthCheck: { interval: 2 } },
        "192.168.4.200": { healthCheck: { interval: 5 } },
        "192.168.4.201": { healthCheck: { tcp: {} } },
      },
    });
    const times = { timeout: 2, retries: 1, retryInterval: 1 };
    const http = { path: "/", status: [200, 301] };
    expect(Object.values(realServers ?? {}).map(({ healthCheck }) => healthCheck)).toEqual([
      undefined,
      { http, port: 8080, interval: 5, ...times },
      { tcp: {}, interval: 2, ...times },
    ]);
  });

  test("stays what it is when it is read again", () => {
    const once = parsed({
      healthCheck: { https: { host: "www.example.com" }, port: 8443, sorry: "127.0.0.1" },
      realServers: { "192.168.4.100": { healthCheck: { retries: 3 } }, "192.168.4.200": { healthCheck: { ping: {} } } },
    });
    expect(wanted(virtualService, once)).toEqual(once);
  });
});

test("a preview says what is checked, and what becomes of a server", () => {
  const commands = (fields: object) =>
    virtualService.commands(wanted<WantedVirtualService>(virtualService, { ...web, ...fields })).slice(3);
  expect(
    commands({
      healthCheck: { http: { path: "/health", host: "www.example.com", status: [200, 204] }, sorry: "127.0.0.1" },
      realServers: { "192.168.4.100": {}, "192.168.4.200": { healthCheck: { tcp: {}, port: 8080, retries: 0 } } },
    }),
  ).toEqual([
    "check GET /health of www.example.com is 200 or 204 every 2 s: out (weight 0) after 2 failures",
    "check 192.168.4.200:80: TCP at port 8080 every 2 s: out (weight 0) after 1 failure",
    "sorry 127.0.0.1:80 serves while all are out",
  ]);
  expect(
    [
      { https: {} },
      { dns: {}, port: 53 },
      { udp: {} },
      { udp: { requireReply: true } },
      { ping: {} },
      { command: "/bin/true" },
    ].flatMap((probe) => commands({ healthCheck: { ...probe, interval: 5, retries: 2, onFailure: "remove" } })),
  ).toEqual(
    ["GET by TLS /", "DNS SOA . at port 53", "UDP", "UDP, with a reply", "ping", "/bin/true"].map(
      (what) => `check ${what} every 5 s: removed after 3 failures`,
    ),
  );
});
