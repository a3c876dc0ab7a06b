import fc from "fast-check";
import { escapeOctal, unescapeOctal } from "../../../provider/facts/files/octal";

test.each([
  ["/srv/www\\040data", "/srv/www data", "a blank"],
  ["/caf\\303\\251", "/café", "two bytes of one character"],
  ["a\\134040", "a\\040", "a backslash, whose code is followed by digits"],
  ["a\\9\\40", "a\\9\\40", "what is no octal code"],
])("%s is %s: %s", (escaped, text) => {
  expect(unescapeOctal(escaped)).toBe(text);
});

test("what is escaped is read back", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(" ", "\t", "\n", "\\", "0", "4", "é", "#", '"') }), (text) => {
      for (const characters of [/[ \t\n\\]/g, /[ "#\\]/g]) {
        expect(unescapeOctal(escapeOctal(text, characters))).toBe(text);
      }
    }),
  );
});
