import { OwnedObjects } from "../../provider/engine/ownership";

const KEY = "RealServer tcp 192.0.2.10:80 -> 10.0.0.11:80 on director1";

test("an object that the program declares is owned once it was found or changed in this run, and not before", () => {
  const owned = new OwnedObjects();
  owned.confirm([KEY]);
  expect(owned.owns(KEY)).toBe(false);
  owned.declare([KEY]);
  expect(owned.owns(KEY)).toBe(false);
  owned.confirm([KEY]);
  expect(owned.owns(KEY)).toBe(true);
});

test("only what is published is told to the other provider processes", () => {
  const keys = new Set<string>();
  const shared = {
    add: (more: readonly string[]) => more.forEach((key) => keys.add(key)),
    has: (key: string) => keys.has(key),
  };
  const owned = new OwnedObjects(shared);
  owned.claim([KEY]);
  expect(new OwnedObjects(shared).owns(KEY)).toBe(false);
  owned.publish([KEY]);
  expect(new OwnedObjects(shared).owns(KEY)).toBe(true);
});
