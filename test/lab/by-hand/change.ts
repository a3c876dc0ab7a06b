import type { ResourceName } from "./declared.ts";

/** Something that an operator or a tool types on a host. */
export interface Change {
  /** Shell. It fails where it changes nothing. */
  readonly typed: string;
  /** The resource that it changes, or beside which it changes something. */
  readonly at: ResourceName;
  /**
   * What the next refresh has to show: by resource, fields that differ. Absent: it is none of our business, so that no resource shows
   * anything, and all of it stays.
   */
  readonly shown?: Partial<Readonly<Record<ResourceName, readonly string[]>>>;
  /** Who may show something too: a line that cannot be read keeps those behind it from being loaded, or all of the file. */
  readonly also?: readonly ResourceName[];
  /** Of something foreign: how the operator takes it back. */
  readonly back?: string;
  /** Files whose text means the same afterwards, or which the operator rewrote as a whole: they are put back after the round. */
  readonly files?: readonly string[];
  /** Of another spelling: whose repair writes that text anew, as ours. */
  readonly writers?: readonly ResourceName[];
  /** Two changes of one spot, or of a part of it, are not made in one round: `rules` and `rules/web`. */
  readonly spot?: string;
}

export type Sort = "managed" | "cosmetic" | "foreign";

export function sortOf({ shown, back }: Change): Sort {
  if (shown !== undefined) return "managed";
  return back === undefined ? "cosmetic" : "foreign";
}

export function meet(one: Change, other: Change): boolean {
  const [a, b] = [`${spotOf(one)}/`, `${spotOf(other)}/`];
  return a.startsWith(b) || b.startsWith(a) || sharesFile(one, other) || sharesFile(other, one);
}

function spotOf({ spot, typed }: Change): string {
  return spot ?? typed;
}

/** What is put back as a whole afterwards bears no other change beside it. */
function sharesFile({ files = [] }: Change, { files: others = [], typed, spot = "" }: Change): boolean {
  return files.some((file) => others.includes(file) || typed.includes(file) || spot.startsWith(file));
}
