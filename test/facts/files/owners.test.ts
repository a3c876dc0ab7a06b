import fc from "fast-check";
import { addOwner, dropOwners, parseOwners, releaseOwner } from "../../../provider/facts/files/owners";
import type { FileStep } from "../../../provider/step";

const VIP = ["VipAlias", "eth0 192.0.2.10"] as const;

function after(...steps: readonly FileStep[]): string | undefined {
  return steps.reduce<string | undefined>((text, { edit }) => edit(text), undefined);
}

test("a line for each object, in whatever order they are made; the last one takes the file with it", () => {
  const text = after(addOwner(...VIP, "shop/prod/vip"), addOwner("Package", "nginx", "shop/prod/web"));
  expect(text).toBe('["Package","nginx",["shop/prod/web"]]\n["VipAlias","eth0 192.0.2.10",["shop/prod/vip"]]\n');
  expect(after(addOwner("Package", "nginx", "shop/prod/web"), addOwner(...VIP, "shop/prod/vip"))).toBe(text);
  const names = (...all: readonly string[]) => after(...all.map((name) => addOwner(...VIP, name)));
  expect(names("b/b/b", "a/a/a", "c/c/c")).toBe(names("c/c/c", "b/b/b", "a/a/a"));
  const rest = dropOwners(...VIP, "shop/prod/vip").edit(text);
  expect(rest).toBe('["Package","nginx",["shop/prod/web"]]\n');
  expect(dropOwners("Package", "nginx", "shop/prod/web").edit(rest)).toBeUndefined();
});

test("of several, the last to be taken off takes the object away", () => {
  const both = [addOwner(...VIP, "a/b/x"), addOwner(...VIP, "a/c/y")];
  const one = after(...both, releaseOwner(...VIP, "a/b/x"));
  expect(parseOwners(one)(...VIP)).toEqual({ names: ["a/c/y"], last: undefined, desires: {} });
  const none = after(...both, releaseOwner(...VIP, "a/b/x"), releaseOwner(...VIP, "a/c/y"));
  expect(parseOwners(none)(...VIP)).toEqual({ names: [], last: "a/c/y", desires: {} });
  // A third one comes before that happens.
  expect(parseOwners(addOwner(...VIP, "a/d/z").edit(none))(...VIP)).toEqual({
    names: ["a/d/z"],
    last: undefined,
    desires: {},
  });
  const third = dropOwners(...VIP, "a/c/y").edit(addOwner(...VIP, "a/d/z").edit(none));
  expect(parseOwners(third)(...VIP)).toEqual({ names: ["a/d/z"], last: undefined, desires: {} });
});

test.each(["", "null", "[]", '["VipAlias","x"]', '["VipAlias","x",null]', '["VipAlias","x",["a"],5]', "{"])(
  "a damaged line, %j, is named with its cure",
  (line) => {
    const text = `["Package","nginx",["a/b/c"]]\n${line}x\n`;
    expect(() => parseOwners(text)).toThrow(
      /^\/var\/lib\/pulumi-lvs\/owners, line 2: .* Correct the line, or delete it/,
    );
  },
);

test("whatever is in names and keys, owners come and go, and other lines stay byte for byte", () => {
  const word = fc.string({ unit: "binary", minLength: 1 });
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(word, word), { minLength: 1, maxLength: 4, selector: String }),
      word,
      (objects, name) => {
        const foreign = '[ "Thing", "of others",["x"] ]\n';
        const all = objects.reduce((text, [kind, key]) => addOwner(kind, key, name).edit(text) ?? "", foreign);
        for (const [kind, key] of objects) expect(parseOwners(all)(kind, key)?.names).toEqual([name]);
        const rest = objects.reduce<string | undefined>(
          (text, [kind, key]) => dropOwners(kind, key, name).edit(text),
          all,
        );
        expect(rest).toBe(foreign);
      },
    ),
  );
});
