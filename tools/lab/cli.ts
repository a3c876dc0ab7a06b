import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isRunning } from "./boot/claim.ts";
import { disksOf } from "./disks.ts";
import { runPulumi } from "./example.ts";
import { ask } from "./host/control.ts";
import {
  diskOf,
  type HostName,
  hosts,
  isHostName,
  knownRelease,
  type Releases,
  releaseOf,
  usualHosts,
} from "./hosts.ts";
import { buildImages, type Disk, hasImage } from "./image/image.ts";
import { releaseNames } from "./image/releases.ts";
import { attachLab, bootLab, type Lab, startLab } from "./index.ts";
import { labFolder } from "./paths.ts";
import { file } from "./plan.ts";
import { timedProgress } from "./progress.ts";
import { pulumiConfig } from "./pulumi-config.ts";
import { versionsOf } from "./versions.ts";

const usage = `npm run lab -- [--name NAME] COMMAND

  up [--release RELEASE] [HOST...]
                        boot ${usualHosts.join(" ")}, or the hosts named (all: ${Object.keys(hosts).join(" ")})
                        of one release: ${releaseNames.join(" ")}
  down                  end the lab; nothing of it is left
  status                the hosts, their state and the ports of their sshd
  ssh HOST [COMMAND]    log in as root, or run a command
  reboot HOST           as an operator would
  power-cut HOST        pull the plug and put it back
  freeze | thaw HOST    stop the host in the middle of what it does, and let it go on
  cut | mend HOST       drop the SSH path to the host, and bring it back
  config                the hosts as a stack's configuration, for a Pulumi.<stack>.yaml
  pulumi EXAMPLE ...    run the Pulumi CLI on an example against these hosts: pulumi dr-web-cluster up
  versions              the versions of Debian and its packages on a host of a release
  disks [missing] [TEST FILE...]
                        build what hosts start from, which "up" does when it needs it; or list what is not built yet.
                        For test files: only what their hosts start from
`;

const commands: Readonly<Record<string, () => void | Promise<void>>> = {
  help: () => console.log(usage),
  up,
  down,
  status,
  ssh,
  reboot: async () => (await running()).host(oneHost()).reboot(),
  "power-cut": async () => (await running()).host(oneHost()).powerCut(),
  freeze: async () => (await running()).host(oneHost()).freeze(),
  thaw: async () => (await running()).host(oneHost()).thaw(),
  cut: async () => (await running()).host(oneHost()).cut(),
  mend: async () => (await running()).host(oneHost()).mend(),
  config: async () => {
    process.stdout.write(pulumiConfig(await running()));
  },
  pulumi,
  versions,
  disks,
};

const { values, positionals } = parseArgs({
  options: {
    name: { type: "string", default: "default" },
    release: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
  allowPositionals: true,
  // What follows "ssh HOST" is not ours.
  args: ownArguments(process.argv.slice(2)),
});
const name = values.name;
const [command = "help", ...rest] = positionals;

async function up(): Promise<void> {
  const wanted = rest.length === 0 ? usualHosts : rest.map(known);
  const hosts = [...new Set(wanted)];
  const { lab, leaveRunning } = await bootLab({ name, hosts, releases: asTold(hosts) });
  await leaveRunning();
  console.log(`ssh -F ${join(lab.folder, file.sshConfig)} ${wanted[0]}`);
}

async function down(): Promise<void> {
  if (await isRunning(folder())) await (await attachLab(name)).down();
  else if (existsSync(folder())) rmSync(folder(), { recursive: true, force: true });
  else console.log(`No lab ${name} is running.`);
}

async function status(): Promise<void> {
  const lab = await attachLab(name);
  const states = await ask(folder(), { do: "status" });
  for (const host of lab.hosts) {
    const { state, boots, cut } = states[host.name] ?? {};
    const addresses = Object.values(host.addresses).join(" ");
    const path = cut === null ? "" : `cut (${cut})`;
    console.log(
      `${host.name.padEnd(10)} ${host.release.padEnd(9)} ${String(state).padEnd(8)} boot ${boots}  port ${host.connection.port}  ${addresses}  ${path}`.trimEnd(),
    );
  }
  console.log(`ssh_config: ${join(folder(), file.sshConfig)}`);
}

async function ssh(): Promise<void> {
  await running();
  const [host = "", ...words] = rest;
  const config = join(folder(), file.sshConfig);
  const { status: code } = spawnSync("ssh", ["-F", config, known(host), ...words], { stdio: "inherit" });
  process.exit(code ?? 255);
}

async function pulumi(): Promise<void> {
  const [example = "", ...words] = rest;
  const lab = await running();
  process.exit(runPulumi(lab.folder, pulumiConfig(lab), example, words));
}

async function versions(): Promise<void> {
  const lab = await startLab({ hosts: ["nm1"], releases: asTold(["nm1"]) });
  console.log(JSON.stringify(await versionsOf(lab.host("nm1"))));
  await lab.down();
}

async function disks(): Promise<void> {
  const files = rest.filter((word) => word !== "missing");
  const needed = files.length === 0 ? disksOfAllHosts() : disksOf(files);
  if (rest[0] === "missing") process.stdout.write(needed.filter((disk) => !hasImage(disk)).join("\n"));
  else await buildImages(needed, timedProgress());
}

/** --release is that of all hosts. */
function asTold(names: readonly HostName[]): Releases {
  const { release } = values;
  return release === undefined ? {} : Object.fromEntries(names.map((host) => [host, knownRelease(release)]));
}

function disksOfAllHosts(): readonly Disk[] {
  const names = Object.keys(hosts).filter(isHostName);
  return [...new Set(names.map((host) => diskOf(host, releaseOf(host, asTold(names)))))];
}

function folder(): string {
  return labFolder(name);
}

function running(): Promise<Lab> {
  return attachLab(name);
}

function oneHost(): HostName {
  const [host = ""] = rest;
  return known(host);
}

function known(host: string): HostName {
  if (isHostName(host)) return host;
  throw new Error(`No host ${JSON.stringify(host)}. Hosts of the lab: ${Object.keys(hosts).join(", ")}`);
}

/** Everything after "ssh HOST" is the remote command, and after "pulumi EXAMPLE" the CLI's own, dashes and all. */
function ownArguments(args: readonly string[]): string[] {
  const at = args.findIndex((word) => word === "ssh" || word === "pulumi");
  return at === -1 ? [...args] : [...args.slice(0, at + 2), "--", ...args.slice(at + 2)];
}

try {
  const run = commands[values.help === true ? "help" : command];
  if (run === undefined) throw new Error(`No command ${command}.\n\n${usage}`);
  await run();
  process.exit();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
