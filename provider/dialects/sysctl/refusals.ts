import { UserError } from "../../errors";
import type { Files } from "../../facts/files/lines";
import { SYSCTL_UNITS } from "../../facts/sysctl/values";
import type { Claim, Setting } from "../../model/sysctl/setting";
import { ledgerEntries } from "./ledger";
import { refuseOverruled } from "./overruling";
import type { SysctlSeen } from "./restore";

/**
 * Throws where a setting is missing, needed otherwise by another resource, or lost at boot.
 *
 * @param coming devices that earlier steps make, which have no settings yet.
 */
export function refuseClaim(claim: Claim, seen: SysctlSeen, coming: readonly string[]): void {
  for (const setting of claim.settings) refuse(setting, claim, seen, coming);
  refuseMask(claim, seen);
}

/** The unit that is masked, so that no file is read at boot: an empty file, or a link to /dev/null. */
export function maskOf(files: Files): string | undefined {
  return SYSCTL_UNITS.find((path) => files.get(path)?.length === 0);
}

/** The device whose setting it is. In a key, a dot of its name is a slash. */
export function deviceOf(key: string): string | undefined {
  const [, device] = /^net\.ipv[46]\.conf\.([^.]+)\./.exec(key) ?? [];
  return device?.replaceAll("/", ".");
}

function refuse(
  { key, value, since }: Setting,
  { owner, boot }: Claim,
  seen: SysctlSeen,
  coming: readonly string[],
): void {
  if (!seen.values.has(key)) refuseMissing({ key, since }, seen, coming);
  const entry = ledgerEntries(seen.files).find((one) => one.key === key);
  const rival = entry?.owners.find(({ name }) => name !== owner);
  if (entry !== undefined && rival !== undefined && entry.desired !== String(value)) {
    throw new UserError(
      `${key} cannot be ${value}: ${rival.name} needs ${entry.desired} on this host. Give both the same value`,
    );
  }
  if (boot) refuseOverruled(seen, key, String(value));
}

function refuseMask({ boot, settings }: Claim, { files }: SysctlSeen): void {
  const mask = maskOf(files);
  if (!boot || settings.length === 0 || mask === undefined) return;
  throw new UserError(
    `${mask} masks the unit that sets kernel settings at boot. Run "systemctl unmask systemd-sysctl", or set "boot: false"`,
  );
}

function refuseMissing(
  { key, since }: { readonly key: string; readonly since: string | undefined },
  { addresses }: SysctlSeen,
  coming: readonly string[],
): void {
  const name = deviceOf(key);
  const age = since === undefined ? "" : `, which Linux has since ${since}`;
  if (name === undefined) throw new UserError(`the kernel of this host has no setting ${key}${age}`);
  if (coming.includes(name)) return;
  throw new UserError(
    `this host has no setting ${key}: it has no device ${name}, only ${addresses.devices.join(", ")}`,
  );
}
