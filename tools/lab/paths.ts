import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where images are kept from one run to the next, and running labs have their folders. */
export function cacheFolder(): string {
  const { PULUMI_LVS_CACHE: own, XDG_CACHE_HOME: users } = process.env;
  if (own !== undefined && own !== "") return resolve(own);
  return join(users !== undefined && users !== "" ? users : join(homedir(), ".cache"), "pulumi-lvs");
}

export function labFolder(name: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,30}$/.test(name)) {
    throw new Error(`A lab's name is 1 to 31 of a-z, 0-9 and "-", got ${JSON.stringify(name)}`);
  }
  const folder = join(labsFolder(), name);
  if (folder.length > 90)
    throw new Error(`Unix sockets have short paths. Set PULUMI_LVS_CACHE to a shorter one than ${folder}`);
  return folder;
}

/** Made on demand, for the user alone: the folders below hold private keys. */
export function labsFolder(): string {
  const folder = join(cacheFolder(), "labs");
  // The lab has a /dev/shm of its own, which hides this machine's.
  if (folder.startsWith("/dev/shm/")) throw new Error(`The lab cannot be kept below /dev/shm: ${folder}`);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

export function imagesFolder(): string {
  const folder = join(cacheFolder(), "images");
  mkdirSync(folder, { recursive: true });
  return folder;
}
