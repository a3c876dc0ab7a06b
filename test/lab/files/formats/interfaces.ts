import { prefixOf } from "../../../../provider/dialects/network/address-text.ts";
import { placeOf } from "../../../../provider/dialects/network/declaration.ts";
import { declaredByStanzas } from "../../../../provider/dialects/network/ifupdown/declared.ts";
import { readInterfaces } from "../../../../provider/dialects/network/ifupdown/read-interfaces.ts";
import { UserError } from "../../../../provider/errors.ts";
import { fc, type Texts } from "../../../support/differential.ts";
import type { LabFormat } from "../compare.ts";
import { type Answer, readEach } from "../read-each.ts";
import { networkConfigOf } from "./network-config.ts";

const VIP = "192.168.4.5";

/** What the stanzas of ifupdown bring up of one address at boot: device, prefix and label. The host's side is `ifup -a` that only says what it would run. */
export const interfaces: LabFormat = {
  name: "interfaces",
  host: "networkd1",
  texts: texts(),
  refusedAtMost: 0.5,
  ours: (files) => {
    const config = networkConfigOf(files, "/etc/network");
    const { problem } = readInterfaces(config);
    if (problem !== undefined) throw new UserError(`${placeOf(problem)}: ${problem.reason}`);
    return declaredByStanzas({ address: `${VIP}/32` }, config)
      .map((one) => {
        if (one.unclear !== undefined) throw new UserError(`${placeOf(one)}: ${one.unclear}`);
        return `${one.address ?? ""} ${one.device} ${one.label ?? ""}`;
      })
      .sort();
  },
  read: async (host, all) => (await readEach(host, all, READ)).map(addedBy),
};

export const READ = `ifup --no-act --all --verbose --force --no-scripts --ignore-errors --state-dir "$PWD" -i interfaces 2>&1`;

/** `ifup: configuring interface eth0:1=eth0:1 (inet)`, and then the commands. */
export function addedBy({ stdout }: Pick<Answer, "stdout">): readonly string[] | undefined {
  if (/couldn't read interfaces file|cannot find interfaces/.test(stdout)) return undefined;
  let name = "";
  return stdout
    .split("\n")
    .flatMap((line) => {
      name = /configuring interface ([^=\s]+)=/i.exec(line)?.[1] ?? name;
      const words = line
        .replace(/ \|\| true$/, "")
        .replaceAll("$IFACE", name)
        .split(/\s+/);
      if (
        !/^(?:\/sbin\/)?ip$/.test(words[0] ?? "") ||
        !/^ip\S*( -4)? addr add /.test(words.join(" ").replace(/^\/sbin\//, ""))
      )
        return [];
      const [ip = "", prefix = "32"] = (words[words.indexOf("add") + 1] ?? "").split("/");
      const device = words[words.indexOf("dev") + 1]?.split(":")[0] ?? "";
      const label = words.includes("label") ? (words[words.indexOf("label") + 1] ?? "") : device;
      return ip === VIP ? [`${ip}/${prefixOf(prefix, "ipv4") ?? prefix} ${device} ${label}`] : [];
    })
    .sort();
}

function texts(): fc.Arbitrary<Texts> {
  const text = fc
    .array(fc.oneof({ weight: 2, arbitrary: oddLine() }, { weight: 3, arbitrary: stanza() }), { maxLength: 6 })
    .map((parts) => parts.flat().join("\n"))
    .chain((whole) => fc.constantFrom(`${whole}\n`, `${whole}\n`, whole));
  return fc.record({ interfaces: text, "b.d/1": text, "b.d/2.cfg": text, "c.d/one": text, "c.d/two.x": text });
}

function interfaceName(): fc.Arbitrary<string> {
  return fc.constantFrom("eth0:1", "eth0:1", "eth0", "eth0:0", "lo", "eth1");
}

function stanza(): fc.Arbitrary<string[]> {
  const method = fc.constantFrom("inet static", "inet static", "inet manual");
  return fc
    .tuple(interfaceName(), method, fc.array(option(), { maxLength: 3 }), fc.boolean())
    .map(([name, how, options, isAuto]) => [
      ...(isAuto ? [`auto ${name}`] : []),
      `iface ${name} ${how}`,
      ...options.map((one) => `    ${one}`),
    ]);
}

function option(): fc.Arbitrary<string> {
  const address = fc.constantFrom(VIP, VIP, VIP, "192.168.4.9", "192.168.4.50", "0192.168.4.5");
  const prefix = fc.constantFrom("/32", "/24", "", "/255.255.255.0", "/99");
  return fc.oneof(
    { weight: 4, arbitrary: fc.tuple(address, prefix).map((parts) => `address ${parts.join("")}`) },
    fc.constantFrom(
      "netmask 255.255.255.255",
      "netmask 24",
      "gateway 192.168.4.1",
      "broadcast +",
      `dns-nameservers ${VIP}`,
      "hwaddress",
      "scope host",
      "pointopoint 192.168.4.8",
    ),
    fc
      .record({
        hook: fc.constantFrom("up", "post-up", "pre-up", "down", "post-down"),
        ip: fc.constantFrom("ip", "/sbin/ip", "ip -4"),
        address,
        device: fc.constantFrom("eth0", "$IFACE", "eth1"),
        more: fc.constantFrom("", " label eth0:1", " || true", " label $IFACE", " brd +"),
      })
      .map(({ hook, ip, address: one, device, more }) => `${hook} ${ip} addr add ${one}/32 dev ${device}${more}`),
  );
}

function oddLine(): fc.Arbitrary<string[]> {
  const how = [
    "inet static",
    "inet dhcp",
    "inet6 static",
    "inherits eth0:1",
    "inet inherits eth0",
    "inet static inherits eth0",
    "inet",
    "inet foo",
  ];
  const line = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.tuple(interfaceName(), fc.constantFrom(...how)).map(([name, words]) => `iface ${name} ${words}`),
    },
    { weight: 3, arbitrary: interfaceName().map((name) => `auto ${name}`) },
    { weight: 6, arbitrary: option() },
    fc.constantFrom(
      "auto",
      "auto eth0 eth0:1",
      "allow-hotplug eth0:1",
      "# iface eth0:1 inet static",
      "# x \\",
      "",
      "source b.d/*",
      "source b.d/1 no/such",
      "source-directory c.d",
      "source-dir c.d/",
      'source "b.d/1"',
      "mapping eth9",
      "script x",
      "no-auto-down eth0",
      "no-scripts",
      "auto eth0:1=eth0",
      "auto /eth*",
    ),
  );
  const indent = fc.constantFrom("", " ", "    ", "\t");
  const blank = fc.constantFrom(" ", " ", "\t", "  ", " \t ", "\r", "\v", " \\\n", "\\\n  ", " \u00a0");
  return fc.tuple(indent, line, blank).map(([before, words, between]) => {
    const at = words.indexOf(" ");
    return [at < 0 ? `${before}${words}` : `${before}${words.slice(0, at)}${between}${words.slice(at + 1)}`];
  });
}
