import { check } from "../../../provider/engine/check";
import { Inventory } from "../../../provider/engine/inventory";
import { UserError } from "../../../provider/errors";
import { drKernelTuning } from "../../../provider/kinds/kernel-tuning/dr";
import { hosts } from "../../../provider/model/hosts";
import { hasUnknown, UNKNOWN } from "../../../provider/model/input/unknowns";
import { newKey } from "../../host/keys";
import { rowOf, wrongInputs } from "../../support/wrong-inputs";

const wrong = wrongInputs(hosts);

/** A connection through others, each in the one before it. */
const nested = (length: number): object =>
  Array.from({ length: length - 1 }).reduce<object>((proxy) => ({ host: "b", proxy }), { host: "b" });

function said(input: unknown): string {
  const inventory = new Inventory();
  inventory.configure(JSON.stringify(input));
  try {
    inventory.names();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error(`${JSON.stringify(input)} is taken as it is`);
}

test("each field of a connection is in the table", () => {
  expect(wrong.map(({ path }) => path.join("."))).toEqual(
    expect.arrayContaining(["web1", "web1.port", "web1.privateKeyPath", "web1.proxy", "web1.proxy.port", "web1.sudox"]),
  );
  expect(wrong.length).toBeGreaterThan(200);
});

test.each(wrong.map(rowOf))("lvs:hosts is refused by path: %s", (_row, { path, input, says }) => {
  const line = said(input)
    .split("\n")
    .find((one) => one.startsWith(`${["lvs:hosts", ...path].join(".")}: `));
  expect(line).toContain(says);
  expect(line).toMatch(/: (?:must|is) /);
});

test.each<readonly [input: unknown, says: string]>([
  [{ web1: null }, "lvs:hosts.web1: must be a connection: { host: 192.0.2.1 }, not null, as YAML reads an empty value"],
  [[], "lvs:hosts: must be a map from name to connection: { web1: { host: 192.0.2.1 } }, not a list"],
  [
    { web1: { host: "10.0.0.1", prot: 22, port: "22" } },
    "lvs:hosts.web1.port: must be a whole number from 1 to 65535, not text\n" +
      'lvs:hosts.web1.prot: is not a field of a connection: did you mean "port"?',
  ],
  [
    { web1: { prot: 22 }, web2: { host: "10.0.0.2", password: 12345 } },
    'lvs:hosts.web1.prot: is not a field of a connection: did you mean "port"?\n' +
      'lvs:hosts.web1.host: is missing: it must be an address or a DNS name, such as "192.0.2.1"\n' +
      "lvs:hosts.web2.password: must be text, not a number",
  ],
  [
    { web1: { host: "a", deadline: 1.5 } },
    "lvs:hosts.web1.deadline: must be a whole number from 1 to 3600, not a fraction",
  ],
  [{ web1: { host: "a", proxy: "" } }, "lvs:hosts.web1.proxy: must not be empty"],
  [
    { web1: { host: "a", name: "b" } },
    "lvs:hosts.web1.name: must be left out: a host is called by the name before its fields",
  ],
  ...["yes", "true", "Off"].map(
    (word) =>
      [
        { web1: { sshConfig: word } },
        "lvs:hosts.web1.sshConfig: must be true, or the path of a file such as ~/.ssh/config",
      ] as const,
  ),
  ...["[2001:db8::1]", "192.0.2.1:22", "web1:22", "2001:db8::x", "-oProxyCommand=x"].map(
    (host) =>
      [
        { web1: { host } },
        "lvs:hosts.web1.host: must be an address or a DNS name alone, without brackets: user, password and port have fields of their own",
      ] as const,
  ),
  ...["SHA256:abc", "# web1:22 SSH-2.0", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGNvcGllZA"].map(
    (hostKey) =>
      [
        { web1: { host: "a", hostKey } },
        'lvs:hosts.web1.hostKey: must be the public key of the host, as ssh-keyscan prints it: "ssh-ed25519 AAAA...". What is there is none, or a part of one',
      ] as const,
  ),
  [{ web1: { host: "a", proxy: nested(8) } }, "lvs:hosts.web1.proxy: must not lead through more than 8 hosts"],
  [{ web1: { host: "a", proxy: nested(3000) } }, "lvs:hosts.web1.proxy: must not lead through more than 8 hosts"],
])("%j: all of it is said at once, and no value", (input, says) => {
  expect(said(input)).toBe(says);
});

test("what looks like a mistake and is none", () => {
  const key = newKey().public;
  const right = {
    v6: { host: "2001:db8::1" },
    link: { host: "fe80::1%eth0" },
    "prod:web1": { sshConfig: true },
    keys: { host: "a", hostKey: `# web1\nssh-gw.example.net ${key}\n\n[a]:22 ${key}` },
    far: { host: "a", proxy: nested(7) },
  };
  expect([...hosts.parse(right).keys()]).toEqual(Object.keys(right));
});

test("a connection in the program through thousands of others, each in the one before, is refused, too", () => {
  const host = { host: "a", proxy: nested(20_000) } as never;
  const { failures } = check(drKernelTuning.runtime, new Inventory(), { host });
  expect(failures).toEqual([{ property: "", reason: "host.proxy: must not lead through more than 8 hosts" }]);
  const unknown = { host: "a", proxy: { ...nested(20_000), hostKey: UNKNOWN } };
  expect(hasUnknown(unknown)).toBe(true);
});
