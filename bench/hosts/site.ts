import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Front, type Manner, openFront } from "./front.ts";
import { makePlace, type Place } from "./namespaces.ts";
import { findSshd } from "./sshd.ts";

/** Many hosts on this machine, each with a real sshd. */
export interface Site {
  readonly hosts: readonly SiteHost[];
  /** As `lvs:hosts` has them. */
  readonly connections: Readonly<Record<string, object>>;
  /** `ssh -F` of it knows the hosts by their names. */
  readonly sshConfig: string;
  readonly remove: () => void;
}

export interface SiteHost extends Front {
  readonly name: string;
  /** Runs shell text on it, as root, and gives what it prints. */
  readonly sh: (text: string) => Promise<string>;
  readonly spent: Place["spent"];
  /** How many processes were started there since the last time. */
  readonly started: () => Promise<number>;
}

export async function makeSite(count: number, manner: (index: number) => Manner): Promise<Site> {
  if (process.getuid?.() !== 0) throw new Error("The bench of many hosts needs root");
  const folder = mkdtempSync(join(tmpdir(), "pulumi-lvs-site-"));
  const sshd = findSshd(folder);
  for (const key of ["host", "client"])
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, key)]);
  writeFileSync(join(folder, "sshd"), sshdConfig(folder) + sshd.config);
  const hosts: SiteHost[] = [];
  const places: Place[] = [];
  for (let index = 0; index < count; index++) {
    const name = `h${index}`;
    const place = await makePlace(folder, name);
    places.push(place);
    const front = await openFront(place, [...sshd.command, "-i", "-f", join(folder, "sshd")], manner(index));
    const sh = (text: string) => runIn(place, text);
    hosts.push({ ...front, name, sh, spent: place.spent, started: startedBy(sh) });
  }
  const sshConfig = join(folder, "ssh");
  writeFileSync(sshConfig, hosts.map(({ name, port }) => sshStanza(folder, name, port)).join(""));
  const [type, key] = readFileSync(join(folder, "host.pub"), "utf8").split(" ");
  const like = { host: "127.0.0.1", user: "root", hostKey: `${type} ${key}`, privateKeyPath: join(folder, "client") };
  return {
    hosts,
    connections: Object.fromEntries(hosts.map(({ name, port }) => [name, { ...like, port }])),
    sshConfig,
    remove: () => {
      for (const { close } of hosts) close();
      for (const place of places) place.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const sshdConfig = (folder: string) => `HostKey ${folder}/host
AuthorizedKeysFile ${folder}/client.pub
StrictModes no
UsePAM no
PidFile none
LoginGraceTime 600
`;

const sshStanza = (folder: string, name: string, port: number) => `Host ${name}
  HostName 127.0.0.1
  Port ${port}
  User root
  IdentityFile ${folder}/client
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
  LogLevel ERROR
`;

async function runIn({ inside }: Place, text: string): Promise<string> {
  const [program, ...words] = inside("sh", "-euc", text);
  return (await promisify(execFile)(program, words)).stdout;
}

/** The host numbers its processes itself, one after another. */
function startedBy(sh: SiteHost["sh"]): SiteHost["started"] {
  let last = 0;
  return async () => {
    const now = Number(await sh("echo $$"));
    const started = now - last - 1;
    last = now;
    return started;
  };
}
