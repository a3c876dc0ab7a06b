import { realServer } from "../../provider/kinds/real-server/kind";
import type { DefinedKind } from "../../provider/kinds/runtime-kind";
import { syncDaemon } from "../../provider/kinds/sync-daemon/kind";
import { vipAlias } from "../../provider/kinds/vip-alias/kind";
import { virtualService } from "../../provider/kinds/virtual-service/kind";
import { FakeDirector } from "../fakes/fake-director";
import type { FakeHost } from "../fakes/fake-host";
import { FakeIpvsKernel } from "../fakes/fake-ipvs-kernel";
import { FakeNetworkHost } from "../fakes/fake-network-host";
import { Life } from "./any-state/life";

const RULES = "/etc/ipvsadm.rules";
const service = { protocol: "tcp", address: "192.168.4.5:80" };
const server = { service: "tcp 192.168.4.5:80", address: "192.168.4.100" };
const vip = { role: "realServer", address: "192.168.4.5", device: "dummy0" };

interface Sort<Host extends FakeHost> {
  readonly host: () => Host;
  readonly args: object;
  /** By hand: the object, and all but the last of what a boot has of it. */
  readonly remove: (host: Host) => void;
}

function row<Host extends FakeHost>(kind: DefinedKind & { readonly name: string }, sort: Sort<Host>) {
  const trial = async () => {
    const host = sort.host();
    const before = [...host.files];
    const life = new Life(kind, host);
    await life.bring(await life.inputs(sort.args), undefined);
    sort.remove(host);
    expect([...host.files].sort()).not.toEqual([...before].sort());
    life.passes.length = 0;
    const until = await life.inputs({ ...sort.args, boot: false });
    await life.bring(until, undefined);
    expect(life.passes.length).toBe(1);
    expect(Object.fromEntries(host.files)).toEqual(Object.fromEntries(before));
    await life.bring(until, undefined);
    expect(life.passes.length).toBe(1);
  };
  return [kind.name, trial] as const;
}

test.each([
  row(virtualService, {
    host: () => new FakeDirector("debian"),
    args: service,
    remove: (host) => {
      host.ipvsadm("-D -t 192.168.4.5:80");
      host.files.set(RULES, new FakeDirector("debian").files.get(RULES) ?? "");
    },
  }),
  row(realServer, {
    host: () => {
      const host = new FakeDirector("debian");
      host.ipvsadm("-A -t 192.168.4.5:80 -s wlc");
      return host;
    },
    args: { ...server, boot: true },
    remove: (host) => {
      host.ipvsadm("-d -t 192.168.4.5:80 -r 192.168.4.100:80");
      host.files.set(RULES, new FakeDirector("debian").files.get(RULES) ?? "");
    },
  }),
  row(syncDaemon, {
    host: () => new FakeIpvsKernel(),
    args: { role: "master", device: "eth0" },
    remove: (host) => {
      host.daemons.clear();
      host.files.set(RULES, new FakeIpvsKernel().files.get(RULES) ?? "");
    },
  }),
  row(vipAlias, {
    host: () => new FakeNetworkHost("networkd"),
    args: vip,
    remove: (host) => {
      host.ip("addr del 192.168.4.5/32 dev dummy0");
      for (const path of host.files.keys()) if (path.includes(".network")) host.files.delete(path);
    },
  }),
])("%s of which a boot has something left is made until the next boot in one pass, which takes that away", (_, trial) =>
  trial(),
);
