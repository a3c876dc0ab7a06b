import { appendFile, copyFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./command.mjs";
import { CLI } from "./pulumi-bin.mjs";
import { lastLines, StepFailed } from "./step.mjs";

/** @typedef {readonly [found: RegExp, becomes: string]} Edit */

/** Commands that neither tests nor the demo call, by the names of their packages. */
const UNCALLED =
  "about auth clispec cloud completion console convert deployment do env events insights install logs markdown neo org packagecmd " +
  "plugin policy project project/newcmd schema templatecmd trace whoami";

/** What makes them in the list of commands: `newcmd.NewNewCmd(),`. */
const CALLS = UNCALLED.replace("do env", "cmdDo cmdEnv").replace("project/newcmd", "newcmd");

/** Exit codes of `pulumi api`, which bring a parser of OpenAPI along. */
const API_ERRORS = /\n\t\/\/ `pulumi api`[^}]*\}\n/;

/**
 * A third of what there is to compile are the clients of three clouds, and a fifth of the rest are commands. Tests and demo keep their states in
 * files and call none of them: states in a cloud's storage, keys in a cloud's key service, `pulumi logs`; commands for Pulumi's own service, for
 * plugins, policies, templates and imports. The client of a Vault stays: tests have one (test/e2e/support/key-service.ts).
 * Each edit has to find its text.
 * @type {Readonly<Record<string, readonly Edit[]>>}
 */
const EDITS = {
  "backend/diy/backend.go": [
    [/\n\t(?:_ )?"gocloud\.dev\/blob\/(?:azure|gcs|s3)blob".*/g, ""],
    [/\n\tif p\.Scheme == (?:azure|gcs)blob\.Scheme \{\n(?:\t\t.*\n)+\t\}/g, ""],
  ],
  "backend/diy/bucket.go": [
    [/\n\tawss3 ".*"/, ""],
    [/\bawss3\.CopyObjectInput\b/g, "copyObjectInput"],
    [/$/, "\ntype copyObjectInput struct{ CopySource *string }\n"],
  ],
  "secrets/cloud/manager.go": [
    [/\n\t(?:_ )?"gocloud\.dev\/secrets\/(?:awskms|azurekeyvault|gcpkms)".*/g, ""],
    [/\n\tcase gcpkms\.Scheme:[^]*?(?=\n\tdefault:)/, ""],
  ],
  "operations/operations_aws.go": [[/[^]+/, noLogs("AWSOperationsProvider", ["context"])]],
  "operations/operations_gcp.go": [[/[^]+/, noLogs("GCPOperationsProvider", ["context"])]],
  "operations/operations_cloud_aws.go": [[/[^]+/, noLogs("CloudOperationsProvider", [])]],
  "cmd/pulumi/pulumi.go": [
    [new RegExp(`\\n\\t(?:\\w+ )?".*/cmd/pulumi/(?:${oneOf(UNCALLED)})"`, "g"), ""],
    [new RegExp(`\\n\\t{4}(?:${oneOf(CALLS)})\\.[^]*?\\),(?=\\n\\t{3,4}\\S)`, "g"), ""],
    [/\n\t{4}operations\.New(?:Import|Watch)Cmd\(\),/g, ""],
  ],
  "cmd/pulumi/cmd/cmd.go": [[API_ERRORS, "\n"]],
  "cmd/pulumi/cmd/exit_codes.go": [[API_ERRORS, "\n"]],
  "cmd/pulumi/config/config.go": [[/\n\tcmd\.AddCommand\(newConfigEnvCmd.*/, ""]],
  "cmd/pulumi/config/config_env.go": [
    [/\n\ntype configEnvCmd [^]+/, "\n"],
    [/\nfunc newConfigEnvCmd[^]*?\n\}\n/, ""],
  ],
  // A preview writes such a file.
  "cmd/pulumi/operations/import.go": [
    [/\nfunc [^]*?(?=\ntype importSpec )/, ""],
    [/\nfunc parseImportFile[^]+/, ""],
  ],
  "cmd/pulumi/operations/up.go": [
    [
      /(?<=\n\tupTemplateNameOrURL := [^]*?\) error \{)[^]*?(?=\n\t\}\n)/,
      '\n\t\treturn errors.New("this build has no templates")',
    ],
  ],
  // What `--config` of an `up` is read and stored with.
  "cmd/pulumi/project/newcmd/config.go": [
    [/\n\t".*\/resource\/stack"/, ""],
    [/\n\/\/ HandleConfig [^]*?(?=\n\/\/ ParseConfig )/, ""],
  ],
};

/**
 * Folders of whose own files only these are needed.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const KEPT = {
  "cmd/esc/cli": ["prepare.go", "environ.go", "fs.go"],
  "cmd/pulumi/config": ["config.go", "config_env.go", "io.go"],
  "cmd/pulumi/operations": ["destroy.go", "import.go", "io.go", "preview.go", "refresh.go", "up.go"],
  "cmd/pulumi/project/newcmd": ["config.go"],
};

/** @param {string} words */
function oneOf(words) {
  return words.replaceAll(" ", "|");
}

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
 * A go.mod for `go build -modfile`, with the CLI's module replaced by a copy without all that.
 * @param {string} go
 * @param {NodeJS.ProcessEnv} env
 * @param {string} folder an empty one, for both
 */
export async function modfileOfSmallerCli(go, env, folder) {
  const original = await folderOf(go, env);
  const copy = join(folder, "pkg");
  // What the module cache has is read-only.
  await succeed(["cp", "-r", "--no-preserve=mode", original, copy], {});
  for (const [at, kept] of Object.entries(KEPT)) {
    for (const entry of await readdir(join(copy, at), { withFileTypes: true }))
      if (entry.isFile() && !kept.includes(entry.name)) await rm(join(copy, at, entry.name));
  }
  for (const [path, edits] of Object.entries(EDITS)) {
    const file = join(copy, path);
    await writeFile(file, withoutUnusedImports(edit(await readFile(file, "utf8"), path, edits)));
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
 * Go compiles no file that imports what it does not use. What may be used stays: a package is taken to have its folder's name, or a part of it.
 * @param {string} text
 */
export function withoutUnusedImports(text) {
  const [, before, imports = "", after = ""] = /^([^]*?\nimport \(\n)([^]*?)(\n\)[^]*)$/.exec(text) ?? [];
  if (before === undefined) return text;
  const used = imports.split("\n").filter((line) => {
    const { alias, path } = /^\t(?:(?<alias>\w+) )?"(?<path>.+)"/.exec(line)?.groups ?? {};
    if (path === undefined || alias === "_") return true;
    const folder = path.replace(/\/v\d+$/, "").replace(/^.*\//, "");
    const names = alias === undefined ? [folder, ...folder.split(/[-.]/)] : [alias];
    return names.some((name) => new RegExp(`\\b${name}\\.`).test(after));
  });
  return before + used.join("\n") + after;
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
