import { type BootFile, isMarked } from "../../dialects/network/boot-file";
import {
  chooseDialect,
  declarationsOf,
  findDialect,
  maskProblem,
  networkDialects,
} from "../../dialects/network/choose";
import { contradiction } from "../../dialects/network/declaration";
import type { NetworkDialect } from "../../dialects/network/dialect";
import { removeFile } from "../../dialects/network/forget";
import { UserError } from "../../errors";
import { linesAt, type NetworkConfig } from "../../facts/network/managers";
import { splitPrefix } from "../../model/network/interface-address";
import type { NetworkManagerName } from "../../model/network/manager-name";
import type { Vip } from "../../model/network/vip";
import type { FileStep, Step } from "../../step";
import type { WantedVip } from "./schema";

/** Whether the next boot brings up exactly this VIP, as far as the files of the responsible manager show. */
export function isPersisted(vip: Vip, config: NetworkConfig, requested: NetworkManagerName | undefined): boolean {
  const dialect = findDialect(config, vip.device, requested);
  const needed = dialect === undefined ? undefined : neededFiles(vip, config, dialect);
  if (dialect === undefined || !Array.isArray(needed)) return false;
  return needed.every((file) => isCurrent(file, config)) && removeStale(vip, config, dialect, needed).length === 0;
}

/** Whether a line of the host's own brings something else up for this IP. Nobody asks about a VIP that is not to outlast a boot. */
export function isContradicted(vip: Vip, config: NetworkConfig): boolean {
  return vip.boot && contradiction(labelled(vip), declarationsOf(vip, config)) !== undefined;
}

/** Whether the address has its label after a boot. */
export function keepsLabel(vip: WantedVip, config: NetworkConfig): boolean {
  const dialect = findDialect(config, vip.device, vip.networkManager);
  return !vip.boot || dialect?.keepsLabel === undefined || dialect.keepsLabel(vip, config);
}

/** Writes the files of the responsible manager, and removes those that earlier runs wrote under another name, or for another manager. */
export function persist(vip: WantedVip, config: NetworkConfig): Step[] {
  const dialect = chooseDialect(config, vip.device, vip.networkManager);
  const needed = neededFiles(vip, config, dialect);
  if (!Array.isArray(needed)) throw new UserError(needed.reason);
  const outdated = needed.filter((file) => !isCurrent(file, config));
  return [
    ...outdated.map(writeFile),
    ...removeStale(vip, config, dialect, needed),
    ...(outdated.length > 0 ? (dialect.stepsAfterWrite?.(vip, config) ?? []) : []),
  ];
}

/**
 * The files that we have to write, or why we cannot. None where the host's own configuration brings up the same: it was there before us,
 * and a second declaration would fail at boot. We never change or remove that.
 */
function neededFiles(
  vip: Vip,
  config: NetworkConfig,
  dialect: NetworkDialect,
): BootFile[] | { readonly reason: string } {
  const declared = vip.boot ? declarationsOf(vip, config) : [];
  const reason = contradiction(labelled(vip), declared);
  if (reason !== undefined) return { reason };
  if (declared.length > 0) return [];
  const blocked = maskProblem(dialect, config) ?? dialect.blockedBy(vip, config);
  return blocked === undefined ? [...dialect.files(vip, config)] : { reason: blocked };
}

/** The host's own lines have the device's name where there is no label. */
function labelled(vip: Vip): Vip {
  return splitPrefix(vip.address).family === "ipv6" ? vip : { ...vip, label: vip.label ?? vip.device };
}

function writeFile({ path, text, isForOther, edit: editsFile, mode }: BootFile): FileStep {
  const withMode = mode !== undefined && { mode };
  if (editsFile) return { file: path, edit: editsFile, summary: text, ...withMode };
  // Another VIP of this run may have written the same file first. Its text stays, and the next pass refuses ours.
  const edit = (old: string | undefined) => (old !== undefined && isForOther?.(old.split("\n")) ? old : text);
  return { file: path, edit, summary: text.trimEnd().replaceAll("\n", "; "), ...withMode };
}

function isCurrent({ path, matches }: BootFile, config: NetworkConfig): boolean {
  const lines = linesAt(config, path);
  return lines !== undefined && matches(lines);
}

/**
 * Of another manager only what has our mark, or is ours by its name: a file of the operator's is adopted where its manager is chosen. With its
 * last VIP go its files for the interface.
 */
function removeStale(vip: Vip, config: NetworkConfig, chosen: NetworkDialect, needed: readonly BootFile[]): Step[] {
  const isNeeded = (path: string) => needed.some((file) => file.path === path);
  return networkDialects.flatMap((dialect) => {
    const files = dialect.filesFor(vip, config).filter((path) => !isNeeded(path));
    if (dialect === chosen) return files.flatMap(removeFile);
    const others = dialect.removeFrom?.(vip, config) ?? [];
    const isBackend = others.some((step) => "file" in step && isNeeded(step.file));
    const marked = files.filter((path) => isMarked(linesAt(config, path) ?? []));
    const rest = { ...config, files: new Map([...config.files].filter(([path]) => !marked.includes(path))) };
    const unused = dialect.unusedFiles(vip.device, rest).filter((path) => !isNeeded(path));
    return [...[...marked, ...unused].flatMap(removeFile), ...(isBackend ? [] : others)];
  });
}
