import { z } from "zod";
import { fileKind } from "../../../provider/kinds/file/kind";
import { ipvsSettings } from "../../../provider/kinds/ipvs-settings/kind";
import { drKernelTuning } from "../../../provider/kinds/kernel-tuning/dr";
import { natKernelTuning } from "../../../provider/kinds/kernel-tuning/nat";
import { nfsExport } from "../../../provider/kinds/nfs-export/kind";
import { nfsMount } from "../../../provider/kinds/nfs-mount/kind";
import { packageKind } from "../../../provider/kinds/package/kind";
import { realServer } from "../../../provider/kinds/real-server/kind";
import { returnRoute } from "../../../provider/kinds/return-route/kind";
import type { DefinedKind } from "../../../provider/kinds/runtime-kind";
import { syncDaemon } from "../../../provider/kinds/sync-daemon/kind";
import { systemdService } from "../../../provider/kinds/systemd-service/kind";
import { tunKernelTuning } from "../../../provider/kinds/tun-kernel-tuning/kind";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind";
import { virtualService } from "../../../provider/kinds/virtual-service/kind";
import { vrrpInstance } from "../../../provider/kinds/vrrp-instance/kind";
import { FakeDirector } from "../../fakes/fake-director";
import { FakeFileHost } from "../../fakes/fake-file-host";
import type { FakeHost } from "../../fakes/fake-host";
import { FakeKernel } from "../../fakes/fake-kernel";
import { FakeNetworkHost } from "../../fakes/fake-network-host";
import { FakeNfsClient } from "../../fakes/fake-nfs-client";
import { FakeNfsServer } from "../../fakes/fake-nfs-server";
import { FakeRouter } from "../../fakes/fake-router";
import { FakeSystemdHost } from "../../fakes/fake-systemd-host";
import { FakeTunnelHost } from "../../fakes/fake-tunnel-host";
import { FakeVrrpHost } from "../../fakes/fake-vrrp-host";

/** Texts that a shell, printf, a glob or an option parser would make something of. Each has the word CANARY. */
export const TEXTS: readonly string[] = [
  "$(touch CANARY)",
  "`touch CANARY`",
  ";touch CANARY;",
  "'; touch CANARY; '",
  '"; touch CANARY; "',
  "'\"$(touch CANARY)\"'",
  "\ntouch CANARY\n",
  "\ttouch\tCANARY",
  "|touch CANARY",
  "&&touch CANARY",
  "&touch CANARY&",
  ">CANARY",
  "$(>CANARY)",
  "`>CANARY`",
  "';>CANARY;'",
  "${IFS}CANARY$IFS",
  "$(touch${IFS}CANARY)",
  "%sCANARY%n%%",
  "\\';touch CANARY;\\'",
  "\\CANARY\\n\\0",
  "*CANARY?[a-z]",
  "~CANARY",
  "--CANARY",
  "-oCANARY",
  "!CANARY!!",
  "{CANARY,x}",
  "#CANARY",
  "\u2028touch CANARY\u2028",
  "\u00a0touch CANARY",
  "'CANARY",
  '"CANARY',
  "CANARY\\",
];

interface Subject {
  readonly kind: DefinedKind & { readonly schema: z.ZodType };
  /** Accepted. */
  readonly args: object;
  /** A host on which something is to do. */
  readonly fake?: (args: { readonly name?: string }) => FakeHost;
}

const director = () => new FakeDirector("debian");

function withUnit({ name = "" }: { readonly name?: string }): FakeHost {
  const host = new FakeSystemdHost();
  host.units.set(`${name}.service`, { active: "inactive", file: "disabled" });
  return host;
}

/** All kinds. */
export const SUBJECTS: Readonly<Record<string, Subject>> = {
  VirtualService: {
    kind: virtualService,
    args: { protocol: "tcp", address: "192.0.2.10:80", allowUnknownScheduler: true },
    fake: director,
  },
  RealServer: { kind: realServer, args: { service: "tcp 192.0.2.10:80", address: "10.0.0.11" }, fake: director },
  VipAlias: {
    kind: vipAlias,
    args: { role: "director", address: "192.0.2.10", device: "eth0" },
    fake: () => new FakeNetworkHost("ifupdown"),
  },
  DrKernelTuning: { kind: drKernelTuning, args: { devices: ["eth0"] }, fake: () => new FakeKernel() },
  NatKernelTuning: { kind: natKernelTuning, args: { devices: ["eth1"] }, fake: () => new FakeKernel() },
  TunKernelTuning: { kind: tunKernelTuning, args: {}, fake: () => new FakeTunnelHost() },
  IpvsSettings: { kind: ipvsSettings, args: { conntrack: true } },
  SyncDaemon: { kind: syncDaemon, args: { role: "master", device: "eth0" }, fake: director },
  NfsExport: {
    kind: nfsExport,
    args: { path: "/srv/x", clients: { "192.168.2.0/24": ["rw"] } },
    fake: () => new FakeNfsServer(),
  },
  NfsMount: { kind: nfsMount, args: { source: "192.168.2.50:/x", path: "/mnt/x" }, fake: () => new FakeNfsClient() },
  Package: { kind: packageKind, args: { name: "ipvsadm" } },
  SystemdService: { kind: systemdService, args: { name: "nginx" }, fake: withUnit },
  ReturnRoute: {
    kind: returnRoute,
    args: { address: "192.168.2.100", gateway: "192.168.2.2", device: "eth1" },
    fake: () => new FakeRouter(),
  },
  VrrpInstance: {
    kind: vrrpInstance,
    args: { device: "eth0", virtualRouterId: 51, addresses: ["192.168.4.5"], priority: 9 },
    fake: () => new FakeVrrpHost(),
  },
  File: { kind: fileKind, args: { path: "/srv/x", content: "x" }, fake: () => new FakeFileHost() },
};

/** What stands before a text so that it passes for an address, a path, a label, a source or a name. */
const BEFORE = ["", "/srv/", "web1:/", "eth0:", "10.0.0.11", "192.0.2.10:80", "a"];

/** The forms of a property that may hold text: as itself, in a list, as a name or as a value of a map. */
const FORMS: readonly ((text: string) => unknown)[] = [
  (text) => text,
  (text) => [text],
  (text) => ({ [text]: 1 }),
  (text) => ({ [text]: ["rw"] }),
  (text) => ({ [text]: {} }),
  (text) => ({ "*": [text] }),
  (text) => ({ "10.0.0.11": { forwarding: text } }),
  (text) => ({ type: text }),
];

/** The properties of a kind that may hold text: all but those of which the schema says that they are numbers or booleans. */
export function textProperties({ kind }: Subject): readonly string[] {
  const { properties = {} } = z.toJSONSchema(kind.schema, { io: "input", unrepresentable: "any" });
  return Object.entries(properties).flatMap(([name, schema]) => {
    const type = typeof schema === "object" ? schema.type : undefined;
    return ["boolean", "integer", "number"].includes(String(type)) ? [] : [name];
  });
}

/** Arguments with a hostile text in one property: each text in each form, as the first that `accepts` says yes to. */
export function hostileArguments(
  { args }: Subject,
  property: string,
  accepts: (args: object) => boolean,
): readonly { readonly text: string; readonly args: object }[] {
  return FORMS.flatMap((form) =>
    TEXTS.flatMap((text) => {
      const all = BEFORE.map((before) => ({ ...args, [property]: form(`${before}${text}`) }));
      const found = all.find(accepts);
      return found === undefined ? [] : [{ text, args: found }];
    }),
  );
}
