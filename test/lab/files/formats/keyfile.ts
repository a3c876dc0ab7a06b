import { addressesIn } from "../../../../provider/dialects/network/networkmanager/keyfile.ts";
import { fc, type Texts } from "../../../support/differential.ts";
import type { LabFormat } from "../compare.ts";
import { type Answer, readEach } from "../read-each.ts";

/** The IPv4 addresses of a profile: what NetworkManager's own reader makes of it, which needs no running NetworkManager. */
export const keyfile: LabFormat = {
  name: "keyfile",
  host: "networkd1",
  texts: texts(),
  refusedAtMost: 0,
  ours: ({ profile = "" }) => [...new Set(addressesIn(profile.split("\n"), "ipv4"))].sort(),
  read: async (host, all) => (await readEach(host, all, READ)).map(addressesOf),
};

export const READ = "nmcli --offline connection modify connection.autoconnect yes <profile 2>/dev/null";

/** NetworkManager writes the profile as it understood it. */
export function addressesOf({ stdout }: Pick<Answer, "stdout">): readonly string[] {
  const [, section = ""] = /\n\[ipv4\]\n([^[]*)/.exec(stdout) ?? [];
  return [...new Set([...section.matchAll(/^address\d+=([^,\n]*)/gm)].map(([, address = ""]) => address))].sort();
}

function texts(): fc.Arbitrary<Texts> {
  const key = fc.constantFrom(
    "address",
    "addresses",
    "address1",
    "addresses2",
    "address7",
    "address10",
    "address01",
    "addres",
    "Address1",
    ";address2",
    "#address3",
  );
  const ip = fc.constantFrom("192.168.4.5", "192.168.4.9", "10.0.0.1", "192.168.4.500", "");
  const prefix = fc.constantFrom("/32", "/24", "/24", "", ";24", ",24", "/0", "/33", "/x", "/024");
  const gateway = fc.constantFrom(
    "",
    "",
    "",
    ",192.168.4.1",
    ";192.168.4.1;",
    ";0.0.0.0;",
    ",",
    ";",
    " , 192.168.4.1",
    "/",
  );
  const value = fc.tuple(ip, prefix, gateway).map((parts) => parts.join(""));
  const equals = fc.constantFrom("=", "=", "=", " = ", "=\t", " =");
  const indent = fc.constantFrom("", "", "", " ", "\t");
  const after = fc.constantFrom("", "", "", " ", "\t", " # x", "\r", "\r", " \r", "\r\r");
  const entry = fc.tuple(indent, key, equals, value, after).map((parts) => parts.join(""));
  const line = fc.oneof(
    { weight: 8, arbitrary: entry },
    fc.constantFrom(
      "",
      "# address1=192.168.4.5/32",
      "[ipv6]\nmethod=auto",
      "[ipv4]",
      " [ipv4] ",
      "[ipv4]\r",
      "[ethernet]",
      "method=auto",
      "may-fail=no",
    ),
  );
  return fc.array(line, { maxLength: 6 }).map((lines) => ({
    profile: [
      "[connection]",
      "id=x",
      "uuid=5f1c0d3e-0000-4000-8000-000000000001",
      "type=ethernet",
      "[ipv4]",
      "method=auto",
      ...lines,
      "",
    ].join("\n"),
  }));
}
