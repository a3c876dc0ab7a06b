/** Tells what the demo does, and what it proves. */
export class Narrator {
  readonly #start = performance.now();
  #proofs = 0;

  /** A part of the story. */
  scene(title: string): void {
    const seconds = ((performance.now() - this.#start) / 1000).toFixed(0);
    console.log(`\n--- ${title} [${seconds} s]`);
  }

  say(text: string): void {
    console.log(indent(text));
  }

  /** What was claimed is so, or the demo ends here. */
  prove(claim: string, holds: boolean, seen: unknown): void {
    if (!holds) throw new Error(`not so: ${claim}. Seen: ${JSON.stringify(seen)}`);
    this.#proofs += 1;
    console.log(`  proved: ${claim}`);
  }

  end(): void {
    const seconds = ((performance.now() - this.#start) / 1000).toFixed(0);
    console.log(`\n${this.#proofs} things proved in ${seconds} s.`);
  }
}

function indent(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, "  | ");
}
