import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { matchesPath } from "../../../provider/facts/files/glob";

const names = [
  "a",
  "b",
  "ab",
  "a-b",
  "a.b",
  ".a",
  "lan0",
  "lan-1",
  "LAN",
  "x]",
  "pulumi-lvs-eth0-192-168-4-5",
  "d/a",
  "d/.b",
];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pattern-"));
  mkdirSync(join(folder, "d"));
  for (const name of names) writeFileSync(join(folder, name), "");
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The files that a shell itself finds by the pattern. */
function found(pattern: string): string[] {
  const text = 'cd "$1" && for file in $2; do [ -f "$file" ] && printf "%s\\n" "$file"; done; :';
  const output = execFileSync("sh", ["-c", text, "sh", folder, pattern], { encoding: "utf8", env: { LC_ALL: "C" } });
  return output.split("\n").filter((line) => line !== "");
}

const part = fc.constantFrom(
  "*",
  "?",
  "[ab]",
  "[!a]",
  "[a-m]",
  "[0-9]",
  "[]x]",
  "[m-a]",
  "[b-]",
  "[",
  "a",
  "b",
  "-",
  ".",
  "lan",
  "d/",

  "+",
  "(",
  "$",
);

test("a pattern matches what it matches in a shell", () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
      const pattern = parts.join("");
      // "[[." may begin a name that depends on the locale: not judged.
      if (matchesPath(pattern, "a") === undefined) return;
      expect(names.filter((name) => matchesPath(pattern, name) === true).sort()).toEqual(found(pattern).sort());
    }),
    { numRuns: 300 },
  );
});

test.each([
  ["/etc/network/interfaces.d/*", "/etc/network/interfaces.d/pulumi-lvs-eth0", true],
  ["/etc/network/interfaces.d/[a-z]*", "/etc/network/interfaces.d/pulumi-lvs-eth0", true],
  ["/etc/network/interfaces.d/*.cfg", "/etc/network/interfaces.d/pulumi-lvs-eth0", false],
  ["/etc/network/*/*", "/etc/network/interfaces.d/eth0", true],
  ["/etc/network/*", "/etc/network/interfaces.d/eth0", false],
  ["/etc/network/[[:alpha:]]*", "/etc/network/interfaces", undefined],
])("%s and %s: %s", (pattern, path, matches) => {
  expect(matchesPath(pattern, path)).toBe(matches);
});
