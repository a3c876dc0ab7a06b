import fc from "fast-check";
import { replies } from "../../../provider/host/shell/replies";
import { decode, encode } from "../../../provider/model/bytes";

const NONCE = "0123456789abcdef";

test("whatever was said is told apart, wherever the network cuts it", () => {
  const output = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("", "\n", `\n${NONCE}`, `${NONCE} 0 0\n`, "\n\n"),
  );
  const answer = fc.record({ code: fc.integer({ min: 0, max: 255 }), stdout: output, stderr: output });
  fc.assert(
    fc.property(
      fc.array(answer, { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (given, sizes) => {
        const answers = replies(NONCE, given.length);
        for (const stream of ["stdout", "stderr"] as const) {
          const said = given.map((one, index) => `${one[stream]}\n${NONCE} ${index} ${one.code}\n`).join("");
          expect(answers.results()).toBeUndefined();
          for (const chunk of cut(Buffer.from(`${said}\n${NONCE} ${given.length} 0\n`), sizes))
            answers.take(stream, chunk);
        }
        expect(answers.results()).toEqual(
          given.map((one) => ({ ...one, stdout: tell(one.stdout), stderr: tell(one.stderr) })),
        );
      },
    ),
  );
});

test("a command that was skipped has no result, and what is running is known", () => {
  const answers = replies(NONCE, 2);
  answers.take("stdout", Buffer.from(`\n${NONCE} 0 -\nhalf a li`));
  expect([answers.passed(), answers.unfinished().stdout]).toEqual([1, "half a li"]);
  answers.take("stdout", Buffer.from(`ne\n${NONCE} 1 0\n\n${NONCE} 2 0\n`));
  answers.take("stderr", Buffer.from(`\n${NONCE} 0 -\n\n${NONCE} 1 0\n\n${NONCE} 2 0\n`));
  expect(answers.results()).toEqual([undefined, { code: 0, stdout: "half a line", stderr: "" }]);
});

test("bytes that are no UTF-8 are kept", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect([...encode(decode(Buffer.from(bytes)))]).toEqual([...bytes]);
    }),
  );
  expect(decode(Buffer.from("grüße 🙂 \uFEFF\uFFFD"))).toBe("grüße 🙂 \uFEFF\uFFFD");
});

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = sizes[chunks.length % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

/** Text that a host can say at all: a lone surrogate becomes U+FFFD on its way. */
function tell(text: string): string {
  return Buffer.from(text).toString();
}
