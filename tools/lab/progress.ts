/** Says what is being done, to whoever waits. */
export type Progress = (line: string) => void;

/** Lines with the seconds since the start, on standard error, which test runners leave alone. */
export function timedProgress(): Progress {
  const start = performance.now();
  return (line) => {
    const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
    process.stderr.write(`${seconds} s  ${line}\n`);
  };
}
