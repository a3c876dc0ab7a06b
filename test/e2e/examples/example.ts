import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { differences, type LabHosts } from "../../../tools/lab/index.ts";
import { connectionOf } from "../support/connection.ts";
import { Stack } from "../support/stack.ts";

interface Further {
  /** Before the up. */
  readonly first?: (stack: Stack) => Promise<void>;
  /** Differences that are not the example's. */
  readonly stays?: RegExp;
}

/** A list of hosts for all stacks, in place of `lvs:hosts`: nothing of the configuration names a host. */
export function keepHostsInFile(lab: LabHosts, stack: Stack): void {
  const hosts = Object.fromEntries(lab.hosts.map(({ name }) => [name, connectionOf(lab, name)]));
  writeFileSync(join(stack.program, "hosts.yaml"), JSON.stringify(hosts));
  stack.configure({ "lvs:hostsFile": "hosts.yaml" });
}

/** An example's whole life on a lab: what `first` sees, up, what `during` sees, nothing left to do, and hosts that are as they were. */
export async function liveThrough(
  lab: LabHosts,
  example: string,
  during: (stack: Stack) => Promise<void>,
  { first = () => Promise.resolve(), stays }: Further = {},
): Promise<void> {
  const hosts = lab.hosts.filter(({ name }) => name !== "client");
  const snapshots = () => Promise.all(hosts.map((host) => host.snapshot()));
  const before = await snapshots();
  const stack = await Stack.create(lab, { program: { example } });
  try {
    await first(stack);
    await stack.up();
    await during(stack);
    await stack.preview("--refresh", "--expect-no-changes");
  } finally {
    await stack.destroy();
    stack.remove();
  }
  const after = await snapshots();
  const left = before.flatMap((was, index) => differences(was, after[index] ?? was));
  expect(left.filter((line) => stays?.test(line) !== true)).toEqual([]);
}
