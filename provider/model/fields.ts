import { z } from "zod";

/** A whole number in a range, with one message for everything that is not. */
export function whole(min: number, max: number) {
  const error = refusal(`a whole number from ${min} to ${max}`);
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** One of a few words, with one message for everything else. */
export function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words) {
  const listed = words.map((word) => `"${word}"`).join(", ");
  return z.enum(words, { error: refusal(words.length === 1 ? listed : `one of ${listed}`) });
}

function refusal(expected: string) {
  return ({ input }: { readonly input?: unknown }) =>
    input === undefined ? `is required: ${expected}` : `must be ${expected}, not ${show(input)}`;
}

function show(input: unknown): string {
  return typeof input === "string" ? JSON.stringify(input) : typeof input === "number" ? String(input) : typeof input;
}

/** The record without the keys that say nothing: an absent value has one spelling only. */
export function compact<T extends object>(record: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
