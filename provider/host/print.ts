import { printable } from "../printable";

/** Shows a line to the operator: the engine prints each line of the provider's standard output during the operation. */
export function print(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}
