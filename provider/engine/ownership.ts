/** Keys that the provider processes of one run tell each other. */
export interface SharedKeys {
  readonly add: (keys: readonly string[]) => void;
  readonly has: (key: string) => boolean;
}

/**
 * Objects owned by this run, by kind, host and key. Pulumi deletes a replaced or renamed resource last; that delete must not remove
 * an object that its successor owns, even when it was left over from an interrupted run.
 */
export class OwnedObjects {
  readonly #declared = new Set<string>();
  readonly #owned = new Set<string>();

  constructor(private readonly shared?: SharedKeys) {}

  /** Declared by the program. Not yet owned: `destroy --run-program` declares it too. */
  declare(keys: readonly string[]): void {
    for (const key of keys) this.#declared.add(key);
  }

  /** Found unchanged in this run: owned, if the program declares it. */
  confirm(keys: readonly string[]): void {
    this.claim(keys.filter((key) => this.#declared.has(key)));
  }

  /** Created or updated in this run. */
  claim(keys: readonly string[]): void {
    for (const key of keys) this.#owned.add(key);
  }

  /** Claims, for the other provider processes too: when a provider is replaced, the old one does its deletes. */
  publish(keys: readonly string[]): void {
    this.claim(keys);
    this.shared?.add(keys);
  }

  owns(key: string): boolean {
    return this.#owned.has(key) || this.shared?.has(key) === true;
  }
}
