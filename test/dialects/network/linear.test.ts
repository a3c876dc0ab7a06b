import { ifcfg } from "../../../provider/dialects/network/ifcfg/ifcfg";
import { ifupdown } from "../../../provider/dialects/network/ifupdown/ifupdown";
import { netplan } from "../../../provider/dialects/network/netplan/netplan";
import { networkd } from "../../../provider/dialects/network/networkd/networkd";
import { networkManager } from "../../../provider/dialects/network/networkmanager/networkmanager";
import { readAssignments } from "../../../provider/facts/files/assignments";
import { director, networkSeen, vip } from "./network-seen";

/** One line, or many, of a megabyte: a reader that takes quadratic time needs hours for it. */
const MEGABYTE = 1_000_000;

/** Of a processor: a second on a quiet machine. A quadratic reader takes hours. */
const LIMIT_MS = 3_000;

const long = {
  "blanks in a line": `iface eth0${" ".repeat(MEGABYTE)}x`,
  "blanks before a comment": `A=1${"\t ".repeat(MEGABYTE / 2)}#`,
  "a comment": `#${"#".repeat(MEGABYTE)}`,
  "an open quote": `IPADDR="${"'x ".repeat(MEGABYTE / 3)}`,
  quotes: `IPADDR=${`"'"'"'`.repeat(MEGABYTE / 6)}`,
  backslashes: `IPADDR=${"\\".repeat(MEGABYTE)}`,
  "continued lines": `up${"\\\n".repeat(MEGABYTE / 2)}`,
  "empty lines": "\n".repeat(MEGABYTE / 2),
  addresses: `address ${"192.168.4.5/".repeat(MEGABYTE / 12)}`,
  "a list": `address1=${"192.168.4.5,".repeat(MEGABYTE / 12)}`,
  brackets: "[".repeat(MEGABYTE / 100),
  dollars: `IPADDR="${"${x} ".repeat(MEGABYTE / 5)}"`,
} as const;

const files = {
  ifupdown: "/etc/network/interfaces",
  ifcfg: "/etc/sysconfig/network-scripts/ifcfg-eth0:0",
  netplan: "/etc/netplan/50-cloud-init.yaml",
  networkd: "/etc/systemd/network/10-eth0.network",
  networkmanager: "/etc/NetworkManager/system-connections/eth0.nmconnection",
} as const;

describe.each([ifupdown, ifcfg, netplan, networkd, networkManager])("$name", (dialect) => {
  test.each(Object.entries(long))("reads a megabyte of %s in a second", (_, text) => {
    const config = networkSeen([dialect.name], { [files[dialect.name]]: `[ipv4]\n${text}\n${text.slice(0, 99)}\n` });
    const wanted = vip(director);
    const [file] = dialect.files(wanted, config);
    const readings = [
      () => dialect.manages("eth0", config),
      () => dialect.blockedBy(wanted, config),
      () => file?.matches(text.split("\n")),
      () => dialect.filesFor(wanted, config),
      () => dialect.removeFrom?.(wanted, config),
      () => dialect.declares?.(wanted, config),
    ];
    for (const read of readings) {
      const began = process.cpuUsage();
      read();
      expect(process.cpuUsage(began).user / 1000).toBeLessThan(LIMIT_MS);
    }
  });
});

test("shell text that is refused is refused early", () => {
  const { problem } = readAssignments([{ number: 7, text: `A=$(${"x".repeat(MEGABYTE)}` }]);
  expect(problem).toEqual({ line: 7, reason: '"$(" is more than an assignment' });
});
