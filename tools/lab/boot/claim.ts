import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask } from "../host/control.ts";
import { labFolder, labsFolder } from "../paths.ts";
import { file } from "../plan.ts";

/** The lab's folder, made by whoever comes first. What dead labs left is cleared away. */
export async function claim(name: string): Promise<string> {
  const folder = labFolder(name);
  await sweep();
  // Never seen without its holder: a folder is taken by renaming, which fails where there is one with something in it.
  const mine = mkdtempSync(join(labsFolder(), unfinished));
  holdBy(mine, process.pid);
  try {
    renameSync(mine, folder);
  } catch (error) {
    rmSync(mine, { recursive: true, force: true });
    if (existsSync(folder)) throw new Error(`The lab ${name} is running already: npm run lab -- --name ${name} down`);
    throw error;
  }
  return folder;
}

/** Which process the lab lives and dies with. */
export function holdBy(folder: string, pid: number): void {
  const next = join(folder, `${file.pid}.new`);
  writeFileSync(next, String(pid));
  renameSync(next, join(folder, file.pid));
}

/** The process that holds the lab's namespaces; while it starts, the one that starts it. */
export function holder(folder: string): number | undefined {
  const path = join(folder, file.pid);
  const pid = existsSync(path) ? Number.parseInt(readFileSync(path, "utf8"), 10) : Number.NaN;
  return Number.isNaN(pid) ? undefined : pid;
}

export const processExists = (pid: number | undefined): boolean => pid !== undefined && existsSync(`/proc/${pid}`);

/** Answers, or has a process that is still starting it. */
export async function isRunning(folder: string): Promise<boolean> {
  try {
    await ask(folder, { do: "status" });
    return true;
  } catch {
    return processExists(holder(folder));
  }
}

/** mkdtemp's folders have no holder for a moment, and are nobody's if that moment was the last. */
const unfinished = ".new-";

async function sweep(): Promise<void> {
  for (const entry of readdirSync(labsFolder())) {
    const folder = join(labsFolder(), entry);
    if (!entry.startsWith(unfinished) && !(await isRunning(folder))) rmSync(folder, { recursive: true, force: true });
  }
}
