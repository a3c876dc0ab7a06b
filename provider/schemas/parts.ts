import { z } from "zod";
import { connection } from "../model/connection";
import { mapOf, settings } from "../model/fields";
import { UNKNOWN } from "../model/input/unknowns";

/** A schema for each argument that the documented class has: one that is missing here, or too much, does not compile. */
export type Fields<A> = { readonly [Name in keyof Required<A>]: z.ZodType };

/** What marks a problem of a value that has to be plain. All others are left for later where they depend on what is not known yet. */
export const NOT_PLAIN = "notPlain";

/** A value that decides which resources there are, or how they are called: no output. */
export function plain<S extends z.ZodType>(schema: S) {
  return z.preprocess((input, ctx) => {
    if (input !== UNKNOWN) return input;
    ctx.addIssue({
      code: "custom",
      message: "must be plain, not an output: names of resources are made before any output is known",
      params: { [NOT_PLAIN]: true },
      input,
    });
    return z.NEVER;
  }, schema);
}

/** Settings of several things, by their names. */
export function named<S extends z.ZodType>(one: S, example: string) {
  return plain(mapOf(plain(one), { error: `must be a map from name to settings: ${example}` }));
}

const name = z
  .string({ error: "must be a name" })
  .min(1, { error: "must not be empty" })
  .refine((text) => text !== "__proto__", { error: 'must not be "__proto__"' });

/** Names alone, or settings by name. */
export function namesOr<S extends z.ZodType>(one: S, example: string) {
  const names = z.array(plain(name));
  const error = `must be a list of names, or a map from name to settings: ${example}`;
  return plain(z.union([names, mapOf(plain(one))], { error }));
}

/** A name from `lvs:hosts`, or a connection. */
export const host = z.union([z.string().min(1, { error: "must not be empty" }), connection], {
  error: 'must be a name from lvs:hosts, or a connection such as { host: "192.0.2.1" }',
});

/** Arguments for all children of a kind, or a function. What the arguments are is checked where they are used, by the child. */
export function transforms(...names: readonly string[]) {
  const one = z.preprocess(
    (input) => (typeof input === "function" ? {} : input),
    z.record(z.string(), z.unknown(), { error: "must be arguments of the child, or a function that changes them" }),
  );
  const shape = Object.fromEntries(names.map((name) => [name, plain(one).optional()]));
  return plain(settings(shape, '{ virtualService: { rulesLoader: "rhel" } }')).optional();
}
