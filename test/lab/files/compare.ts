import type { LabHost } from "../../../tools/lab/host/host.ts";
import type { HostName } from "../../../tools/lab/hosts.ts";
import { differential, effort, type Format, type Texts } from "../../support/differential.ts";
import type { HostsInUse } from "../../support/use-lab.ts";
import { readEach } from "./read-each.ts";

/** A format, and the program of a host of the lab that says what its texts mean. */
export interface LabFormat extends Format {
  readonly host: HostName;
  readonly read: (host: LabHost, all: readonly Texts[]) => Promise<readonly unknown[]>;
}

/** Some seconds where host and parser agree; a failure takes its time to be made small. */
const SHRINKING_TOO = 600_000;

/** Set by jest.config.mjs when jest runs with --verbose. */
declare const VERBOSE: boolean;

/** Registers a test for each format, and one of the way on which the texts reach a host. */
export function compareWithHosts(lab: HostsInUse, formats: readonly LabFormat[]): void {
  test("texts reach a host byte for byte, and its answers come back in order", async () => {
    const [host] = lab.hosts;
    if (host === undefined) throw new Error("this file names no host");
    const texts = ["", "\n", "a\n\nb", "\t\v\u0007\u00a0 'é\\\r\n", "'; exit 9 #", "x".repeat(3000)];
    const answers = await readEach(
      host,
      texts.map((text): Texts => (text === "" ? {} : { "some/where": text })),
      'cat some/where && exit "$(wc -c < some/where)"',
    );
    expect(answers).toEqual(
      texts.map((text) => ({ stdout: text, code: text === "" ? 1 : Buffer.byteLength(text) % 256 })),
    );
  });

  for (const format of formats) {
    test(
      `${format.name}: our parser says of each text what the host's own program says`,
      async () => {
        const { count, seed } = effort();
        const refused = await differential(format, (all) => format.read(lab.host(format.host), all), { count, seed });
        if (VERBOSE) process.stderr.write(`  ${format.name}: ${count} texts, ${refused} refused by us\n`);
        expect(refused).toBeLessThanOrEqual(format.refusedAtMost * count);
      },
      SHRINKING_TOO,
    );
  }
}
