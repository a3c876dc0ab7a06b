import type { Life } from "./crash-points.ts";

/** What can be cut: from one state of a resource to another. Undefined: there is none. */
export interface Operation {
  readonly name: "create" | "adopt" | "update" | "delete";
  readonly from: object | undefined;
  readonly to: object | undefined;
}

/** Where a refresh, a run of the program or a destroy follows. */
type Continuation =
  | "again"
  | "refresh and again"
  | "delete"
  | "refresh and delete"
  | "delete of a lost state"
  | "back"
  | "refresh and back"
  | "another and delete";

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

/** What an operator does after a cut. */
export interface Way {
  readonly continuation: Continuation;
  /** The provider was killed: the state did not hear of what it had begun, or even ended. */
  readonly isUnheard?: true;
  /** The program was changed before it runs again. */
  readonly another?: object;
}

/** First those after a connection that was lost, then those that differ where the provider was killed. `back`: the program has its old text. */
export function waysOf({ others = [] }: Life, { name }: Operation): readonly Way[] {
  const heard: readonly Continuation[] = [
    "again",
    "refresh and again",
    "delete",
    "refresh and delete",
    "delete of a lost state",
    ...(name === "update" ? (["back", "refresh and back"] as const) : []),
    // Without a refresh, the engine takes a resource whose delete failed for what it was.
    ...(name === "delete" ? (["refresh and back"] as const) : []),
  ];
  const unheard = ["again", "delete", "refresh and delete", "refresh and back"] as const;
  return [
    ...heard.map((continuation) => ({ continuation })),
    ...(name === "update" ? unheard.map((continuation) => ({ continuation, isUnheard: true }) as const) : []),
    ...(name === "create"
      ? others.map((another) => ({ continuation: "another and delete", isUnheard: true, another }) as const)
      : []),
  ];
}
