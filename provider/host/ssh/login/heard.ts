/** What a host says before a login is made, and an error may need. */
export class Heard {
  #banner = "";
  readonly #offers = new Map<string, string>();

  /** A line that ssh2 says for debugging. It tells nobody else what the host can do. */
  add(line: string): void {
    const [, what, list] = /^Handshake: \(remote\) ([\w>-]+ [\w ]+): (.*)$/.exec(line) ?? [];
    if (what !== undefined && list !== undefined) this.#offers.set(what, list);
  }

  addBanner(text: string): void {
    this.#banner = `${this.#banner}${text}`.slice(0, MOST);
  }

  /** A notice for those who log in, or why nobody may. */
  get banner(): readonly string[] {
    return this.#banner
      .split("\n")
      .map((line) => line.trimEnd())
      .filter((line) => line !== "")
      .slice(0, MOST_LINES);
  }

  /** The algorithms of a sort that the host knows: `C->S MAC`, as ssh2 calls it. */
  offers(what: string): string | undefined {
    return this.#offers.get(what);
  }
}

const [MOST, MOST_LINES] = [2000, 10];
