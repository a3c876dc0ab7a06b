import { CommandError, UnreadableOutputError } from "../../../provider/errors";
import { openShell } from "../../../provider/host/shell/shell";
import { connect, connectionError } from "../../../provider/host/ssh/connect";
import type { DialError } from "../../../provider/host/ssh/dial-error";
import { printable } from "../../../provider/printable";
import { startServer } from "../ssh-server";

const ESC = "\u001b";

test.each([
  ["colours and the cursor", `${ESC}[31mred${ESC}[0m${ESC}[2J`, "\\x1b[31mred\\x1b[0m\\x1b[2J"],
  ["the title of the window", `${ESC}]0;title\u0007`, "\\x1b]0;title\\x07"],
  ["controls of eight bits", "\u009b31m", "\\x9b31m"],
  ["what writes over a line", "bad\rgood\b\b", "bad\\x0dgood\\x08\\x08"],
  ["NUL and DEL", "a\0b\u007f", "a\\x00b\\x7f"],
  ["words in reverse", "\u202Etxt.exe\u2066", "\\u{202e}txt.exe\\u{2066}"],
  ["what cannot be seen", "a\u200Bb\uFEFFc", "a\\u{200b}b\\u{feff}c"],
  ["bytes that are no text", "gr\uDCFC\uDCDFe", "gr\\xfc\\xdfe"],
  ["other line ends", "one\r\ntwo\u2028three", "one\ntwo\\u{2028}three"],
  ["letters of all languages", "grüße 🙂\t日本\n", "grüße 🙂\t日本\n"],
])("%s", (_name, said, shown) => {
  expect(printable(said)).toBe(shown);
  expect(new CommandError("x", "true", { code: 1, stdout: "", stderr: said }).message).toContain(
    shown.trimEnd().replaceAll("\n", "\n  "),
  );
});

test("an error of a megabyte keeps its reason and its advice", () => {
  const advice = [{ when: /x/, say: "Free some space." }];
  const { message } = new CommandError("web1", "true", { code: 7, stdout: "", stderr: "x".repeat(2 ** 20) }, advice);
  expect(message.length).toBeLessThan(21_000);
  expect(message).toMatch(
    /^web1: command failed with exit code 7\n[^]*\n\(\.\.\. \d{7} characters more \.\.\.\)\n[^]*\nFree some space\.$/,
  );
});

test("a cause that quotes the host is shown as the rest", () => {
  const error = new UnreadableOutputError("x", { run: ["true"] }, new Error(`"${ESC}c" is no rule`));
  expect(error.message).toContain('unreadable output: "\\x1bc" is no rule');
});

test("what a login shell prints instead of our greeting", async () => {
  const server = await startServer({ loginShell: ["sh", "-c", `printf '\\033[2J\\0closed\\377' >&2; exit 1`] });
  const connection = server.connection({ name: "web1" });
  const link = await connect(connection);
  const failing = openShell(link, connection);
  await expect(failing).rejects.toMatchObject({ details: ["\u001b[2J\0closedÿ"] });
  await failing.catch((error: unknown) => {
    const { message } = connectionError(connection, error as DialError);
    expect(message).toContain("  \\x1b[2J\\x00closedÿ\n");
  });
  link.close();
  await server.close();
});
