import { parseIpvsState } from "../../../provider/kinds/ipvs-settings/facts";
import { parseDaemons } from "../../../provider/kinds/sync-daemon/facts";

describe("sync daemons, as ipvsadm 1.31 on Linux 6.1 says them", () => {
  const mtus = "mtu eth0 1500\nmtu eth1 9000\n";
  const rows: readonly (readonly [string, string, object])[] = [
    [
      "the default length is omitted",
      "master sync daemon (mcast=eth0, syncid=5, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)",
      { role: "master", device: "eth0", syncId: 5, group: "224.0.0.81", port: 8848, ttl: 1 },
    ],
    [
      "that of an IPv6 group is less",
      "master sync daemon (mcast=eth1, syncid=0, maxlen=1452, group=ff02::81, port=8848, ttl=1)",
      { role: "master", device: "eth1", syncId: 0, group: "ff02::81", port: 8848, ttl: 1 },
    ],
    [
      "that of a backup follows its interface",
      "backup sync daemon (mcast=eth1, syncid=0, maxlen=8972, group=224.0.0.81, port=8848, ttl=1)",
      { role: "backup", device: "eth1", syncId: 0, group: "224.0.0.81", port: 8848, ttl: 1 },
    ],
    [
      "another one is",
      "backup sync daemon (mcast=eth0, syncid=0, maxlen=1024, group=224.0.0.81, port=8900, ttl=2)",
      { role: "backup", device: "eth0", syncId: 0, group: "224.0.0.81", port: 8900, ttl: 2, maxLength: 1024 },
    ],
  ];

  test.each(rows)("%s", (_what, line, daemon) => {
    expect([...parseDaemons(`${mtus}${line}\n\n`).values()]).toEqual([daemon]);
  });

  test("none", () => {
    expect(parseDaemons("").size).toBe(0);
    expect(parseDaemons(`${mtus}\n`).size).toBe(0);
  });
});

describe("timeouts and the size of the table", () => {
  test("of a module that is loaded", () => {
    expect(parseIpvsState("bits 12\nTimeout (tcp tcpfin udp): 900 120 300\n")).toEqual({
      loaded: true,
      timeouts: { tcp: 900, tcpFin: 120, udp: 300 },
      connTabBits: 12,
    });
  });

  test("of one that is not", () => {
    expect(parseIpvsState("")).toEqual({ loaded: false, timeouts: {} });
  });

  test("unknown output is an error", () => {
    expect(() => parseIpvsState("bits 12\nTimeout: 900\n")).toThrow(
      'cannot read "bits 12\nTimeout: 900" as timeouts, from ipvsadm -L --timeout',
    );
  });
});
