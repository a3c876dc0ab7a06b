import { isMap } from "../own-value";

/** What sort of value was given: of what may be a secret, a message says no more. */
export function sortOf(value: unknown): string {
  if (value === null) return "null, as YAML reads an empty value";
  if (Array.isArray(value)) return "a list";
  if (isMap(value)) return "a map";
  if (typeof value === "number") return Number.isFinite(value) && !Number.isInteger(value) ? "a fraction" : "a number";
  if (typeof value === "boolean") return String(value);
  return typeof value === "string" ? "text" : `a ${typeof value}`;
}

const LONGEST = 60;

/** A value as a program or a file has it, if it is a short one. */
export function shown(value: unknown): string {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.length <= LONGEST ? JSON.stringify(value) : sortOf(value);
}
