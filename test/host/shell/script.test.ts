import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { ipvsLoader } from "../../../provider/facts/ipvs/loader";
import { addresses } from "../../../provider/facts/network/addresses";
import { sshPath } from "../../../provider/facts/network/ssh-path";
import { sysctlFiles, sysctlValues } from "../../../provider/facts/sysctl/values";
import { readFile } from "../../../provider/file-step";
import { replies } from "../../../provider/host/shell/replies";
import { observeScript, type Script } from "../../../provider/host/shell/script";
import { linkedMountPoints, mountPoint } from "../../../provider/kinds/nfs-mount/facts";
import { packageState } from "../../../provider/kinds/package/facts";
import { routing } from "../../../provider/kinds/return-route/facts";
import { unit } from "../../../provider/kinds/systemd-service/facts";
import { tunnels } from "../../../provider/kinds/tun-kernel-tuning/facts";
import { decode, encode } from "../../../provider/model/bytes";
import type { Command, Result } from "../../../provider/step";

// CentOS has bash behind /bin/sh, Debian dash.
const SHELLS: readonly (readonly [string, ...string[]])[] = [["dash"], ["bash", "--posix"]];

const NONCE = "d41d8cd98f00b204e9800998ecf8427e";

function runIn([shell, ...args]: readonly [string, ...string[]], script: Script): readonly (Result | undefined)[] {
  const { stdout, stderr } = spawnSync(shell, args, { input: encode(script.text(NONCE)), maxBuffer: 1 << 26 });
  const answers = replies(NONCE, script.summaries.length);
  answers.take("stdout", stdout);
  answers.take("stderr", stderr);
  const results = answers.results();
  if (results === undefined) throw new Error(`no answer: ${decode(stdout)} ${decode(stderr)}`);
  return results;
}

const word = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }).filter((text) => !text.includes("\0")),
  fc.stringMatching(/^['"\\$`\n\r\t !*?~#&|;<>(){}[\]-]{0,20}$/),
  fc.constantFrom("", "-n", "--", "$(reboot)", "'; exit 3; '", "a\\'b", "\n\n", "é ü 漢 🙂", "\uDCE9\uDCFF"),
);

describe.each(SHELLS.map((shell) => [shell.join(" "), shell] as const))("%s", (_name, shell) => {
  test("any words come through as they are, to programs and to shell text", () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
        const print: Command = { sh: 'for word do printf "%s|" "$word"; done', args: words };
        const inShell: Command = { ...print, inShell: true };
        const program: Command = { run: ["env", "printf", "%s|", ...words] };
        const expected = { code: 0, stdout: words.map((text) => `${text}|`).join(""), stderr: "" };
        expect(runIn(shell, observeScript([print, inShell, program]))).toEqual([expected, expected, expected]);
      }),
      { numRuns: 60 },
    );
  });

  test("any text comes through as stdin", () => {
    fc.assert(
      fc.property(word, (stdin) => {
        expect(runIn(shell, observeScript([{ run: ["cat"], stdin }]))).toEqual([
          { code: 0, stdout: stdin, stderr: "" },
        ]);
      }),
      { numRuns: 40 },
    );
  });

  test("each command has its own streams, its own exit code and no share in ours", () => {
    const commands: Command[] = [
      { sh: "printf 'no newline'; printf 'nor here' >&2; exit 7" },
      { sh: "cd /tmp; x=1; exec 3>&-; exit" },
      { run: ["cat"] },
      { run: ["no-such-program"] },
      { sh: "if then" },
      { sh: "cat <<END\n$1\nEND\n# a comment", args: ["from a here document"] },
      { sh: 'echo "$#"' },
      { run: ["false"], stdin: "nobody reads this" },
    ];
    const results = runIn(shell, observeScript(commands));
    expect(results[0]).toEqual({ code: 7, stdout: "no newline", stderr: "nor here" });
    expect(results[1]).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(results[2]).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(results[3]).toMatchObject({ code: 127, stderr: expect.stringContaining("no-such-program") as string });
    expect(results[4]?.code).toBe(2);
    expect(results[5]).toEqual({ code: 0, stdout: "from a here document\n", stderr: "" });
    expect(results[6]).toEqual({ code: 0, stdout: "0\n", stderr: "" });
    expect(results[7]).toEqual({ code: 1, stdout: "", stderr: "" });
  });

  test("what runs in the shell itself leaves it as it was", () => {
    const looks = [
      ipvsLoader,
      addresses,
      tunnels,
      sysctlValues("net.ipv4.*"),
      sysctlFiles,
      mountPoint("/", "none", "localhost"),
      mountPoint("/no such folder"),
      linkedMountPoints,
      sshPath,
      routing("ipv4"),
      unit("sshd"),
      packageState("nginx"),
    ].map(({ command }) => command);
    expect(looks.every((command) => "sh" in command && command.inShell)).toBe(true);
    const commands: Command[] = [
      readFile("/no such file"),
      { sh: "set -- a b; return 3", inShell: true },
      { sh: "cat; [ -z $1 ]", args: [""], inShell: true },
      ...looks,
      { sh: "pwd; umask; set -o; printf '%s' \"$IFS\"" },
    ];
    const answers = runIn(shell, observeScript(commands));
    expect(answers.slice(0, 3)).toEqual([
      { code: 0, stdout: "none\n", stderr: "" },
      { code: 3, stdout: "", stderr: "" },
      { code: 0, stdout: "", stderr: "" },
    ]);
    expect(answers.at(-1)).toEqual(runIn(shell, observeScript(commands.slice(-1)))[0]);
  });

  test("half a script does nothing", () => {
    const [program, ...args] = shell;
    const text = observeScript([{ run: ["echo", "first"] }, { run: ["echo", "second"] }]).text(NONCE);
    const { stdout } = spawnSync(program, args, { input: text.slice(0, text.lastIndexOf("}")) });
    expect(stdout.toString()).toBe("");
  });
});

test("a word that no shell can be given is refused", () => {
  expect(() => observeScript([{ run: ["echo", "a\0b"] }]).text(NONCE)).toThrow("NUL");
});

test("a command that makes systemd read its units anew has the time that systemd waits for a dead server", () => {
  const seconds = (command: Command) => observeScript([command]).patience?.[0];
  expect(seconds({ run: ["systemctl", "--quiet", "enable", "nginx.service"] })).toBe(100);
  expect(seconds({ sh: "[ ! -d /run/systemd/system ] || systemctl daemon-reload" })).toBe(100);
  expect(seconds({ run: ["systemctl", "daemon-reload"], patience: 5 })).toBe(5);
  expect(seconds({ run: ["systemctl", "is-enabled", "nginx.service"] })).toBe(0);
});
