import { z } from "zod";

/** A whole number in a range. */
export function whole(min: number, max: number) {
  const error = expected(`a whole number from ${min} to ${max}`);
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** True or false. */
export const yesNo = z.boolean({ error: "must be true or false" });

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words) {
  const listed = words.map((word) => `"${word}"`).join(", ");
  return z.enum(words, { error: expected(words.length === 1 ? listed : `one of ${listed}`) });
}

/** Settings by name: `example` is what they look like. */
export function settings<const Shape extends z.ZodRawShape>(shape: Shape, example: string) {
  const message = `must be settings: ${example}`;
  return z.strictObject(shape, { error: ({ code }) => (code === "invalid_type" ? message : undefined) });
}

/** A map whose names the user chooses. zod would drop an entry that is named "__proto__" without a word. */
export function mapOf<V extends z.ZodType>(values: V, params?: { readonly error: string }) {
  const name = z.string().min(1, { error: NO_NAME });
  const error = ({ code }: { readonly code: string }) => (code === "invalid_key" ? NO_NAME : params?.error);
  const map = z.record(name, values, { error });
  const checked = z.preprocess((input, ctx) => {
    if (typeof input === "object" && input !== null && Object.hasOwn(input, "__proto__"))
      ctx.addIssue({ code: "custom", message: 'must not have the name "__proto__"', input });
    return input;
  }, map);
  return checked as z.ZodType<z.output<typeof map>, z.input<typeof map>>;
}

const NO_NAME = "must not be an empty name";

/** For `transform`: what `read` throws says what is wrong with the input. */
export function checkedBy<Value>(read: (text: string) => Value) {
  return (text: string, ctx: z.RefinementCtx): Value => {
    try {
      return read(text);
    } catch (error) {
      ctx.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error), input: text });
      return z.NEVER;
    }
  };
}

/** One message for every wrong input. */
function expected(what: string) {
  return ({ input }: { readonly input?: unknown }) =>
    input === undefined ? `is required: ${what}` : `must be ${what}, not ${show(input)}`;
}

function show(input: unknown): string {
  return typeof input === "string" ? JSON.stringify(input) : typeof input === "number" ? String(input) : typeof input;
}

/** The record without its undefined properties, so that an absent value has one form only. */
export function compact<T extends object>(record: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
