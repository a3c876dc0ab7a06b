import { chooseNetwork, findNetwork, networkDialects } from "../dialects/network/choose";
import type { BootFile } from "../dialects/network/dialect";
import { UserError } from "../errors";
import { type Network, textOf } from "../facts/network";
import type { NetworkName, Vip, WantedVip } from "../model/vip";
import type { FileStep } from "../step";

/** Whether the next boot brings exactly this up. Asked of the manager in charge alone; what others would do is not known. */
export function isKept(vip: Vip, network: Network, named: NetworkName | undefined): boolean {
  const dialect = findNetwork(network, named);
  if (dialect === undefined || dialect.obstacle(vip, network) !== undefined) return false;
  const files = dialect.files(vip);
  return files.every((file) => isRight(file, network)) && stale(dialect.holds(vip, network), files).length === 0;
}

/** Whether any manager has a file for this VIP, right or wrong. */
export function isWritten(vip: Vip, network: Network): boolean {
  return networkDialects.some(({ holds }) => holds(vip, network).length > 0);
}

/** Writes what the manager in charge needs, and removes what earlier runs wrote under another name. */
export function keep(vip: WantedVip, network: Network): FileStep[] {
  const dialect = chooseNetwork(network, vip.network);
  const obstacle = dialect.obstacle(vip, network);
  if (obstacle !== undefined) throw new UserError(obstacle);
  const files = dialect.files(vip);
  return [
    ...files.filter((file) => !isRight(file, network)).map(write),
    ...stale(dialect.holds(vip, network), files).map(remove),
  ];
}

/** Removes what keeps the VIP across a reboot, whichever manager it was for. */
export function forget(vip: Vip, network: Network): FileStep[] {
  return networkDialects.flatMap(({ holds }) => holds(vip, network)).map(remove);
}

/** Files of ours that carry VIPs on an interface and carry none any more. */
export function idle(device: string, network: Network): readonly string[] {
  return networkDialects.flatMap((dialect) => dialect.idle(device, network));
}

export function remove(path: string): FileStep {
  return { file: path, edit: () => undefined, says: "remove it" };
}

function write({ path, text, foreign }: BootFile): FileStep {
  // Another VIP of the same run may have come first with the same label. Its file stays, and ours is told at the second try.
  const edit = (before: string | undefined) => (before !== undefined && foreign?.(before.split("\n")) ? before : text);
  return { file: path, edit, says: text.trimEnd().replaceAll("\n", "; ") };
}

function isRight({ path, matches }: BootFile, network: Network): boolean {
  const lines = textOf(network, path);
  return lines !== undefined && matches(lines);
}

function stale(held: readonly string[], files: readonly BootFile[]): string[] {
  return held.filter((path) => !files.some((file) => file.path === path));
}
