import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Fact } from "../../provider/facts/fact";
import { argsOf, shellOf } from "../fakes/fake-host";

/** Paths and texts. A text is a file, executable where it begins with `#!`; `-> x` is a link. `ROOT/` in a text is the root of the tree. */
export type Tree = Readonly<Record<string, string>>;

/** Runs the command of a fact here, on a tree of its own: each path in it gets a folder in front. */
export function readOn<T>(tree: Tree, fact: Fact<T>): T {
  const root = mkdtempSync(join(tmpdir(), "tree-"));
  try {
    for (const [path, text] of Object.entries(tree)) plant(root, path, text);
    const [command = "", ...args] = [shellOf(fact.command), ...argsOf(fact.command)].map((text) =>
      text
        .replaceAll(/(?<![\w}])\/(?=(?:etc|usr|lib|run|var)\/)/g, `${root}/`)
        .replaceAll("path=/$", `path=${root}/$`)
        .replace("(bin|etc|", `(${root.split("/")[1]}|bin|etc|`)
        .replace("(etc|home|", `(${root.split("/")[1]}|etc|home|`),
    );
    const output = execFileSync("sh", ["-c", command, "sh", ...args], { encoding: "utf8" });
    return fact.parse(output.replaceAll(root, ""));
  } finally {
    rmSync(root, { recursive: true });
  }
}

function plant(root: string, path: string, text: string): void {
  const at = join(root, path);
  mkdirSync(dirname(at), { recursive: true });
  const [, target] = /^-> (.*)$/.exec(text) ?? [];
  if (target === undefined) {
    writeFileSync(at, text.replaceAll("ROOT/", `${root}/`), { mode: text.startsWith("#!") ? 0o755 : 0o644 });
  } else symlinkSync(target.startsWith("/dev/") || !target.startsWith("/") ? target : join(root, target), at);
}
