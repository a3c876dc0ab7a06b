/** A step that could not be done; the message is for the person at the terminal and needs no stack. */
export class StepFailed extends Error {}

/**
 * One step of making a machine ready. Does nothing and says nothing where it is done already.
 * @param {{ name: string, done: () => boolean | Promise<boolean>, work: () => Promise<string | void> }} step
 *   `work` may return a word on what it did.
 */
export async function step({ name, done, work }) {
  if (await done()) return;
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  try {
    const remark = await work();
    console.log(`${name}: ${remark === undefined ? "" : `${remark}, `}${seconds()}`);
  } catch (error) {
    if (error instanceof StepFailed) throw new StepFailed(`${name}: ${error.message} (after ${seconds()})`);
    throw error;
  }
}

/**
 * The end of what a program said, which is where it says what went wrong.
 * @param {string} output
 * @param {number} [lines]
 */
export const lastLines = (output, lines = 15) => output.trimEnd().split("\n").slice(-lines).join("\n");
