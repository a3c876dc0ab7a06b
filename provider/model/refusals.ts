/** One thing that is wrong with what a user wrote, and where. */
export interface Refusal {
  readonly path: readonly string[];
  readonly message: string;
}

/** What is wrong with one record: everything at once, so that nobody has to find his mistakes one by one. */
export class Refusals {
  readonly #all: Refusal[] = [];

  add(path: readonly string[], message: string): void {
    this.#all.push({ path, message });
  }

  /** What a reader returns; what it throws becomes a refusal. */
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

  /** As zod wants them. */
  get issues() {
    return this.#all.map(({ path, message }) => ({
      code: "custom" as const,
      path: [...path],
      message,
      input: undefined,
    }));
  }
}
