import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { sharedKeys } from "../../provider/host/shared-keys";

const KEY = "RealServer tcp 192.0.2.10:80 -> 10.0.0.11:80 on director1";

test("a key is known to the other provider processes of the same run, and to no others", () => {
  const engine = `192.0.2.1:${process.pid}`;
  sharedKeys(engine).add([KEY]);
  expect(sharedKeys(engine).has(KEY)).toBe(true);
  expect(sharedKeys(engine).has("another")).toBe(false);
  expect(sharedKeys("192.0.2.1:1").has(KEY)).toBe(false);
});

test("a process that shares nothing has no file", () => {
  sharedKeys(`192.0.2.2:${process.pid}`).has(KEY);
  expect(existsSync(`${tmpdir()}/pulumi-lvs-${process.getuid?.()}/192.0.2.2_${process.pid}-${process.pid}`)).toBe(
    false,
  );
});
