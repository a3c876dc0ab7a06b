import { spawnSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { CHANGED_MEANWHILE, parseFile, readFile, removeFile, writeFile } from "../../../provider/file-step";
import { shellText } from "../../../provider/host/shell/script";
import { decode, encode } from "../../../provider/model/bytes";
import type { Command } from "../../../provider/step";
import { scratchFolder } from "../scratch";

let dir: string;
let path: string;

beforeEach(() => {
  dir = scratchFolder();
  path = join(dir, "etc", "rules");
});

function does(command: Command, shell = ["dash"]): { code: number | null; stdout: string; stderr: string } {
  const [program = "sh", ...args] = shell;
  const { status, stdout, stderr } = spawnSync(program, args, { input: encode(shellText(command)) });
  return { code: status, stdout: decode(stdout), stderr: decode(stderr) };
}

const well = { code: 0, stdout: "", stderr: "" };

test.each([[["dash"]], [["bash", "--posix"]]])("any text comes back byte for byte through %s", (shell) => {
  const bytes = fc.uint8Array({ min: 1, maxLength: 60 }).map((list) => decode(Buffer.from(list)));
  const text = fc.oneof(
    bytes,
    fc.string({ unit: "binary" }).filter((some) => !some.includes("\0")),
    fc.constantFrom("", "\n", "a\n\n\n", "none\n", "-n", "'\\''"),
  );
  let before: string | undefined;
  fc.assert(
    fc.property(text, (next) => {
      expect(does(writeFile(path, next, before), shell)).toEqual(well);
      expect([...readFileSync(path)]).toEqual([...encode(next)]);
      expect(parseFile(does(readFile(path), shell).stdout)).toBe(next);
      before = next;
    }),
    { numRuns: 25 },
  );
  expect(readdirSync(join(dir, "etc"))).toEqual(["rules"]);
});

test("a new file gets its mode, an old one keeps its own", () => {
  expect(does(writeFile(path, "a", undefined, { mode: "0600" }))).toEqual(well);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  chmodSync(path, 0o751);
  expect(does(writeFile(path, "b", "a", { mode: "0600" }))).toEqual(well);
  expect(statSync(path).mode & 0o777).toBe(0o751);
  expect(statSync(join(dir, "etc")).mode & 0o777).toBe(0o755);
});

test("a symbolic link stays one, also one that leads to nothing yet", () => {
  const link = join(dir, "link");
  symlinkSync("target", link);
  expect(does(writeFile(link, "a", undefined))).toEqual(well);
  expect(does(writeFile(link, "b", "a"))).toEqual(well);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(dir, "target"), "utf8")).toBe("b");
  expect(does(removeFile(link, "b"))).toEqual(well);
  expect([readdirSync(dir), readlinkSync(link)]).toEqual([["link"], "target"]);
});

test.each([
  ["it says something else", "theirs", "ours"],
  ["it differs in its last newline", "ours\n", "ours"],
  ["it is not there any more", undefined, "ours"],
  ["it was not there", "theirs", undefined],
  ["it is empty, and was not there", "", undefined],
])("nothing is written when %s", (_name, now, before) => {
  path = join(dir, "rules");
  if (now !== undefined) writeFileSync(path, now);
  const refused = { code: CHANGED_MEANWHILE, stdout: "", stderr: `${path} was changed by somebody else meanwhile\n` };
  expect(does(writeFile(path, "new", before))).toEqual(refused);
  if (before !== undefined) expect(does(removeFile(path, before))).toEqual(refused);
  expect(readdirSync(dir).map((name) => readFileSync(join(dir, name), "utf8"))).toEqual(now === undefined ? [] : [now]);
});

test("a file is removed, and only that", () => {
  path = join(dir, "rules");
  writeFileSync(path, "a\n");
  writeFileSync(join(dir, "other"), "");
  expect(does(removeFile(path, "a\n"))).toEqual(well);
  expect(readdirSync(dir)).toEqual(["other"]);
  expect(parseFile(does(readFile(path)).stdout)).toBeUndefined();
});

test.each([undefined, "a"])("what somebody else writes while the new text is flushed stays (before: %s)", (before) => {
  path = join(dir, "rules");
  if (before !== undefined) writeFileSync(path, before);
  writeFileSync(join(dir, "sync"), `#!/bin/sh\nprintf theirs >>${path}\n`, { mode: 0o755 });
  const [shell, ...words] = ["env", `PATH=${dir}:${process.env["PATH"]}`, "dash"] as const;
  expect(does(writeFile(path, "new", before), [shell, ...words]).code).toBe(CHANGED_MEANWHILE);
  expect(readFileSync(path, "utf8")).toBe(`${before ?? ""}theirs`);
  expect(readdirSync(dir)).toEqual(["rules", "sync"]);
});

