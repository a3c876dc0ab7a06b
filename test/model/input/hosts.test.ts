import { Inventory } from "../../../provider/engine/inventory";
import { UserError } from "../../../provider/errors";
import { hosts } from "../../../provider/model/connection";
import { rowOf, wrongInputs } from "../../support/wrong-inputs";

const wrong = wrongInputs(hosts);

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

test.each([
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
])("%j: all of it is said at once, and no value", (input, says) => {
  expect(said(input)).toBe(says);
});
