import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { shellEnvironment } from "../../../provider/facts/ipvs/shell-environment";
import { systemdEnvironment } from "../../../provider/facts/ipvs/systemd-environment";

const REFUSED = { problem: expect.any(String) };

test.each([
  ['AUTO="true"\n', "true", "true"],
  ["AUTO='tr'ue", "true", "true"],
  ["AUTO=tr'ue'\n", "true", "tr'ue'"],
  ['AUTO="true" # yes\n', "true", "true# yes"],
  ["AUTO=true # yes\n", "true", "true # yes"],
  ["export AUTO=true\n", "true", undefined],
  ["AUTO=true; export AUTO\n", "true", "true; export AUTO"],
  ["AUTO=false\nAUTO=true", "true", "true"],
  ["  AUTO=true", "true", "true"],
  ["AUTO=true\r\n", "true\r", "true"],
  ["; AUTO=false\nAUTO=true\n", REFUSED, "true"],
  ["#AUTO=false\\\nAUTO=true\n", "true", REFUSED],
  ["AUTO=tr\\\nue\n", "true", "true"],
  ["IFACE=eth0 \\\nAUTO=true\n", "true", undefined],
  ["AUTO =true\n", REFUSED, "true"],
  ["AUTO= true\n", REFUSED, "true"],
  ["AUTO=$YES\n", REFUSED, "$YES"],
  ["IFACE=$DEV\nAUTO=true\n", "true", "true"],
  ["if true; then AUTO=true; fi\n", REFUSED, undefined],
  [". /etc/default/lvs\nAUTO=true\n", REFUSED, "true"],
  ['DAEMON="none\nAUTO=true\n', REFUSED, undefined],
  ["AUTO=\n", "", ""],
  ["AUTOMATIC=true\n", undefined, undefined],
  ["AUTO+=true\n", REFUSED, undefined],
  ["", undefined, undefined],
])("%j is for a shell %j, for systemd %j", (text, shell, systemd) => {
  const expected = (value: unknown) => (value === REFUSED ? REFUSED : { value });
  expect(shellEnvironment(text, "AUTO")).toMatchObject(expected(shell));
  expect(systemdEnvironment(text, "AUTO")).toMatchObject(expected(systemd));
});

/** Pieces of which a file is made, for both readers. */
const piece = fc.constantFrom(
  "AUTO=",
  "AUTO",
  "IFACE=eth0",
  "export ",
  "true",
  "false",
  '"',
  "'",
  "\\",
  " ",
  "\t",
  "\n",
  "\n",
  "\r\n",
  "#",
  ";",
  "$X",
  "=",
  "\\\n",
  " # ",
  "`",
  "&",
  "~",
  "\u00a0",
);
const texts = fc.array(
  fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join("")),
  {
    minLength: 300,
    maxLength: 300,
  },
);

test("a shell takes 300 texts for what we take them for, or they are refused", () => {
  const folder = mkdtempSync(join(tmpdir(), "shell-"));
  try {
    fc.assert(
      fc.property(texts, (all) => {
        for (const [index, text] of all.entries()) writeFileSync(join(folder, String(index)), text);
        const said = execFileSync("sh", ["-c", LOOK, "sh", folder, String(all.length)], {
          encoding: "utf8",
          stdio: "pipe",
        });
        const values = said.split("\0");
        for (const [index, text] of all.entries()) {
          const reading = shellEnvironment(text, "AUTO");
          if ("problem" in reading) continue;
          expect([text, reading.value ?? "(unset)"]).toEqual([text, values[index]]);
        }
      }),
      { numRuns: 1 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const LOOK = `i=0; while [ $i -lt "$2" ]; do
  ( cd "$1" || exit; unset AUTO; . "./$i" >/dev/null 2>&1; printf %s "\${AUTO-(unset)}" )
  printf '\\0'; i=$((i + 1))
done 2>/dev/null`;
