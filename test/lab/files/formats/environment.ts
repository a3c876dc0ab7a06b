import { UserError } from "../../../../provider/errors.ts";
import type { Reader } from "../../../../provider/facts/ipvs/shell-environment.ts";
import { shellEnvironment } from "../../../../provider/facts/ipvs/shell-environment.ts";
import { systemdEnvironment } from "../../../../provider/facts/ipvs/systemd-environment.ts";
import { tar } from "../../../../tools/lab/boot/tar.ts";
import type { LabHost } from "../../../../tools/lab/host/host.ts";
import { fc, type Texts } from "../../../support/differential.ts";
import type { LabFormat } from "../compare.ts";
import { readEach } from "../read-each.ts";

/** /etc/default/ipvsadm as the init script reads it, with a shell: the value of AUTO. */
export const shellDefaults: LabFormat = {
  name: "/etc/default/ipvsadm, read by a shell",
  host: "nfs",
  texts: texts(),
  ours: ({ defaults = "" }) => valueIn(shellEnvironment, defaults),
  read: async (host, all) => {
    const answers = await readEach(host, all, SOURCE);
    return answers.map(({ stdout }) => stdout);
  },
  refusedAtMost: 0.7,
};

/** The same file as the unit of Debian 13 reads it, with systemd. */
export const systemdDefaults: LabFormat = {
  name: "/etc/default/ipvsadm, read by systemd",
  host: "nfs",
  texts: texts(),
  ours: ({ defaults = "" }) => valueIn(systemdEnvironment, defaults),
  read: readBySystemd,
  refusedAtMost: 0.1,
};

const UNSET = "(not set)";

function valueIn(reader: Reader, text: string): string {
  const reading = reader(text, "AUTO");
  if ("problem" in reading) throw new UserError(`line ${reading.line}: ${reading.problem}`);
  return reading.value ?? UNSET;
}

const SOURCE = `set +e
unset AUTO
. ./defaults >/dev/null 2>&1
printf %s "\${AUTO-${UNSET}}"`;

/** One unit reads the files of all texts: in each of them AUTO has a name of its own. */
async function readBySystemd(host: LabHost, all: readonly Texts[]): Promise<readonly unknown[]> {
  const files = all.map(({ defaults = "" }, index) => ({
    path: String(index),
    text: defaults.replaceAll("AUTO", nameOf(index)),
  }));
  const { stdout } = await host.sh(READ, { input: tar(files), timeout: 120_000 });
  const values = new Map(
    stdout.split("\0").map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), pair.slice(at + 1)] as const;
    }),
  );
  return all.map((_, index) => values.get(nameOf(index))?.replaceAll(nameOf(index), "AUTO") ?? UNSET);
}

function nameOf(index: number): string {
  return `LVS${index}X`;
}

const READ = `rm -rf /run/lvs-defaults; mkdir /run/lvs-defaults && cd /run/lvs-defaults && tar xf - || exit
set --
for file in *; do set -- "$@" -p "EnvironmentFile=-/run/lvs-defaults/$file"; done
systemd-run --quiet --wait --pipe "$@" env -0
rm -rf /run/lvs-defaults`;

/** Lines that people write, and pieces in any order. */
function texts(): fc.Arbitrary<Texts> {
  const pieces = fc.constantFrom(
    ...[
      "AUTO=",
      "AUTO=",
      "AUTO",
      "IFACE=eth0",
      "DAEMON=",
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
    ],
    ...["\r\n", "#", ";", "$X", "=", "\\\n", " # ", "~", "\u00a0", "{", "%i", "\f", "\u00e9", '\\"', "\\\\", "''"],
  );
  const line = fc.constantFrom(
    ...[
      'AUTO="true"',
      "AUTO=true",
      "AUTO='true'",
      "  AUTO=true",
      "AUTO=true # yes",
      'AUTO="true" # yes',
      "export AUTO=true",
    ],
    ...[
      "AUTO=false",
      "AUTO=",
      "AUTO=tr\\\nue",
      'AUTO="tr"ue',
      "AUTO=true; export AUTO",
      "#AUTO=true",
      "; AUTO=true",
      "AUTO = true",
    ],
    ...[
      'IFACE="eth0"\t',
      "# syncid to use ",
      "",
      'DAEMON="none"',
      "# it ends so \\",
      "IFACE=eth0 \\",
      'DAEMON="no',
      "AUTO=true\r",
    ],
  );
  const made = fc.array(pieces, { maxLength: 16 }).map((all) => all.join(""));
  const text = fc.array(fc.oneof(line, made), { maxLength: 5 }).map((lines) => lines.join("\n"));
  return fc.tuple(text, fc.constantFrom("", "\n")).map((parts): Texts => ({ defaults: parts.join("") }));
}
