import fc from "fast-check";
import { z } from "zod";
import { UserError } from "../../../provider/errors";
import {
  dropOriginal,
  originalOf,
  originalState,
  parseOriginalState,
  recordChange,
  recordEnd,
  recordedChange,
  recordOriginal,
} from "../../../provider/facts/files/original-state";
import { formatFile } from "../../../provider/file-step";
import type { Step } from "../../../provider/step";

const edit = (text: string | undefined, steps: readonly Step[]) =>
  steps.reduce((now, step) => ("file" in step ? step.edit(now) : now), text);

const records = fc.uniqueArray(
  fc.tuple(fc.constantFrom("Package", "NfsMount"), fc.string(), fc.jsonValue({ maxDepth: 1 })),
  { selector: ([kind, key]) => JSON.stringify([kind, key]) },
);

const valueIn = (text: string | undefined, kind: string, key: string) =>
  originalOf(parseOriginalState(text), kind, key, z.unknown());

test("each value is recorded once, read, and dropped without a trace", () => {
  fc.assert(
    fc.property(records, (all) => {
      const text = all.reduce<string | undefined>(
        (now, [kind, key, value]) => edit(now, [recordOriginal(kind, key, value)]),
        undefined,
      );
      for (const [kind, key, value] of all) {
        expect(JSON.stringify(valueIn(text, kind, key))).toBe(JSON.stringify(value));
        expect(edit(text, [recordOriginal(kind, key, "later")])).toBe(text);
      }
      expect(all.reduce((now, [kind, key]) => edit(now, [dropOriginal(kind, key)]), text)).toBeUndefined();
    }),
    { examples: [[[["Package", "nginx", JSON.parse('{"__proto__":null}')]]]] },
  );
});

test("of a change, the value before us stays; the one that it replaces is known until it is made, for who is cut in between", () => {
  const schema = recordedChange(z.number());
  const others = '["Package","nginx","absent"]\n';
  const change = (text: string | undefined, live: number, set: number) =>
    edit(text, [recordChange("IpvsSettings", "udp", { live, set }, schema)]);
  const settle = (text: string | undefined, set: number) =>
    edit(text, recordEnd(parseOriginalState(text), "IpvsSettings", "udp", { set, schema }));
  const first = change(others, 300, 30);
  expect(first).toBe(`${others}["IpvsSettings","udp",{"was":300,"set":30}]\n`);
  expect(settle(first, 30)).toBe(first);
  const second = change(first, 30, 20);
  expect(second).toBe(`${others}["IpvsSettings","udp",{"was":300,"set":20,"until":30}]\n`);
  // Cut before the change: another one still knows which value is ours, and that of a stranger is none.
  expect(change(second, 30, 10)).toContain('{"was":300,"set":10,"until":30}');
  expect(change(second, 77, 10)).toContain('{"was":300,"set":10}');
  expect(settle(second, 20)).toBe(`${others}["IpvsSettings","udp",{"was":300,"set":20}]\n`);
});

describe("a damaged line", () => {
  const good = '["Package","nginx","absent"]\n';
  const cure = "Correct the line, or delete it: the present state of that object then counts as its original one";
  const rows: [string, string][] = [
    ["cut off", '["NfsMount","/srv/do'],
    ["with two values", '["NfsMount","/srv/docs"]'],
    ["of an editor", "<<<<<<< HEAD"],
    ["that is no list", '{"NfsMount":"/srv/docs"}'],
  ];

  test.each(rows)("%s is an error with its number, its text and a cure, for whoever reads the file", (_, line) => {
    const text = `${good}${line}\n${good}`;
    const error = new UserError(
      `/var/lib/pulumi-lvs/before, line 2: "${line}" is not of the form ["KIND","KEY",VALUE]. ${cure}`,
    );
    expect(() => originalState.parse(formatFile(text))).toThrow(error);
    for (const step of [recordOriginal("Package", "curl", "absent"), dropOriginal("Package", "nginx")]) {
      if ("file" in step) expect(() => step.edit(text)).toThrow(error);
    }
  });

  test("with a value that its kind never records is an error for that kind alone", () => {
    const text = `${good}["SystemdService","nginx.service","running"]\n`;
    const state = parseOriginalState(text);
    expect(() => originalOf(state, "SystemdService", "nginx.service", z.object({ running: z.boolean() }))).toThrow(
      new UserError(
        `/var/lib/pulumi-lvs/before, line 2: "["SystemdService","nginx.service","running"]" is not what SystemdService records. ${cure}`,
      ),
    );
    expect(originalOf(state, "Package", "nginx", z.literal("absent"))).toBe("absent");
  });
});
