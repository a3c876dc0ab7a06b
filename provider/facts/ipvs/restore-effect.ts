import type { RuleTarget } from "./rule-target";

/** What `ipvsadm --restore` does with one line of its input. */
export type RestoreLine =
  | { readonly does: "nothing" }
  | { readonly does: "add" | "edit" | "delete"; readonly target: RuleTarget }
  /** Empties the table. */
  | { readonly does: "clear" }
  /** It prints an error and reads on. */
  | { readonly does: "skip"; readonly problem: string }
  /** It prints an error and ends: what follows in the file is not loaded. */
  | { readonly does: "stop"; readonly problem: string }
  /** It depends on the version of ipvsadm, or on the order in which a resolver answers. */
  | { readonly does: "unsure"; readonly problem: string; readonly targets: readonly RuleTarget[] };
