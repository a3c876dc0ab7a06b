import { distinct, FactCache, MAX_AGE, without } from "../../../provider/host/session/fact-cache";
import type { Command } from "../../../provider/step";

const table: Command = { run: ["ipvsadm", "-S"], changedOnlyBy: ["rules"] };
const file: Command = { sh: 'cat "$1"', args: ["/etc/x"], changedOnlyBy: ["file /etc/x"] };
const folder: Command = { run: ["ls"], changedOnlyBy: ["file /etc/x.d/*.conf", "file /etc/x.conf"] };
const uptime: Command = { run: ["uptime"] };
const ok = (stdout: string) => ({ code: 0, stdout, stderr: "" });

let time: number;
let cache: FactCache;

beforeEach(() => {
  time = 0;
  cache = new FactCache(() => time);
  cache.store([table, file, folder, uptime], [ok("table"), ok("file"), ok("folder"), ok("up")], 0);
});

test("an answer is missing when it was never read, or is too old", () => {
  const other: Command = { run: ["w"] };
  expect(cache.missing([table, other, other])).toEqual([other]);
  time = MAX_AGE;
  expect(cache.missing([table])).toEqual([]);
  expect(cache.missing([table], MAX_AGE / 2)).toEqual([table]);
  time = MAX_AGE + 1;
  expect(cache.missing([table])).toEqual([table]);
});

test.each([
  ["rules", ["rules"], [table, uptime]],
  ["a file", ["file /etc/x"], [file, uptime]],
  ["another file", ["file /etc/y"], [uptime]],
  ["a file of a folder", ["file /etc/x.d/a.conf"], [folder, uptime]],
  ["another file of a folder", ["file /etc/x.d/a.bak", "file /etc/x.d/a/b.conf"], [uptime]],
  ["anything", undefined, [table, file, folder, uptime]],
])("a change of %s removes the answers that it may affect", (_, changes, missing) => {
  cache.invalidate(changes);
  expect(cache.missing([table, file, folder, uptime])).toEqual(missing);
});

test("a snapshot stays as it was, and a skipped command has no answer", () => {
  const before = cache.snapshot([table]);
  cache.store([table], [ok("newer")], 1);
  cache.invalidate();
  expect(before(table)?.result.stdout).toBe("table");
  expect(before(uptime)).toBeUndefined();
  cache.store([uptime], [undefined], 1);
  expect(cache.snapshot([uptime])(uptime)).toBeUndefined();
});

test("an answer is parsed once for all who read it, with each parser", () => {
  let parses = 0;
  const parse = (output: string) => {
    parses += 1;
    return [output];
  };
  const [one, two] = [cache.snapshot([table]), cache.snapshot([table])];
  expect(one(table)?.value(parse)).toBe(two(table)?.value(parse));
  expect(one(table)?.value((output) => output.length)).toBe(5);
  expect(parses).toBe(1);
});

test("hosts that say the same to a command have one answer, and those that do not have their own", () => {
  let parses = 0;
  const parse = (output: string) => {
    parses += 1;
    return [output];
  };
  const others = ["table", "table", "another", "table", "another"].map((said) => {
    const other = new FactCache(() => time);
    other.store([{ run: ["ipvsadm", "-S"] }], [{ code: 0, stdout: said, stderr: "" }], 0);
    return other.snapshot([table])(table)?.value(parse);
  });
  const own = cache.snapshot([table])(table)?.value(parse);
  expect(others).toEqual([["table"], ["table"], ["another"], ["table"], ["another"]]);
  expect(new Set([own, ...others]).size).toBe(2);
  expect(parses).toBe(2);
  for (const result of [
    { ...ok("table"), code: 1 },
    { ...ok("table"), stderr: "words" },
  ]) {
    cache.store([table], [result], 0);
    expect(cache.snapshot([table])(table)?.result).toEqual(result);
  }
});

test("an answer that is too old for anybody is kept no longer", () => {
  const entries = () => [table, file].filter((command) => cache.snapshot([command])(command) !== undefined);
  cache.store([file], [ok("newer")], 1);
  time = MAX_AGE;
  cache.forgetOld();
  expect(entries()).toEqual([table, file]);
  time = MAX_AGE + 1;
  cache.forgetOld();
  expect(entries()).toEqual([file]);
});

test("commands are the same by their words, arguments and input", () => {
  expect(distinct([table, { run: ["ipvsadm", "-S"] }, file, { ...file, args: ["/etc/y"] }])).toHaveLength(3);
  expect(without([table], [table, file])).toEqual([file]);
});
