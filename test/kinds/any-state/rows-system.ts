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
import { type Row, row } from "./row";

const exported = { path: "/common", clients: { "192.168.4.0/24": ["rw"] } };
const mounted = { source: "192.168.2.50:/common", path: "/srv/docs" };
const NGINX = "/etc/nginx/nginx.conf";
const FSTAB = "# mine\nproc /proc proc defaults 0 0\n";

export const systemRows: readonly Row[] = [
  row("File", {
    kind: fileKind,
    host: () => {
      const host = new FakeFileHost();
      host.put(NGINX, "# the operator's\n", { mode: "0640", owner: "www-data", group: "adm" });
      host.start("nginx.service", NGINX);
      return host;
    },
    wants: [
      { content: "good\n", validate: ["nginx", "-t"], reload: "nginx" },
      { content: "good\n", mode: "0600" },
      { content: "better\n", validate: ["nginx", "-t", "-c", "{}"], reload: "nginx" },
      { contentBase64: Buffer.from([0, 255]).toString("base64"), owner: "www-data" },
    ].map((one) => ({ path: NGINX, ...one })),
    acts: [
      (host) => host.files.delete(NGINX),
      (host) => host.put(NGINX, "worse\n"),
      (host) => host.put(NGINX, "\udcff\0"),
      (host) => host.put(NGINX, "good\n", { mode: "0600", owner: "adm", group: "root" }),
      (host) => host.units.delete("nginx.service"),
      (host) => host.directories.add(NGINX),
    ],
  }),
  row("NfsExport", {
    kind: nfsExport,
    host: () => new FakeNfsServer(),
    wants: [
      exported,
      { ...exported, clients: { "192.168.4.0/24": ["ro"], "10.0.0.1": ["rw"] } },
      { ...exported, file: "other" },
    ],
    acts: [
      (host) => host.table.clear(),
      (host) => host.execute({ run: ["exportfs", "-i", "-o", "ro", "192.168.4.0/24:/common"] }),
      (host) => host.execute({ run: ["exportfs", "-i", "-o", "ro", "10.0.0.9:/common"] }),
      (host) => host.files.set("/etc/exports", "/common 10.0.0.9(ro)\n/srv *(ro)\n"),
      (host) => host.files.set("/etc/exports", "/common 192.168.4.0/24(ro)\n"),
      (host) => host.boot(),
    ],
  }),
  row("NfsMount", {
    kind: nfsMount,
    host: () => {
      const host = new FakeNfsClient();
      host.files.set("/etc/fstab", FSTAB);
      return host;
    },
    wants: [
      mounted,
      { ...mounted, boot: false },
      { ...mounted, options: ["ro"] },
      { ...mounted, version: "4.2", options: ["nosuid", "rsize=8192"] },
      { ...mounted, source: "192.168.2.51:/common" },
    ],
    acts: [
      (host) => host.mounts.delete("/srv/docs"),
      (host) => host.files.set("/etc/fstab", FSTAB),
      (host) => host.files.set("/etc/fstab", `192.168.2.50:/common /srv/docs nfs soft 0 0\n${FSTAB}`),
      (host) => host.mount("/srv/docs"),
    ],
  }),
  row("SystemdService", {
    kind: systemdService,
    host: () => {
      const host = new FakeSystemdHost();
      host.units.set("nginx.service", { active: "inactive", file: "disabled" });
      return host;
    },
    wants: [{}, { running: false }, { enabled: "disabled" }, { enabled: "masked" }].map((one) => ({
      name: "nginx",
      ...one,
    })),
    acts: [
      (host) => host.execute({ run: ["systemctl", "stop", "--", "nginx.service"] }),
      (host) => host.execute({ run: ["systemctl", "mask", "--", "nginx.service"] }),
      (host) => host.execute({ run: ["systemctl", "enable", "--", "nginx.service"] }),
    ],
  }),
  row("Package", {
    kind: packageKind,
    host: () => new FakePackageHost("apt-get"),
    wants: [{ name: "nfs-client" }, { name: "nfs-client", removeOnDestroy: true }],
    acts: [(host) => host.installed.clear(), (host) => host.installed.set("nfs-common", "1.0")],
  }),
];
