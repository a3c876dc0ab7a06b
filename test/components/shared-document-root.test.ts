import { SharedDocumentRoot, type SharedDocumentRootArgs } from "../../provider/index";
import { type Registration, registrations } from "./registrations";

const pages: SharedDocumentRootArgs = {
  server: { host: "nfs", address: "192.168.2.50" },
  exportTo: { "192.168.2.0/24": ["ro"] },
  webServers: ["web1", "web2"],
};

async function made(args: Partial<SharedDocumentRootArgs> = {}): Promise<readonly Registration[]> {
  const all = await registrations((opts) => {
    new SharedDocumentRoot("pages", { ...pages, ...args }, opts);
  });
  return [...all.values()];
}

test("package, service and export, then each web server's package and mount", async () => {
  const children = (await made()).slice(1);
  expect(children.map(({ type, name, inputs, dependsOn }) => [type, name, inputs, dependsOn])).toEqual([
    ["Package", "pages-server-package", { host: "nfs", name: "nfs-server" }, []],
    ["SystemdService", "pages-server", { host: "nfs", name: "nfs-server" }, ["pages-server-package"]],
    ["Package", "pages-web1-package", { host: "web1", name: "nfs-client" }, []],
    ["Package", "pages-web2-package", { host: "web2", name: "nfs-client" }, []],
    [
      "NfsExport",
      "pages-export",
      { host: "nfs", path: "/common", clients: { "192.168.2.0/24": ["ro"] } },
      ["pages-server"],
    ],
    ["NfsMount", "pages-web1", mountOn("web1"), ["pages-export", "pages-web1-package"]],
    ["NfsMount", "pages-web2", mountOn("web2"), ["pages-export", "pages-web2-package"]],
  ]);
  expect(children.map(({ parent }) => parent)).toEqual(children.map(() => "pages"));
});

test("another place, options, no packages and no service of ours", async () => {
  const children = await made({
    server: { host: "nfs", address: "2001:db8::50" },
    path: "/srv/pages",
    webServers: { web1: { host: "www", path: "/srv/www" }, web2: {} },
    mountPath: "/pages",
    version: "4.2",
    options: ["ro"],
    allowNonEmpty: true,
    packages: false,
    service: false,
    boot: false,
  });
  const how = {
    source: "[2001:db8::50]:/srv/pages",
    version: "4.2",
    options: ["ro"],
    allowNonEmpty: true,
    boot: false,
  };
  expect(children.slice(1).map(({ type, inputs, dependsOn }) => [type, inputs, dependsOn])).toEqual([
    ["NfsExport", { host: "nfs", path: "/srv/pages", clients: { "192.168.2.0/24": ["ro"] } }, []],
    ["NfsMount", { host: "www", path: "/srv/www", ...how }, ["pages-export"]],
    ["NfsMount", { host: "web2", path: "/pages", ...how }, ["pages-export"]],
  ]);
});

test("transform has the last word", async () => {
  const children = await made({
    webServers: ["web1"],
    transform: {
      package: (args) => (args.host === "nfs" ? { args: { ...args, lockTimeout: 600 } } : undefined),
      nfsExport: { file: "www" },
    },
  });
  expect(children.flatMap(({ inputs }) => inputs["lockTimeout"] ?? [])).toEqual([600]);
  expect(children.find(({ type }) => type === "NfsExport")?.inputs).toMatchObject({ file: "www", path: "/common" });
});

function mountOn(host: string) {
  return { host, source: "192.168.2.50:/common", path: "/var/www/html", boot: true };
}

test.each([
  [{ exportTo: undefined }, "exportTo: is missing: it must be a map from client to options"],
  [{ server: { host: "nfs" } }, "server.address: is missing: it must be an address"],
  [{ hideNonEmpty: true }, 'hideNonEmpty: is now called "allowNonEmpty"'],
  [
    { webServers: { web1: { mountPath: "/srv" } } },
    "webServers.web1.mountPath: is not an argument; there are host, path",
  ],
])("%j is refused", async (args, message) => {
  await expect(made(args as never)).rejects.toThrow(`SharedDocumentRoot pages: ${message}`);
});
