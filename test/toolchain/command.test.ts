import { run } from "../../tools/toolchain/command.mjs";

test("what a program prints comes in the order in which it printed it, wherever to", async () => {
  const script = "for n in 1 2 3 4 5 6 7 8; do echo out $n; echo err $n >&2; done; exit 3";
  const numbers = [1, 2, 3, 4, 5, 6, 7, 8];
  expect(await run(["sh", "-c", script])).toEqual({
    code: 3,
    output: numbers.map((n) => `out ${n}\nerr ${n}\n`).join(""),
  });
});

test("a program that is not there is exit code 127", async () => {
  const { code, output } = await run(["no-such-program"]);
  expect(code).toBe(127);
  expect(output).toContain("no-such-program");
});

test("so is a folder that is not there", async () => {
  expect((await run(["true"], { cwd: "/no/such/folder" })).code).toBe(127);
});
