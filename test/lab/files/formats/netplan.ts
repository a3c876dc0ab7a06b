import { placeOf } from "../../../../provider/dialects/network/declaration.ts";
import { declaredByNetplan, unreadableFile } from "../../../../provider/dialects/network/netplan/netplan.ts";
import { UserError } from "../../../../provider/errors.ts";
import { fc, type Texts } from "../../../support/differential.ts";
import type { LabFormat } from "../compare.ts";
import { type Answer, readEach } from "../read-each.ts";
import { networkConfigOf } from "./network-config.ts";

const VIP = "192.168.4.5";

/**
 * Texts that netplan takes, or that are no YAML: whether it refuses a text for what it says is not ours to know.
 * On which interfaces netplan's files have one address, and with which prefix and label: what its generator writes for systemd-networkd.
 */
export const netplanFiles: LabFormat = {
  name: "netplan",
  host: "networkd1",
  texts: texts(),
  refusedAtMost: 0.3,
  ours: (files) => {
    const config = networkConfigOf(files, "");
    const reason = unreadableFile(config);
    if (reason !== undefined) throw new UserError(reason);
    return declaredByNetplan({ address: `${VIP}/32`, device: "eth0" }, config)
      .map((one) => {
        if (one.address === undefined) throw new UserError(`${placeOf(one)}: its prefix is unclear`);
        return `${one.device} ${one.address} ${one.label ?? ""}`;
      })
      .sort();
  },
  read: async (host, all) => (await readEach(host, all, READ)).map(addedBy),
};

/** By the name of a generator: by its own it asks udev and systemd to read anew, which takes most of its time. */
export const READ = `generator=$work/systemd/system-generators/netplan
if [ ! -e "$generator" ]; then
  mkdir -p "\${generator%/*}"
  for program in /usr/libexec/netplan/generate /lib/netplan/generate; do [ ! -x "$program" ] || break; done
  ln -s "$program" "$generator"
fi
mkdir normal early late
"$generator" --root-dir "$PWD" "$PWD/normal" "$PWD/early" "$PWD/late" 2>/dev/null || exit 1
cat run/systemd/network/*.network 2>/dev/null || :`;

/** The `.network` files of all interfaces, one after the other. */
export function addedBy({ stdout, code }: Answer): readonly string[] | undefined {
  if (code !== 0) return undefined;
  let device = "";
  const found = new Map<string, string>();
  const lines = stdout.split("\n");
  for (const [index, line] of lines.entries()) {
    device = /^Name=(.*)/.exec(line)?.[1] ?? device;
    const [, address = ""] = /^Address=(.*)/.exec(line) ?? [];
    if (!address.startsWith(`${VIP}/`)) continue;
    const label = /^Label=(.*)/.exec(lines[index + 1] ?? "")?.[1];
    const key = `${device} ${address}`;
    if (label !== undefined || !found.has(key)) found.set(key, label ?? device);
  }
  return [...found].map(([key, label]) => `${key} ${label}`).sort();
}

function texts(): fc.Arbitrary<Texts> {
  const paths = [
    "etc/netplan/50-a.yaml",
    "etc/netplan/60-b.yaml",
    "run/netplan/50-a.yaml",
    "run/netplan/70-c.yaml",
    "lib/netplan/00-d.yaml",
  ];
  const file = fc.option(text(), { nil: undefined });
  return fc
    .tuple(text(), ...paths.slice(1).map(() => file))
    .map((all) => Object.fromEntries(all.flatMap((one, at) => (one === undefined ? [] : [[paths[at] ?? "", one]]))));
}

function text(): fc.Arbitrary<string> {
  const address = fc.constantFrom(
    `${VIP}/32`,
    `${VIP}/24`,
    `${VIP}/32`,
    "192.168.4.9/24",
    "192.168.4.50/32",
    `'${VIP}/32'`,
    `"${VIP}/32"`,
    "2001:db8::5/64",
  );
  const entry = fc.oneof(
    { weight: 3, arbitrary: address },
    fc
      .tuple(address, fc.constantFrom("eth0:1", '"eth0:1"', "eth0:x"))
      .map(([one, label]) => `${one.replace(/^([^'"].*)/, '"$1"')}: {label: ${label}}`),
  );
  const comment = fc.constantFrom("", "", "", " # none", "   #");
  const block = fc
    .tuple(fc.array(entry, { minLength: 1, maxLength: 3 }), comment)
    .map(([all, more]) => [`      addresses:${more}`, ...all.map((one) => `        - ${one}${more}`)]);
  const flow = fc.array(address, { maxLength: 3 }).map((all) => [`      addresses: [ ${all.join(", ")} ]`]);
  const anchored = entry.map((one) => ["      addresses:", `       - ${one}`]);
  const odd = fc.constantFrom(["      dhcp4: true"], ["      mtu: 1400", "# x"], ["      dhcp4: no", ""]);
  const body = fc.oneof({ weight: 4, arbitrary: block }, { weight: 3, arbitrary: flow }, anchored, odd);
  const definition = fc
    .tuple(fc.constantFrom("eth0", "eth1", '"eth0"'), body)
    .map(([name, lines]) => [`    ${name}:`, ...lines]);
  const json = address.map(
    (one) =>
      `{"network": {"version": 2, "ethernets": {"eth0": {"addresses": [${one.replace(/^([^'"].*)/, '"$1"')}]}}}}`,
  );
  const yaml = fc
    .tuple(
      fc.array(definition, { minLength: 1, maxLength: 3 }),
      fc.constantFrom("network:", "network: # x", "---\nnetwork:"),
      fc.constantFrom("", "  version: 2", "  renderer: networkd"),
    )
    .map(([all, head, version]) =>
      [head, ...(version === "" ? [] : [version]), "  ethernets:", ...all.flat(), ""].join("\n"),
    );
  return fc.oneof({ weight: 9, arbitrary: yaml }, json, fc.constantFrom("", "# nothing\n", "network: {}\n", "a: [b\n"));
}
