import { MOST, replies } from "../../../provider/host/shell/replies";
import { observeScript } from "../../../provider/host/shell/script";
import { openShell } from "../../../provider/host/shell/shell";
import { connect } from "../../../provider/host/ssh/connect";
import { wantedPassword } from "../../../provider/host/ssh/sudo";
import { decode, encode } from "../../../provider/model/bytes";
import type { ConnectionInput } from "../../../provider/model/connection";
import { startServer } from "../ssh-server";

/** Milliseconds of a processor that one call takes: what else the machine does is not counted. */
function timeOf(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

const MIB = 2 ** 20;
const LIMIT = 3000;
/** What took a time of its square took more than ten seconds for as much, or for less. */
const LONG = MIB / 4;
const inPieces = (bytes: Buffer, size: number, take: (piece: Buffer) => void) => {
  for (let at = 0; at < bytes.length; at += size) take(bytes.subarray(at, at + size));
};

describe("what a host says takes time in proportion to its length", () => {
  test.each([
    ["no byte of it is text", Buffer.alloc(LONG, 0xff)],
    ["one byte is not", Buffer.concat([Buffer.alloc(LONG, "a"), Buffer.of(0xff)])],
    ["every second byte is not", Buffer.alloc(LONG, Buffer.of(0x61, 0xe4))],
    ["it ends within a character", Buffer.concat([Buffer.alloc(LONG, "ä"), Buffer.of(0xf0, 0x9f)])],
  ])("as text and back, where %s", (_name, bytes) => {
    let text = "";
    expect(timeOf(() => (text = decode(bytes)))).toBeLessThan(LIMIT);
    let back: Buffer = bytes;
    expect(timeOf(() => (back = encode(text)))).toBeLessThan(LIMIT);
    expect(back.equals(bytes)).toBe(true);
  });

  test("where one answer comes in thousands of pieces", () => {
    const answers = replies("nonce", 1);
    const long = Buffer.alloc(15 * MIB, "x");
    const took = timeOf(() => inPieces(long, 32_768, (piece) => answers.take("stdout", piece)));
    expect(took).toBeLessThan(LIMIT);
    for (const stream of ["stdout", "stderr"] as const) answers.take(stream, Buffer.from("\nnonce 0 0\n\nnonce 1 0\n"));
    expect(answers.results()?.[0]?.stdout.length).toBe(long.length);
  });

  test.each(["%x ] ] ", "%a b ", "nonce %", " ] % "])("and so does the search for a prompt in %j", (word) => {
    for (const end of ["", "\n", "\r", "]"])
      expect(timeOf(() => wantedPassword(`nonce %${word.repeat(LONG / word.length)}${end}`, "nonce"))).toBeLessThan(
        1000,
      );
  });
});

describe("a host that does not stop talking", () => {
  const through = async (loginShell: readonly [string, ...string[]], changes: Partial<ConnectionInput> = {}) => {
    const server = await startServer({ loginShell });
    const connection = server.connection({ name: "web1", perDialTimeout: 20, deadline: 60, ...changes });
    const link = await connect(connection);
    const end = async () => {
      link.close();
      await server.close();
    };
    return { end, shell: () => openShell(link, connection) };
  };

  test.each([">&1", ">&2"])("is given up before it is greeted, %s", async (where) => {
    const { shell, end } = await through(["sh", "-c", `head -c 4000000 /dev/zero ${where}; sleep 9`]);
    await expect(shell()).rejects.toThrow("no shell, but more than 1048576 bytes of other words");
    await end();
  });

  test("is given up in an answer, with its last words", async () => {
    const { shell, end } = await through(["sh", "-c"]);
    const open = await shell();
    await expect(open.run(observeScript([{ sh: "yes 'no end' | head -c 90000000" }]))).rejects.toThrow(
      `web1: a command printed more than ${MOST / MIB} MiB, and the connection was closed\n  $ sh -c`,
    );
    expect(open.isOpen()).toBe(false);
    await end();
  });
});
