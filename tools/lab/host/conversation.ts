import { createInterface } from "node:readline";
import type { Running, Shell } from "./shell.ts";

/** A program on a guest that reads wishes and answers each of them: a line of JSON, both ways. nfs-common brought python3 along. */
export class Conversation {
  readonly #running: Running;
  readonly #answers: AsyncIterator<string>;

  private constructor(running: Running) {
    this.#running = running;
    this.#answers = createInterface({ input: running.channel })[Symbol.asyncIterator]();
  }

  static async start(shell: Shell, program: string, words = ""): Promise<Conversation> {
    const running = await shell.open(`exec python3 -u -c '${program}' ${words}`, 900_000);
    running.output.catch(() => undefined);
    return new Conversation(running);
  }

  async tell(wish: object): Promise<unknown> {
    this.#running.channel.write(`${JSON.stringify(wish)}\n`);
    const answer = await this.#answers.next();
    if (answer.done === true) throw new Error(`the program is gone: ${(await this.#running.output).stderr}`);
    return JSON.parse(answer.value);
  }

  async end(): Promise<void> {
    this.#running.channel.end();
    await this.#running.output;
  }
}
