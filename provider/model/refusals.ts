/** Why one input is refused. */
export interface Refusal {
  readonly path: readonly string[];
  readonly message: string;
}

/** Collects all refusals of one record, so that a user sees them together and not one after each other. */
export class Refusals {
  readonly #all: Refusal[] = [];

  add(path: readonly string[], message: string): void {
    this.#all.push({ path, message });
  }

  /** Calls `read`; an error that it throws becomes a refusal. */
  attempt<T>(path: readonly string[], read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.add(path, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  get none(): boolean {
    return this.#all.length === 0;
  }

  /** The refusals as issues of zod. */
  get issues() {
    return this.#all.map(({ path, message }) => ({
      code: "custom" as const,
      path: [...path],
      message,
      input: undefined,
    }));
  }
}
