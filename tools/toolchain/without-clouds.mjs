import { appendFile, copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./command.mjs";
import { CLI } from "./pulumi-bin.mjs";
import { lastLines, StepFailed } from "./step.mjs";

/** @typedef {readonly [found: RegExp, becomes: string]} Edit */

/**
 * The clients of three clouds are a third of what there is to compile. Tests and demo keep their states in files and call none of them:
 * states in a cloud's storage, keys in a cloud's key service, `pulumi logs`. That of a Vault stays: tests have one (test/e2e/support/key-service.ts).
 * Each edit has to find its text.
 * @type {Readonly<Record<string, readonly Edit[]>>}
 */
const EDITS = {
  "backend/diy/backend.go": [
    [/\n\t(?:_ )?"gocloud\.dev\/blob\/(?:azure|gcs|s3)blob".*/g, ""],
    [/\n\t"[^"]+\/authhelpers"/, ""],
    [/\n\tif p\.Scheme == (?:azure|gcs)blob\.Scheme \{\n(?:\t\t.*\n)+\t\}/g, ""],
  ],
  "backend/diy/bucket.go": [
    [/\n\tawss3 ".*"/, ""],
    [/\bawss3\.CopyObjectInput\b/g, "copyObjectInput"],
    [/$/, "\ntype copyObjectInput struct{ CopySource *string }\n"],
  ],
  "secrets/cloud/manager.go": [
    [/\n\t(?:_ )?"gocloud\.dev\/secrets\/(?:awskms|azurekeyvault|gcpkms)".*/g, ""],
    [/\n\t"google\.golang\.org\/api\/cloudkms\/v1"/, ""],
    [/\n\t"[^"]+\/authhelpers"/, ""],
    [/\n\tcase gcpkms\.Scheme:[^]*?(?=\n\tdefault:)/, ""],
  ],
  "operations/operations_aws.go": [[/[^]+/, noLogs("AWSOperationsProvider", ["context"])]],
  "operations/operations_gcp.go": [[/[^]+/, noLogs("GCPOperationsProvider", ["context"])]],
  "operations/operations_cloud_aws.go": [[/[^]+/, noLogs("CloudOperationsProvider", [])]],
};

/**
 * @param {string} name
 * @param {readonly "context"[]} first of its parameters
 */
function noLogs(name, first) {
  const imports = [...first, "errors", "github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"];
  const parameters = [...first.map(() => "context.Context"), "map[config.Key]string", "*Resource"];
  return `package operations

import (
${imports.map((path) => `\t"${path}"`).join("\n")}
)

func ${name}(${parameters.join(", ")}) (Provider, error) {
\treturn nil, errors.New("this build has no clients of clouds")
}
`;
}

/**
 * A go.mod for `go build -modfile`, with the CLI's module replaced by a copy without those clients.
 * @param {string} go
 * @param {NodeJS.ProcessEnv} env
 * @param {string} folder an empty one, for both
 */
export async function modfileWithoutClouds(go, env, folder) {
  const original = await folderOf(go, env);
  const copy = join(folder, "pkg");
  // What the module cache has is read-only.
  await succeed(["cp", "-r", "--no-preserve=mode", original, copy], {});
  for (const [path, edits] of Object.entries(EDITS)) {
    const file = join(copy, path);
    await writeFile(file, edit(await readFile(file, "utf8"), path, edits));
  }
  for (const name of ["go.mod", "go.sum"]) await copyFile(join(CLI.sources, name), join(folder, name));
  await appendFile(join(folder, "go.mod"), `replace ${CLI.module} => ${copy}\n`);
  return join(folder, "go.mod");
}

/**
 * @param {string} text
 * @param {string} path
 * @param {readonly Edit[]} edits
 */
export function edit(text, path, edits) {
  return edits.reduce((result, [found, becomes]) => {
    if (result.search(found) === -1) throw new StepFailed(`${path} of Pulumi ${CLI.version} has no ${String(found)}`);
    return result.replace(found, () => becomes);
  }, text);
}

/**
 * Where the module cache has the CLI's sources; they are downloaded first.
 * @param {string} go
 * @param {NodeJS.ProcessEnv} env
 */
async function folderOf(go, env) {
  const command = [go, "mod", "download", "-json", CLI.module];
  const output = await succeed(command, { cwd: CLI.sources, env: { ...process.env, ...env } });
  const folder = /"Dir": "(?<folder>.+)"/.exec(output)?.groups?.["folder"];
  if (folder === undefined) throw new StepFailed(`${command.join(" ")} names no folder\n${lastLines(output)}`);
  return folder;
}

/**
 * @param {readonly string[]} command
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} options
 */
async function succeed(command, options) {
  const { code, output } = await run(command, options);
  if (code !== 0) throw new StepFailed(`${command.join(" ")}\n${lastLines(output)}`);
  return output;
}
