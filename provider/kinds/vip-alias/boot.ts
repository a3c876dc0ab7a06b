import { chooseNetwork, findNetwork, networkDialects } from "../../dialects/network/choose";
import type { BootFile } from "../../dialects/network/dialect";
import { UserError } from "../../errors";
import { type Network, textOf } from "../../facts/network/managers";
import type { NetworkName } from "../../model/network/manager-name";
import type { Vip } from "../../model/network/vip";
import type { FileStep, Step } from "../../step";
import type { WantedVip } from "./schema";

/** Whether the next boot brings exactly this up. Asked of the manager in charge alone; what others would do is not known. */
export function isPersisted(vip: Vip, network: Network, named: NetworkName | undefined): boolean {
  const dialect = findNetwork(network, vip.device, named);
  if (dialect === undefined || dialect.blockedBy(vip, network) !== undefined) return false;
  const files = dialect.files(vip, network);
  return files.every((file) => isRight(file, network)) && stale(dialect.filesFor(vip, network), files).length === 0;
}

/** Whether any manager has a file for this VIP, right or wrong. */
export function hasBootConfig(vip: Vip, network: Network): boolean {
  return networkDialects.some(
    ({ filesFor: holds, removeFrom: withdraw }) =>
      holds(vip, network).length > 0 || (withdraw?.(vip, network) ?? []).length > 0,
  );
}

/** Whether the manager in charge puts the label back at boot. */
export function keepsLabel(vip: WantedVip, network: Network): boolean {
  const dialect = findNetwork(network, vip.device, vip.networkManager);
  return !vip.boot || dialect?.keepsLabel === undefined || dialect.keepsLabel(vip, network);
}

/** Writes what the manager in charge needs, and removes what earlier runs wrote under another name. */
export function persist(vip: WantedVip, network: Network): Step[] {
  const dialect = chooseNetwork(network, vip.device, vip.networkManager);
  const obstacle = dialect.blockedBy(vip, network);
  if (obstacle !== undefined) throw new UserError(obstacle);
  const files = dialect.files(vip, network);
  const wrong = files.filter((file) => !isRight(file, network));
  return [
    ...wrong.map(write),
    ...stale(dialect.filesFor(vip, network), files).flatMap(remove),
    ...(wrong.length > 0 ? (dialect.after?.(vip, network) ?? []) : []),
  ];
}

/** Removes what keeps the VIP across a reboot, whichever manager it was for. */
export function unpersist(vip: Vip, network: Network): Step[] {
  return networkDialects.flatMap(({ filesFor: holds, removeFrom: withdraw }) => [
    ...holds(vip, network).flatMap(remove),
    ...(withdraw?.(vip, network) ?? []),
  ]);
}

/** Files of ours that carry VIPs on an interface and carry none any more. */
export function unusedFiles(device: string, network: Network): readonly string[] {
  return networkDialects.flatMap((dialect) => dialect.unusedFiles(device, network));
}

/** And the directory of drop-ins, which means nothing when it is empty. */
export function remove(path: string): Step[] {
  const folder = path.slice(0, path.lastIndexOf("/"));
  const file: FileStep = { file: path, edit: () => undefined, summary: "remove it" };
  return folder.endsWith(".network.d") ? [file, { command: { sh: RMDIR, args: [folder] }, once: true }] : [file];
}

const RMDIR = '[ ! -d "$1" ] || rmdir --ignore-fail-on-non-empty -- "$1"';

function write({ path, text, foreign, edit: edits, mode }: BootFile): FileStep {
  if (edits) return { file: path, edit: edits, summary: text, ...(mode !== undefined && { mode }) };
  // Another VIP of the same run may have come first with the same label. Its file stays, and ours is told at the second try.
  const edit = (before: string | undefined) => (before !== undefined && foreign?.(before.split("\n")) ? before : text);
  return { file: path, edit, summary: text.trimEnd().replaceAll("\n", "; "), ...(mode !== undefined && { mode }) };
}

function isRight({ path, matches }: BootFile, network: Network): boolean {
  const lines = textOf(network, path);
  return lines !== undefined && matches(lines);
}

function stale(held: readonly string[], files: readonly BootFile[]): string[] {
  return held.filter((path) => !files.some((file) => file.path === path));
}
