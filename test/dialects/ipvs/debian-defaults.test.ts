import fc from "fast-check";
import { isAutomatic, setAutomatic, unsetAutomatic } from "../../../provider/dialects/ipvs/debian-defaults";
import { shellEnvironment as shell } from "../../../provider/facts/ipvs/shell-environment";
import { systemdEnvironment as systemd } from "../../../provider/facts/ipvs/systemd-environment";

const BLOCK = '# pulumi-lvs begin: rules are loaded at boot\nAUTO="true"\n# pulumi-lvs end\n';

test.each([
  {
    name: "false",
    why: "the original line stays, and the later one counts",
    text: '# ipvsadm\nAUTO="false"\n\nDAEMON="none"\n',
    set: `# ipvsadm\nAUTO="false"\n\nDAEMON="none"\n${BLOCK}`,
  },
  { name: "true already", why: "it is the operator's decision", text: "AUTO=true\n", set: "AUTO=true\n" },
  { name: "no line", why: "it goes to the end", text: "IFACE=eth0\n", set: `IFACE=eth0\n${BLOCK}` },
  {
    name: "no last newline",
    why: "the file gets its end back",
    text: "IFACE=eth0",
    set: `IFACE=eth0\n${BLOCK.replace("boot\n", "boot (no newline before)\n")}`,
  },
  {
    name: "no file",
    why: "it goes again",
    text: undefined,
    set: BLOCK.replace("boot\n", "boot (new file)\n"),
  },
])("$name: $why", ({ text, set }) => {
  for (const reader of [shell, systemd]) {
    expect(setAutomatic(text, reader)).toBe(set);
    expect(setAutomatic(set, reader)).toBe(set);
    expect(isAutomatic(set, reader)).toBe(true);
  }
  expect(unsetAutomatic(set)).toBe(text);
});

test.each([
  ["AUTO=true # yes\n", shell],
  ["export AUTO=true\n", shell],
  ["AUTO = true\n", systemd],
])("%j is left as it is by the reader that takes it for true, and corrected for the other", (text, reader) => {
  expect(setAutomatic(text, reader)).toBe(text);
  const other = reader === shell ? systemd : shell;
  expect(unsetAutomatic(setAutomatic(text, other))).toBe(text);
});

describe("a file that an earlier version wrote", () => {
  test.each([
    [
      '# ipvsadm\nAUTO="true" # pulumi-lvs, instead of: AUTO="false"\nIFACE=eth0\n',
      '# ipvsadm\nAUTO="false"\nIFACE=eth0\n',
    ],
    ['AUTO="false" # pulumi-lvs, instead of: AUTO="no" # mine\n', 'AUTO="no" # mine\n'],
    ['IFACE=eth0\nAUTO="true" # pulumi-lvs, not there before\n', "IFACE=eth0\n"],
    ['IFACE=eth0\nAUTO="true" # pulumi-lvs, not there before, no newline before\n', "IFACE=eth0"],
    ['AUTO="true" # pulumi-lvs, not there before, nor was the file\n', undefined],
  ])("%j is given back", (text, original) => {
    expect(isAutomatic(text, systemd)).toBe(false);
    expect(unsetAutomatic(text)).toBe(original);
    for (const reader of [shell, systemd]) {
      expect(isAutomatic(setAutomatic(text, reader), systemd)).toBe(true);
      expect(unsetAutomatic(setAutomatic(text, reader))).toBe(original);
    }
  });
});

test("a value that was changed in our block is set again, and what others wrote into it is kept", () => {
  const changed = `AUTO="false"\n${BLOCK.replace('"true"\n', '"false"\n# mine\n')}`;
  expect(setAutomatic(changed, shell)).toBe(`AUTO="false"\n# mine\n${BLOCK}`);
});

test("a line below our block that says otherwise is overruled", () => {
  const changed = `${BLOCK}AUTO=false\n`;
  expect(setAutomatic(changed, systemd)).toBe(`AUTO=false\n${BLOCK}`);
});

const line = fc.oneof(
  fc.constantFrom(
    "AUTO=false",
    'AUTO="true"',
    "# AUTO=true",
    'IFACE="eth0"\t',
    "",
    "\\",
    '"',
    "export AUTO=no",
    "# x \\",
  ),
  fc.stringMatching(/^[ -~]*$/),
);

test("set and unset give the file back, byte for byte", () => {
  fc.assert(
    fc.property(fc.array(line), fc.constantFrom("", "\n"), fc.constantFrom(shell, systemd), (lines, end, reader) => {
      const text = lines.join("\n") + end;
      expect(unsetAutomatic(setAutomatic(text, reader))).toBe(text);
    }),
  );
});
