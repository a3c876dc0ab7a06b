import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { OwnedObjects } from "../../provider/engine/ownership";

const PLACE = "RealServer tcp 192.0.2.10:80 -> 10.0.0.11:80 on director1";

test("what the program has is held once something came of it, and not before", () => {
  const held = new OwnedObjects();
  held.confirm([PLACE]);
  expect(held.has(PLACE)).toBe(false);
  held.declare([PLACE]);
  expect(held.has(PLACE)).toBe(false);
  held.confirm([PLACE]);
  expect(held.has(PLACE)).toBe(true);
});

test("what is shared is known to the other providers of the same run, and to no others", () => {
  const engine = `192.0.2.1:${process.pid}`;
  new OwnedObjects(engine).publish([PLACE]);
  expect(new OwnedObjects(engine).has(PLACE)).toBe(true);
  expect(new OwnedObjects("192.0.2.1:1").has(PLACE)).toBe(false);
  expect(new OwnedObjects().has(PLACE)).toBe(false);
});

test("a run that shares nothing writes nothing", () => {
  const held = new OwnedObjects(`192.0.2.2:${process.pid}`);
  held.claim([PLACE]);
  expect(existsSync(`${tmpdir()}/pulumi-lvs-${process.getuid?.()}/192.0.2.2_${process.pid}-${process.pid}`)).toBe(
    false,
  );
});
