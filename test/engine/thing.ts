import { z } from "zod";
import { defineKind } from "../../provider/kinds/define-kind";
import type { Step } from "../../provider/step";

export interface Thing {
  readonly name: string;
  readonly size: number;
  readonly note?: string | undefined;
  readonly patience?: number | undefined;
}

interface Change {
  readonly verb: "add" | "edit" | "delete";
  readonly thing: Thing;
}

/** A kind as simple as a kind can be, for tests of everything around kinds. */
export const thing = defineKind<Thing, Thing, { things: readonly Thing[] }, Change>({
  name: "Thing",
  schema: z.strictObject({
    name: z.string().min(1, { error: "must not be empty" }).toLowerCase(),
    size: z.int({ error: "must be a whole number" }).min(0, { error: "must be 0 or more" }).default(1),
    note: z.string().optional(),
    patience: z.int().optional(),
  }),
  identity: ["name"],
  observedProperties: ["name", "size"],
  key: ({ name }) => name,
  commands: ({ name, size }) => [`add ${name} ${size}`],
  facts: () => ({ things: { command: { run: ["table"] }, parse: parseThings } }),
  observe: ({ things }, { name }) => things.find((one) => one.name === name),
  plan: (want, have) => {
    if (!want) return have ? [{ verb: "delete", thing: have }] : [];
    if (!have) return [{ verb: "add", thing: want }];
    return want.size === have.size ? [] : [{ verb: "edit", thing: want }];
  },
  render: ({ verb, thing: { name, size } }): Step[] => [
    { rule: verb === "delete" ? [verb, name] : [verb, name, `${size}`] },
  ],
  lockoutProblem: ({ name }, { address }) =>
    name === address ? { property: "name", reason: "is where our own session enters" } : undefined,
  drain: (want, have, { patience, note }) =>
    want === undefined && patience !== undefined
      ? {
          interim: { ...have, size: 0 },
          remaining: ({ things }) => things.length - 1,
          ...(note === "cannot end" && {
            canEnd: { command: { run: ["no"] }, parse: (said: string) => said !== "no\n" },
          }),
          timeout: patience,
          pollInterval: 0,
        }
      : undefined,
});

function parseThings(output: string): Thing[] {
  return output
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [name = "", size] = line.split(" ");
      if (size === undefined) throw new Error(`cannot read "${line}"`);
      return { name, size: Number(size) };
    });
}
