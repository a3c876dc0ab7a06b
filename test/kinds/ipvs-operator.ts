import type { Kind } from "../../provider/kinds/kind";
import type { Seen } from "../../provider/kinds/real-server/kind";

/** The user's record, with defaults; the test ends if it is refused. */
export function wanted<Want extends object>(
  kind: { readonly schema: Kind<Want, object, Seen, unknown>["schema"] },
  written: object,
): Want {
  return kind.schema.parse(written);
}

/** What is wrong with a user's record: `property: reason`, a line for each. */
export function refusals(
  kind: { readonly schema: Kind<object, object, Seen, unknown>["schema"] },
  written: object,
): string[] {
  const read = kind.schema.safeParse(written);
  return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}
