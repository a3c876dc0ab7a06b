import fc from "fast-check";
import { dropOriginal, originalOf, recordOriginal } from "../../../provider/facts/files/original-state";
import type { Step } from "../../../provider/step";

const edit = (text: string | undefined, steps: readonly Step[]) =>
  steps.reduce((now, step) => ("file" in step ? step.edit(now) : now), text);

const memories = fc.uniqueArray(
  fc.tuple(fc.constantFrom("Package", "NfsMount"), fc.string(), fc.jsonValue({ maxDepth: 1 })),
  {
    selector: ([kind, key]) => JSON.stringify([kind, key]),
  },
);

test("each thing is remembered once, told again, and forgotten without a trace", () => {
  fc.assert(
    fc.property(memories, (all) => {
      const text = all.reduce<string | undefined>(
        (now, [kind, key, value]) => edit(now, [recordOriginal(kind, key, value)]),
        undefined,
      );
      for (const [kind, key, value] of all) {
        expect(JSON.stringify(originalOf(text, kind, key))).toBe(JSON.stringify(value));
        expect(edit(text, [recordOriginal(kind, key, "later")])).toBe(text);
      }
      expect(all.reduce((now, [kind, key]) => edit(now, dropOriginal(kind, key)), text)).toBeUndefined();
    }),
  );
});
