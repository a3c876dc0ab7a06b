/** Set by jest.config.mjs when jest runs with --verbose. */
declare const VERBOSE: boolean;

const SECONDS = 300;

/**
 * One named part of a test. The name stands in front of the message of an error that leaves it, and in verbose output on a line of
 * its own. A step that takes longer than `seconds`, 300 by default, fails.
 */
export async function step<T>(name: string, work: () => T | Promise<T>, seconds = SECONDS): Promise<T> {
  const started = performance.now();
  try {
    const result = await inTime(name, work, seconds);
    report("passed", name, started);
    return result;
  } catch (error) {
    report("FAILED", name, started);
    throw error instanceof Error ? named(error, name) : error;
  }
}

async function inTime<T>(name: string, work: () => T | Promise<T>, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It did not finish in ${seconds} s.`)), seconds * 1000);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Jest prints the stack, which begins with the message. */
function named(error: Error, name: string): Error {
  const { message, stack = "" } = error;
  const text = `Step "${name}" failed.\n\n${message}`;
  error.message = text;
  error.stack = stack.includes(message) ? stack.replace(message, () => text) : `${error.name}: ${text}\n${stack}`;
  return error;
}

function report(outcome: "passed" | "FAILED", name: string, started: number): void {
  if (!VERBOSE) return;
  const { currentTestName = "", testPath = "" } = expect.getState();
  const file = testPath.slice(testPath.lastIndexOf("/") + 1);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stderr.write(`  ${outcome}: ${file}: ${currentTestName} › ${name} (${seconds} s)\n`);
}
