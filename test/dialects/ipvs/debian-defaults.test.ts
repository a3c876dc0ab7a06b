import fc from "fast-check";
import { isAutomatic, setAutomatic, unsetAutomatic } from "../../../provider/dialects/ipvs/debian-defaults";

test.each([
  ['AUTO="true"\n', true],
  ["AUTO=true\n", true],
  ["  export AUTO='true' # yes\n", true],
  ['AUTO="false"\n', false],
  ['#AUTO="true"\n', false],
  ['AUTO="true"\nAUTO="false"\n', false],
  ['AUTO="false"\nAUTO="true"\n', true],
  ['AUTOMATIC="true"\n', false],
  ["", false],
  [undefined, false],
])("does %j load rules at boot: %s", (text, automatic) => {
  expect(isAutomatic(text)).toBe(automatic);
});

test.each([
  {
    name: "false",
    why: "the old line is kept in a comment",
    text: '# ipvsadm\nAUTO="false"\n\nDAEMON="none"\n',
    set: '# ipvsadm\nAUTO="true" # pulumi-lvs, instead of: AUTO="false"\n\nDAEMON="none"\n',
  },
  { name: "true already", why: "it is the operator's decision", text: "AUTO=true\n", set: "AUTO=true\n" },
  {
    name: "no line",
    why: "it goes to the end",
    text: "IFACE=eth0\n",
    set: 'IFACE=eth0\nAUTO="true" # pulumi-lvs, not there before\n',
  },
  {
    name: "no last newline",
    why: "the file gets its end back",
    text: "IFACE=eth0",
    set: 'IFACE=eth0\nAUTO="true" # pulumi-lvs, not there before, no newline before\n',
  },
  {
    name: "no file",
    why: "it goes again",
    text: undefined,
    set: 'AUTO="true" # pulumi-lvs, not there before, nor was the file\n',
  },
])("$name: $why", ({ text, set }) => {
  expect(setAutomatic(text)).toBe(set);
  expect(setAutomatic(set)).toBe(set);
  expect(unsetAutomatic(set)).toBe(text);
});

test("a value that was changed in our line is set again, and the original line is kept", () => {
  const changed = 'AUTO="false" # pulumi-lvs, instead of: AUTO="no" # mine\n';
  expect(setAutomatic(changed)).toBe('AUTO="true" # pulumi-lvs, instead of: AUTO="no" # mine\n');
  expect(unsetAutomatic(setAutomatic(changed))).toBe('AUTO="no" # mine\n');
});

const line = fc.oneof(
  fc.constantFrom("AUTO=false", 'AUTO="true"', "# AUTO=true", 'IFACE="eth0"\t', ""),
  fc.stringMatching(/^[ -~]*$/),
);

test("set and unset give the file back, byte for byte", () => {
  fc.assert(
    fc.property(fc.array(line), fc.constantFrom("", "\n"), (lines, end) => {
      const text = lines.join("\n") + end;
      expect(isAutomatic(setAutomatic(text))).toBe(true);
      expect(unsetAutomatic(setAutomatic(text))).toBe(text);
    }),
  );
});
