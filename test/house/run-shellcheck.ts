import { spawn } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { npmBin, repository } from "../../tools/toolchain/paths.mjs";

const findings = z.array(
  z.array(z.object({ code: z.number(), line: z.number(), severity: z.string(), message: z.string() })),
);

/** What ShellCheck says of each text. */
export function runShellcheck(
  texts: readonly { readonly text: string; readonly shell: "sh" | "bash" }[],
): Promise<z.infer<typeof findings>> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(npmBin, "node"), [join(repository, "tools", "toolchain", "shellcheck.mjs")], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(findings.parse(JSON.parse(output)));
      else reject(new Error(`ShellCheck ended with ${code}`));
    });
    child.stdin.end(JSON.stringify(texts));
  });
}
