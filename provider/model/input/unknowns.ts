/** What Node's SDK sends in a preview for a value that is not known yet, at any depth and instead of any type. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The others are the engine's own, by type. */
const SENTINELS: ReadonlySet<unknown> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Whether a value is, or has in it, one that is not known yet. In a loop: of some thousand, each in the other, the stack has no room. */
export function hasUnknown(value: unknown): boolean {
  const left = [value];
  const seen = new Set<unknown>();
  while (left.length > 0) {
    const one = left.pop();
    if (SENTINELS.has(one)) return true;
    if (typeof one !== "object" || one === null || seen.has(one)) continue;
    seen.add(one);
    for (const [key, inner] of Object.entries(one)) {
      if (SENTINELS.has(key)) return true;
      left.push(inner);
    }
  }
  return false;
}
