import { UserError } from "../../../../provider/errors.ts";
import { readAssignments } from "../../../../provider/facts/files/assignments.ts";
import { fc, type Texts } from "../../../support/differential.ts";
import type { LabFormat } from "../compare.ts";
import { type Answer, readEach } from "../read-each.ts";

const NAMES = ["DEVICE", "IPADDR", "IPADDR1", "PREFIX", "ONPARENT"];

/** The variables that bash has after it has read an ifcfg file, as network-scripts read it. */
export const ifcfgFiles: LabFormat = {
  name: "ifcfg",
  host: "networkd1",
  texts: texts(),
  refusedAtMost: 0.5,
  ours: ({ ifcfg = "" }) => {
    const lines = ifcfg.replace(/\n$/, "").split("\n");
    const { values, problem } = readAssignments(lines.map((text, at) => ({ number: at + 1, text })));
    if (problem !== undefined) throw new UserError(`line ${problem.line}: ${problem.reason}`);
    return NAMES.map((name) => {
      const assigned = values.get(name);
      if (assigned === undefined) return `${name} is unset`;
      if (assigned.value === undefined)
        throw new UserError(`line ${assigned.line}: the value of ${name} depends on another`);
      return `${name}=[${assigned.value}]`;
    });
  },
  read: async (host, all) => (await readEach(host, all, READ)).map(variablesIn),
};

export const READ = `bash -c '. ./ifcfg 2>/dev/null; for name; do if [ -n "\${!name+set}" ]; then printf "%s=[%s]\\0" "$name" "\${!name}"; else printf "%s is unset\\0" "$name"; fi; done' bash ${NAMES.join(" ")}`;

export function variablesIn({ stdout }: Pick<Answer, "stdout">): readonly string[] {
  return stdout.split("\0").slice(0, NAMES.length);
}

function texts(): fc.Arbitrary<Texts> {
  const name = fc.constantFrom(...NAMES, "IPADDR", "PREFIX", "GATEWAY", "_x1");
  const plain = fc.constantFrom("192.168.4.5", "eth0:0", "24", "yes", "a b", "x#y", "", "\u00a0", "\r", "=", "é");
  const odd = fc.constantFrom(
    "$",
    "$1",
    "${PREFIX}",
    "$IPADDR",
    "\\",
    "'",
    '"',
    "`",
    "#",
    "*",
    "!",
    "(",
    "\\n",
    "\t",
    "{a,b}",
    "~",
    "a:~",
  );
  const inside = fc.array(fc.oneof({ weight: 12, arbitrary: plain }, { weight: 1, arbitrary: odd }), { maxLength: 3 });
  const text = inside.map((parts) => parts.join(""));
  const bare = text.map((value) => value.replaceAll(/[ \t#]/g, ""));
  const value = fc.oneof(
    { weight: 3, arbitrary: bare },
    text.map((one) => `"${one}"`),
    text.map((one) => `'${one}'`),
    fc.tuple(bare, text).map(([a, b]) => `${a}"${b}"${a}`),
    bare.map((one) => `${one.slice(0, 3)}\\\n${one.slice(3)}`),
    bare.map((one) => `"${one.slice(0, 3)}\\\n${one.slice(3)}"`),
  );
  const assignment = fc.tuple(name, value).map(([key, one]) => `${key}=${one}`);
  const usual = { weight: 8, arbitrary: fc.constantFrom("", "", "", " ", "\t", "\\\n") };
  const before = fc.oneof(usual, fc.constantFrom("export ", " export\t", "local "));
  const after = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.constantFrom("", "", "", " ", " # comment", ";", " ; ", " PREFIX=9", "; ONPARENT=no", "\r"),
    },
    fc.constantFrom("# none", " extra", " &", " || :"),
  );
  const line = fc.oneof(
    { weight: 12, arbitrary: fc.tuple(before, assignment, after).map((parts) => parts.join("")) },
    { weight: 2, arbitrary: fc.constantFrom("", "# IPADDR=1", "  #", "export IPADDR", "# \\") },
    fc.constantFrom(
      "unset PREFIX",
      "if true; then PREFIX=7; fi",
      "IPADDR =5",
      "IPADDR+=9",
      "UID=5",
      ";",
      "PREFIX=$(echo 3)",
      ": IPADDR=8",
    ),
  );
  return fc
    .tuple(fc.array(line, { maxLength: 5 }), fc.constantFrom("\n", "\n", "", "\n\n"))
    .map(([lines, end]) => ({ ifcfg: lines.join("\n") + end }));
}
