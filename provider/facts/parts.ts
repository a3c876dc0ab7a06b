import { z } from "zod";
import { ownValue } from "../model/own-value";
import { type OriginalState, originalOf } from "./files/original-state";

/** `begun`: what a run was about to make, and has not said since that it did. It is ours where the host has it in these lines, and no others. */
const OWN = z.object({
  ours: z.array(z.string()),
  begun: z.record(z.string(), z.array(z.string())).optional(),
  /** Who has all of the object has what it does not name as well. */
  whole: z.literal(true).optional(),
});
/** By resource. */
export const OWNERS_OF_PARTS = z.record(z.string(), OWN);

export type OwnParts = z.output<typeof OWN>;

/** The resources that have this part of an object. */
export function ownersOfPart(record: OriginalState, kind: string, key: string, part: string): readonly string[] {
  const owners = originalOf(record, recordKind(kind), key, OWNERS_OF_PARTS) ?? {};
  return Object.keys(owners).filter((name) => namesOf(ownValue(owners, name)).includes(part));
}

/** The kind of such a record. */
export function recordKind(kind: string): string {
  return `${kind} parts`;
}

/** All that may be of this one. */
export function namesOf(own: OwnParts | undefined): readonly string[] {
  return own === undefined ? [] : [...own.ours, ...Object.keys(own.begun ?? {})];
}