describe("a sync that knows no files, as before coreutils 8.24", () => {
  const doesWith = (sync: string, command: Command) => {
    writeFileSync(join(dir, "sync"), `#!/bin/sh\n${sync}\n`, { mode: 0o755 });
    return does(command, ["env", `PATH=${dir}:${process.env["PATH"]}`, "dash"]);
  };

  test("says so, and nobody has to read that", () => {
    const sync = "echo 'sync: ignoring all arguments' >&2";
    expect(doesWith(sync, writeFile(path, "a", undefined))).toEqual(well);
    expect(doesWith(sync, removeFile(path, "a"))).toEqual(well);
  });

  test("is heard where it failed", () => {
    const said = expect.stringMatching(/^sync: error syncing: Input\/output error\n.*\/rules could not be written/);
    const sync = "echo 'sync: error syncing: Input/output error' >&2; exit 1";
    expect(doesWith(sync, writeFile(path, "a", undefined))).toEqual({ code: 1, stdout: "", stderr: said });
    expect(readdirSync(join(dir, "etc"))).toEqual([]);
  });
});

test("a process is started on the host for what no builtin of the shell can do, and to look at what we did not write ourselves", () => {
  const bin = join(dir, "bin");
  mkdirSync(bin);
  const noted = join(dir, "noted");
  for (const name of ["cat", "chmod", "cp", "mkdir", "mv", "rm", "stat", "sync"])
    writeFileSync(join(bin, name), `#!/bin/sh\necho ${name} >>${noted}\nPATH=\${PATH#*:} exec ${name} "$@"\n`, {
      mode: 0o755,
    });
  const programsOf = (options: Parameters<typeof writeFile>[3], at = path) => {
    writeFileSync(noted, "");
    expect(does(writeFile(at, "b", "a", options), ["env", `PATH=${bin}:${process.env["PATH"]}`, "dash"])).toEqual(well);
    expect(readFileSync(at, "utf8")).toBe("b");
    writeFileSync(at, "a");
    return readFileSync(noted, "utf8").trim().split("\n").join(" ");
  };
  expect(does(writeFile(path, "a", undefined))).toEqual(well);
  expect(programsOf({})).toBe("stat cp sync cat mv sync");
  expect(programsOf({ isOurs: true })).toBe("cp sync cat mv sync");
  chmodSync(path, 0o600);
  expect(programsOf({ isRecord: true, mode: "0600" })).toBe("stat sync cat mv sync");
  expect(programsOf({ isRecord: true, mode: "0600", isOurs: true })).toBe("sync cat mv sync");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("what a run that was cut off left behind is cleared away", () => {
  expect(does(writeFile(path, "a", undefined))).toEqual(well);
  for (const left of [".pulumi-lvs.4711", ".pulumi-lvs.new"]) writeFileSync(join(dir, "etc", left), "half");
  expect(does(writeFile(path, "b", "a"))).toEqual(well);
  writeFileSync(join(dir, "etc", ".pulumi-lvs.aBcDeFgHiJ"), "half");
  expect(does(removeFile(path, "b"))).toEqual(well);
  expect(readdirSync(join(dir, "etc"))).toEqual([]);
});

test("a file with two names is refused: the other one would keep the old text", () => {
  path = join(dir, "rules");
  writeFileSync(path, "a");
  linkSync(path, join(dir, "other"));
  expect(does(writeFile(path, "b", "a"))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("2 names (hard links)"),
  });
  expect(readdirSync(dir).map((name) => readFileSync(join(dir, name), "utf8"))).toEqual(["a", "a"]);
});

test("what is no regular file is neither replaced nor removed, as a link to /dev/null that masks a file", () => {
  // A pipe, because this test runs as root, too.
  spawnSync("mkfifo", [join(dir, "device")]);
  path = join(dir, "masked");
  symlinkSync(join(dir, "device"), path);
  expect(does(writeFile(path, "b", ""))).toEqual({
    code: 1,
    stdout: "",
    stderr: `${path} leads to ${join(dir, "device")}, which is no regular file. Who masks a file makes such a link: remove it, and run again\n`,
  });
  expect(does(removeFile(path, ""))).toEqual(well);
  expect([lstatSync(path).isSymbolicLink(), statSync(path).isFIFO()]).toEqual([true, true]);
  expect(readdirSync(dir).sort()).toEqual(["device", "masked"]);
});

test("a folder that cannot be written to is left as it was", () => {
  writeFileSync(join(dir, "file"), "");
  const { code, stderr } = does(writeFile(join(dir, "file", "rules"), "a", undefined));
  expect([code, stderr]).toEqual([1, expect.stringContaining("cannot create directory")]);
  expect(() => parseFile("cat: no")).toThrow('cannot read "cat: no" as a file\'s text');
});
