import { onceFor, parseLines } from "../../../provider/facts/files/lines";

test("what is computed of one reading of files is computed once, and anew for the next reading", () => {
  let computed = 0;
  const sizes = onceFor((files) => {
    computed += 1;
    return files.size;
  });
  const [first, second] = [parseLines("file\t/etc/a\n"), parseLines("file\t/etc/a\nfile\t/etc/b\n")];
  expect([sizes(first), sizes(first), sizes(second), sizes(first)]).toEqual([1, 1, 2, 1]);
  expect(computed).toBe(2);
});
