import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where a stack is to be: the folder of the backend and that of the program, whose project and configuration are there already. */
export interface Place {
  readonly backend: string;
  readonly program: string;
  readonly name: string;
}

/** What `pulumi stack init` has written, each as it was. */
interface Kept {
  readonly meta: string;
  readonly state: string;
  readonly encryption: Encryption;
}

/** What a stack's configuration has beside its values: how secrets are encrypted. */
type Encryption = Readonly<Record<string, string>>;

export function encryptionIn(configuration: string): Encryption {
  const fields = configuration.matchAll(/\b(encryptionsalt|secretsprovider|encryptedkey)"?: *['"]?([^'"\s,}]+)/g);
  return Object.fromEntries([...fields].map(([, name = "", value = ""]) => [name, value]));
}

/**
 * Makes a stack by the CLI, and keeps what that wrote in `file` for the next ones: but for the names and a key it is the same each time, and
 * a run of the CLI takes 0.13 s of processor time.
 */
export async function newStack(place: Place, file: string, init: () => Promise<unknown>): Promise<void> {
  if (existsSync(file)) {
    copy(JSON.parse(readFileSync(file, "utf8")) as Kept, place);
    return;
  }
  await init();
  // Several begin at once: nobody may read half of it.
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify(whatIsThere(place)));
  try {
    linkSync(own, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  rmSync(own);
}

function whatIsThere({ backend, program, name }: Place): Kept {
  const pulumi = join(backend, ".pulumi");
  const [project = ""] = readdirSync(join(pulumi, "stacks"));
  const read = (...path: string[]) => readFileSync(join(...path), "utf8");
  const encryption = encryptionIn(read(program, `Pulumi.${name}.yaml`));
  return { meta: read(pulumi, "meta.yaml"), state: read(pulumi, "stacks", project, `${name}.json`), encryption };
}

function copy({ meta, state, encryption }: Kept, { backend, program, name }: Place): void {
  const [, project = ""] = /\bname"?: ?"?([\w-]+)/.exec(readFileSync(join(program, "Pulumi.yaml"), "utf8")) ?? [];
  const stacks = join(backend, ".pulumi", "stacks", project);
  mkdirSync(stacks, { recursive: true });
  writeFileSync(join(backend, ".pulumi", "meta.yaml"), meta);
  const named = state.replace(/"stack":"organization\/[^"]*"/, `"stack":"organization/${project}/${name}"`);
  writeFileSync(join(stacks, `${name}.json`), named);
  const configuration = join(program, `Pulumi.${name}.yaml`);
  const said = JSON.parse(readFileSync(configuration, "utf8")) as object;
  writeFileSync(configuration, JSON.stringify({ ...said, ...encryption }));
}
