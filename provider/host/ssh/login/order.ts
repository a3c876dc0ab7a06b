import type { AnyAuthMethod } from "ssh2";
import type { Login } from "./key";

/**
 * The next way to log in, by what the server said last that can go on: `AuthenticationMethods password,publickey` of sshd wants them in
 * its own order. One that was tried while the server did not take its kind, or that was half of what it wants, is not used up.
 */
export class LoginOrder {
  readonly #most: number;
  #left: readonly Login[];
  #last: Login | undefined;
  #accepted: readonly string[] | undefined;
  #attempts = 0;
  #isPartial = false;

  constructor(ways: readonly Login[]) {
    this.#left = ways;
    this.#most = 2 * ways.length;
  }

  /** A line that ssh2 says for debugging. It tells nobody else what is left to do after the key of an agent. */
  hear(line: string): void {
    const [, methods] = /^Inbound: Received USERAUTH_FAILURE \(([^)]*)\)/.exec(line) ?? [];
    if (methods === undefined) return;
    this.#accepted = methods.split(",");
    const last = this.#last;
    if (last !== undefined && this.#accepted.includes(kindOf(last)))
      this.#left = this.#left.filter((way) => way !== last);
  }

  /** What the server said that it takes. */
  get accepted(): readonly string[] | undefined {
    return this.#accepted;
  }

  /** Whether it took something, and wants more. */
  get isPartial(): boolean {
    return this.#isPartial;
  }

  next(isPartial: boolean): AnyAuthMethod | undefined {
    this.#isPartial ||= isPartial;
    const accepted = this.#accepted;
    const way = this.#left.find((one) => one.method !== undefined && (accepted?.includes(kindOf(one)) ?? true));
    this.#last = way;
    this.#attempts += 1;
    return this.#attempts > this.#most ? undefined : way?.method;
  }
}

/** As the protocol calls it. Empty: it cannot be used. */
export function kindOf({ method }: Login): string {
  return method?.type === "agent" ? "publickey" : (method?.type ?? "");
}
