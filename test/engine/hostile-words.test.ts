import fc from "fast-check";
import { HalfDoneError } from "../../provider/engine/half-done";
import { withoutStack } from "../../provider/engine/without-stack";
import {
  BugError,
  CancelledError,
  CommandError,
  ConnectionError,
  CutOffError,
  FileReadError,
  InDoubtError,
  LockError,
  NotConvergedError,
  UnreadableOutputError,
  UserError,
} from "../../provider/errors";
import { print } from "../../provider/host/print";
import { lockError } from "../../provider/host/session/lock";
import { connectionError } from "../../provider/host/ssh/connect";
import { DialError } from "../../provider/host/ssh/dial-error";
import { connection } from "../../provider/model/connection";

const WEB1 = connection.parse({ host: "192.0.2.1", name: "web1" });
const result = (said: string) => ({ code: 1, stdout: said, stderr: said });

/** Every way in which the words of a host come into an error. */
const ERRORS: Readonly<Record<string, (said: string) => unknown>> = {
  "a command": (said) => new CommandError(said, said, result(said)),
  "a file": (said) => new FileReadError("web1", said, said),
  "unreadable output": (said) => new UnreadableOutputError("x", { run: ["true"] }, new Error(said)),
  "what is left": (said) => new NotConvergedError(said, [said], [said]),
  "a cut": (said) => new CutOffError("x", said, said, said),
  "a lost connection": (said) => new InDoubtError(new ConnectionError(said)),
  "half done": (said) => new HalfDoneError(new TypeError(said), {}),
  "a lock": (said) => lockError("web1", { path: "/run/lock", patience: 1 }, result(said)),
  "another lock": (said) => new LockError(said),
  "no connection": (said) => connectionError(WEB1, new DialError(said, [said], [said])),
  "a refusal": (said) => new UserError(said),
  "a cancelled run": (said) => new CancelledError(said),
  "a bug of ours": (said) => new BugError(said),
  "a bug of another sort": (said) => new TypeError(`cannot read ${said}`),
};

/** What moves a cursor, changes colours, or hides words. */
const HARMFUL = /[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069\u2028\u2029]/u;

const words = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("\u001b", "[", "2", "J", "\r", "\n", "\0", "\u009b", "\u202e", "\b", "x") }),
);

test.each(Object.keys(ERRORS))("no control character of a host is in an error: %s", async (name) => {
  await fc.assert(
    fc.asyncProperty(words, async (said) => {
      const error = await withoutStack(() => Promise.reject(ERRORS[name]?.(said) as Error)).catch(
        (why: unknown) => why,
      );
      if (!(error instanceof Error)) throw new Error("no error");
      expect(`${error.message}\n${error.stack ?? ""}`).not.toMatch(HARMFUL);
    }),
    { numRuns: 50 },
  );
});

test("nor in a line that is printed", () => {
  const lines: string[] = [];
  const write = jest.spyOn(process.stdout, "write").mockImplementation((text) => lines.push(String(text)) > 0);
  fc.assert(fc.property(words, print));
  write.mockRestore();
  expect(lines.length).toBeGreaterThan(50);
  for (const line of lines) expect(line).not.toMatch(HARMFUL);
});
