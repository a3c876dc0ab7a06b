import { fileKind } from "../../../provider/kinds/file/kind";
import { nfsExport } from "../../../provider/kinds/nfs-export/kind";
import { nfsMount } from "../../../provider/kinds/nfs-mount/kind";
import { packageKind } from "../../../provider/kinds/package/kind";
import { systemdService } from "../../../provider/kinds/systemd-service/kind";
import { FakeFileHost } from "../../fakes/fake-file-host";
import { FakeNfsClient } from "../../fakes/fake-nfs-client";
import { FakeNfsServer } from "../../fakes/fake-nfs-server";
import { FakePackageHost } from "../../fakes/fake-package-host";
import { FakeSystemdHost } from "../../fakes/fake-systemd-host";
import { type FakeLife, life } from "./life";

export const systemLives = (): readonly FakeLife[] => [...files(), ...wholeFiles(), ...programs()];

const FSTAB = "/dev/sda1 / ext4 defaults 0 1\n";

function files(): readonly FakeLife[] {
  const exported = { path: "/srv/a/b", createPath: true };
  const mounted = { source: "192.168.2.50:/common", path: "/srv/docs/new", version: "4.2" };
  return [
    life("a file server", {
      kind: nfsExport,
      host: new FakeNfsServer(),
      args: { ...exported, clients: { "192.168.2.0/24": ["ro"], "10.0.0.1": ["rw"] } },
      others: [
        { ...exported, clients: { "192.168.2.0/24": ["rw"] } },
        { ...exported, clients: { "10.0.0.1": ["rw"] }, file: "other" },
        { ...exported, clients: { "10.0.0.2": ["ro"] } },
      ],
      byHand: {
        make: (host) => {
          host.directories.add("/srv/a/b");
          host.execute({ run: ["exportfs", "-i", "-o", "ro", "192.168.2.0/24:/srv/a/b"] });
        },
        undo: (host) => host.directories.delete("/srv/a/b") && host.table.clear(),
      },
    }),
    life("a client of a file server", {
      kind: nfsMount,
      host: withFstab(),
      args: { ...mounted, options: ["ro", "soft"] },
      others: [
        { ...mounted, options: [] },
        { ...mounted, options: ["ro", "soft"], boot: false },
        { ...mounted, source: "192.168.2.51:/common", options: ["ro"] },
        { ...mounted, version: "3", options: ["ro"] },
        { ...mounted, source: "192.168.2.52:/common", boot: false },
      ],
      byHand: {
        make: (host) => {
          host.directories.add("/srv/docs/new");
          host.files.set("/etc/fstab", `${FSTAB}192.168.2.50:/common /srv/docs/new nfs vers=4.2,soft,ro 0 0\n`);
          host.mount("/srv/docs/new");
        },
        undo: (host) => {
          host.files.set("/etc/fstab", FSTAB);
          host.mounts.clear();
          host.directories.delete("/srv/docs/new");
        },
      },
    }),
  ];
}

function wholeFiles(): readonly FakeLife[] {
  const made = { path: "/srv/a/b/health.conf", content: "good\n" };
  const kept = { path: NGINX, content: "good\n", reload: "nginx" };
  const stat = { mode: "0640", owner: "www-data", group: "adm" };
  return [
    life("a folder that is missing", {
      kind: fileKind,
      host: withNginx(undefined),
      args: { ...made, mode: "0600" },
      others: [
        { ...made, content: "better\n" },
        { ...made, contentBase64: Buffer.from([0, 255]).toString("base64"), content: undefined, owner: "www-data" },
      ],
      byHand: {
        make: (host) => {
          host.directories.add("/srv/a").add("/srv/a/b");
          host.put("/srv/a/b/health.conf", "good\n", stat);
        },
        undo: (host) => {
          host.put("/srv/a/b/health.conf", "");
          host.files.delete("/srv/a/b/health.conf");
          host.directories.delete("/srv/a/b");
          host.directories.delete("/srv/a");
        },
      },
    }),
    life("a file that nginx reads", {
      kind: fileKind,
      host: withNginx("# the operator's\n"),
      args: { ...kept, validate: ["nginx", "-t"] },
      others: [
        { ...kept, content: "better\n", validate: ["nginx", "-t"] },
        { ...kept, content: "better\n", validate: ["nginx", "-t", "-c", "{}"] },
        { ...kept, content: "better\n", mode: "0600" },
      ],
    }),
    life("a file that nginx reads, and that was not there", {
      kind: fileKind,
      host: withNginx(undefined),
      args: { ...kept, validate: ["nginx", "-t"] },
      others: [{ ...kept, content: "better\n" }],
    }),
  ];
}

const NGINX = "/etc/nginx/nginx.conf";

function withNginx(text: string | undefined): FakeFileHost {
  const host = new FakeFileHost();
  host.directories.add("/etc/nginx");
  if (text !== undefined) host.put(NGINX, text, { mode: "0640", owner: "www-data", group: "adm" });
  host.start("nginx.service", NGINX);
  return host;
}

function programs(): readonly FakeLife[] {
  return [
    life("systemd", {
      kind: systemdService,
      host: withUnit(),
      args: { name: "nginx", running: false, enabled: "disabled" },
      others: [
        { name: "nginx", enabled: "masked" },
        { name: "nginx", running: false, enabled: "masked" },
        { name: "nginx" },
      ],
      byHand: {
        make: (host) => host.execute({ run: ["systemctl", "stop", "--", "nginx.service"] }),
        undo: (host) => host.execute({ run: ["systemctl", "start", "--", "nginx.service"] }),
      },
    }),
    life("apt", {
      kind: packageKind,
      host: new FakePackageHost("apt-get"),
      args: { name: "nfs-client", removeOnDestroy: true },
    }),
  ];
}

function withUnit(): FakeSystemdHost {
  const host = new FakeSystemdHost();
  host.units.set("nginx.service", { active: "active", file: "enabled" });
  return host;
}

function withFstab(): FakeNfsClient {
  const host = new FakeNfsClient();
  host.files.set("/etc/fstab", FSTAB);
  return host;
}
