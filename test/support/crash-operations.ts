import type { Life } from "./crash-points.ts";

/** What can be cut: from one state of a resource to another. Undefined: there is none. */
export interface Operation {
  readonly name: "create" | "adopt" | "update" | "delete";
  readonly from: object | undefined;
  readonly to: object | undefined;
}

/** What an operator does after a cut. */
export type Continuation =
  | "again"
  | "refresh and again"
  | "delete"
  | "refresh and delete"
  | "delete of a lost state"
  | "back"
  | "refresh and back";

/** A create, an update to all other arguments and back again, a delete, and an adoption of what was made by hand. */
export function operationsOf({ args, others = [], byHand }: Life): readonly Operation[] {
  return [
    { name: "create", from: undefined, to: args },
    ...others.flatMap((other): Operation[] => [
      { name: "update", from: args, to: other },
      { name: "update", from: other, to: args },
    ]),
    { name: "delete", from: args, to: undefined },
    ...(byHand === undefined ? [] : [{ name: "adopt", from: undefined, to: args } as const]),
  ];
}

/** `back`: the program has its old text again. */
export function continuationsOf({ isKnownByState }: Life, { name }: Operation): readonly Continuation[] {
  return [
    "again",
    "refresh and again",
    "delete",
    "refresh and delete",
    ...(isKnownByState === true && name === "update" ? [] : (["delete of a lost state"] as const)),
    ...(name === "update" ? (["back", "refresh and back"] as const) : []),
    // Without a refresh, the engine takes a resource whose delete failed for what it was.
    ...(name === "delete" ? (["refresh and back"] as const) : []),
  ];
}
