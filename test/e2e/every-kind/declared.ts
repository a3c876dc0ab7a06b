import type * as runtime from "../../../provider/runtime.ts";
import type { HostName } from "../../../tools/lab/index.ts";

/** A resource of the program, and the arguments that change later on. */
export interface Declared {
  readonly kind: keyof typeof runtime;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>> & { readonly host: HostName };
  /** What its arguments become. A kind is changed in place at least once. */
  readonly after?: Readonly<Record<string, unknown>>;
  /** Names of those that come first. */
  readonly needs?: readonly string[];
}

export const VIP = "192.168.4.5";
