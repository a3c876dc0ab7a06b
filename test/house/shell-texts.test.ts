import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { applyScript } from "../../provider/host/session/apply-script";
import { schedule } from "../../provider/host/session/schedule";
import { observeScript } from "../../provider/host/shell/script";
import { run } from "../../provider/step";
import { repository } from "../../tools/toolchain/paths.mjs";
import { GIVEN } from "./evaluate";
import { runShellcheck } from "./run-shellcheck";
import { type ShellText, shellTexts } from "./shell-texts";

const texts = shellTexts();

/** A text in a text: what the host runs if nobody confirms a change. */
const clocks = texts.flatMap(({ place, text }) =>
  [...text.matchAll(/^clock='([^']*)'$/gm)].map(
    ([, clock = ""]): ShellText => ({ place: `${place}, clock`, text: clock, excluded: [] }),
  ),
);

const folder = join("tools", "lab", "image");
/** Not in the script itself: the cached image is named by its text, and a comment would have it built anew. */
const meantInFiles: Readonly<Record<string, readonly string[]>> = {
  // mmdebstrap hands the hooks to a shell of its own.
  [join(folder, "build.sh")]: ["SC2016"],
};
const files = [...readdirSync(join(repository, folder)).map((name) => join(folder, name)), join(".ci", "run")].flatMap(
  (path) => {
    const text = readFileSync(join(repository, path), "utf8");
    const named = /^#!.*[ /](sh|bash)\n/.exec(text)?.[1] ?? (path.endsWith(".sh") ? "sh" : undefined);
    if (named === undefined) return [];
    return [{ place: path, text, excluded: meantInFiles[path] ?? [], shell: named === "bash" ? named : "sh" } as const];
  },
);

test("the texts are found, and each can be read without running anything", () => {
  expect(texts.length).toBeGreaterThan(45);
  expect(texts.filter(({ text }) => text.includes("\n")).length).toBeGreaterThan(30);
  expect(texts.filter(({ text }) => text.trim() === GIVEN)).toEqual([]);
  expect(clocks).toHaveLength(1);
  expect(files.map(({ place }) => place)).toEqual(expect.arrayContaining([join(folder, "lab-init"), ".ci/run"]));
});

test("what runs in the session's own shell does not leave it, nor change its folder", () => {
  const inShell = texts.filter((text) => text.inShell === true);
  expect(inShell.length).toBeGreaterThan(25);
  // What is quoted is for a shell of its own, or said to people.
  const leaving = inShell.filter(({ text }) =>
    /(?:^|[\s;&|({])(?:exit|exec|cd)(?:$|[\s;&|)}])/m.test(text.replaceAll(/'[^']*'|"[^"]*"|#.*$/gm, "")),
  );
  expect(leaving).toEqual([]);
});

test("ShellCheck finds nothing in what goes to a host, in scripts of the lab, in those of CI", async () => {
  const commands = [...texts, ...clocks, batch()].map((text) => ({ ...text, shell: "sh" as const }));
  const all = [...commands, ...files];
  const findings = await runShellcheck(all.map(({ text, shell }) => ({ text, shell })));
  const unmeant = all.flatMap(({ place, text, excluded }, index) =>
    (findings[index] ?? [])
      .filter(({ code }) => !excluded.includes(`SC${code}`))
      .map(({ code, line, message }) => `${place}: SC${code} ${message}\n${text.split("\n")[line - 1] ?? ""}`),
  );
  expect(unmeant).toEqual([]);
  const idle = all.flatMap(({ place, excluded }, index) =>
    excluded
      .filter((code) => !(findings[index] ?? []).some((found) => code === `SC${found.code}`))
      .map((code) => ({ place, code })),
  );
  expect(idle).toEqual([]);
}, 300_000);

test("ShellCheck would find something", async () => {
  const [found] = await runShellcheck([{ text: "rm -rf $1/*", shell: "sh" }]);
  expect(found).toEqual(expect.arrayContaining([expect.objectContaining({ code: 2086, line: 1 })]));
});

/** What is put together for a batch: the lock, which is a file with a text, units of two jobs, looks. `f0= f1=` is meant, and no person reads it. */
function batch(): ShellText {
  const jobs = [
    [{ rule: ["-A", "-t", "192.0.2.1:80"] }, run("systemctl", "restart", "nginx")],
    [{ rule: ["-a", "-t", "192.0.2.1:80", "-r", "10.0.0.1:80"] }],
  ].map((steps) => ({ steps, isolated: false }));
  const looks = [{ run: ["ip", "addr"] }, { sh: 'echo "$1"', args: ["it's"], inShell: true }] as const;
  const lock = { path: "/run/pulumi-lvs.lock", patience: 5 };
  const units = schedule(jobs, () => undefined);
  const text = `${observeScript(looks).text("one")}\n${applyScript(units, looks, lock, { writer: "me", after: "you" }).text("two")}`;
  return { place: "a batch", text, excluded: ["SC1007", "SC2094", "SC3067"] };
}
