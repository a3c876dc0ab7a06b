import fc from "fast-check";
import {
  addOwner,
  dropUnowned,
  keepUnowned,
  parseEntries,
  removeOwner,
} from "../../../provider/dialects/sysctl/ledger";
import { LEDGER } from "../../../provider/dialects/sysctl/ledger-text";
import { overruledBy } from "../../../provider/dialects/sysctl/precedence";
import { UserError } from "../../../provider/errors";

test.each([
  [
    "before entries named their setting",
    "# why\n# owner: DrKernelTuning all lo\n# was: 0\n# along with it: net.z = 1\nnet.x = 1\n\n# because\n# owner until reboot: a\n# not at boot: net.y = 2\n",
    [
      {
        key: "net.x",
        written: "1",
        reason: "why",
        owners: [{ name: "DrKernelTuning all lo", boot: true }],
        original: "0",
        desired: "1",
        alsoChanged: ["net.z = 1"],
      },
      { key: "net.y", written: "2", reason: "because", owners: [{ name: "a", boot: false }], desired: "2" },
    ],
  ],
  [
    "when notes had the value alone, in a line that was edited since",
    "# why\n# owner: a\n# was: 0\n# set to: 1\nnet.x = 3\n",
    [{ key: "net.x", written: "3", reason: "why", owners: [{ name: "a", boot: true }], original: "0", desired: "1" }],
  ],
  [
    "without an owner and an original value",
    "# why\n# owned by nobody\n# set to: net.x = 1\n# kept: a VIP is up\nnet.x = 1\n",
    [{ key: "net.x", written: "1", reason: "why", owners: [], desired: "1", keptBecause: "a VIP is up" }],
  ],
  [
    "with blanks at the end of lines removed by an editor",
    "# why\n# owner: a\n# was:\n# set to: net.x = 1\nnet.x = 1\n",
    [{ key: "net.x", written: "1", reason: "why", owners: [{ name: "a", boot: true }], original: "", desired: "1" }],
  ],
])("a file of an earlier time is read: %s", (_when, text, entries) => {
  expect(parseEntries(text)).toEqual(entries);
});

test.each([
  ["with slashes, as systemd-sysctl reads them", "net/ipv4/ip_forward = 1", "1"],
  ["with slashes and a dash", "  -net/ipv4/ip_forward=1  ", "1"],
  ["with slashes and another value", "net/ipv4/ip_forward = 0", "0"],
  ["with slashes, as a comment", "; net/ipv4/ip_forward = 1", undefined],
  ["without its value", "net.ipv4.ip_forward", undefined],
])("the line of an entry is known in another spelling: %s", (_, line, written) => {
  const owner = { name: "a", boot: true };
  const setting = { key: "net.ipv4.ip_forward", desired: "1", reason: "why", original: "0" };
  const ours = addOwner(undefined, owner, [setting]);
  const edited = ours.replace("\nnet.ipv4.ip_forward = 1\n", `\n${line}\n`);
  expect(edited).not.toBe(ours);
  expect(parseEntries(edited)).toEqual([{ ...setting, ...(written !== undefined && { written }), owners: [owner] }]);
  // Nothing of it stays as somebody else's line.
  expect(addOwner(edited, owner, [setting])).toBe(ours);
});

test("a dash keeps patterns from a setting, and is somebody else's line", () => {
  const ours = addOwner(undefined, { name: "a", boot: true }, [{ key: "net.x", desired: "1", reason: "why" }]);
  const edited = ours.replace("\nnet.x = 1\n", "\n-net.x\n");
  expect(removeOwner(edited, "a")).toContain("\n-net.x\n");
});

describe("a damaged entry is an error with its line, and the file stays as it is", () => {
  const ours = addOwner("net.z = 1\n", { name: "a", boot: true }, [
    { key: "net.x", desired: "1", reason: "why", original: "0" },
    { key: "net.y", desired: "2", reason: "because", original: "5" },
  ]);
  const cure =
    ". Correct the line, or delete the entry it belongs to: the next run then writes that entry anew, with the live value as " +
    "the one to restore";

  test.each([
    [
      "no setting",
      "# set to: net.y = 2",
      "# set to: net.y",
      'line 15: "# set to: net.y" must be "# set to: KEY = VALUE"',
    ],
    [
      "no note of the setting",
      "# set to: net.x = 1\n",
      "",
      'line 7: "# owner: a" begins an entry that has no line "# set to: KEY = VALUE"',
    ],
    ["no owner's name", "# owner: a\n# was: 5", "# owner: \n# was: 5", 'line 13: "# owner: " names no owner'],
    [
      "a side effect without a value",
      "net.x = 1\n\n",
      "net.x = 1\n# along with it: net.z\n\n",
      'line 11: "# along with it: net.z" must be "# along with it: KEY = VALUE"',
    ],
    ["a setting twice", "# set to: net.y", "# set to: net.x", 'line 13: "# owner: a" begins a second entry of net.x'],
    [
      "line ends of Windows",
      "# was: 5",
      "# was: 5\r",
      'line 14: "# was: 5\r" has a control character in it (line ends of Windows?)',
    ],
  ])("%s", (_what, right, wrong, message) => {
    const text = ours.replace(right, wrong);
    expect(text).not.toBe(ours);
    const error = `/etc/sysctl.d/99-zz-pulumi-lvs.conf, ${message}${cure}`;
    const edits = [
      () => parseEntries(text),
      () => addOwner(text, { name: "b", boot: true }, []),
      () => removeOwner(text, "a"),
      () => dropUnowned(text, ["net.x"]),
      () => keepUnowned(text, ["net.x"], "why"),
    ];
    for (const edit of edits) expect(edit).toThrow(new UserError(error));
  });
});

describe("a file of a megabyte is read in less than a second of the processor's time", () => {
  const pieces = [
    ...[" ", "\n", "\t", "#", "# ", "-", "=", " = ", "a", "net.x", "; net.x", "\nnet.y"],
    ...[
      "# was: 0\n",
      "# owner: a\n",
      "# kept: b\n",
      "net.x = 1\n",
      "# note\n",
      "\n# set to: net.y = 1\n",
      "# not at boot: ",
    ],
    "# reason\n# owner: a\n# set to: net.x = 1\n",
  ];
  const some = (maxLength: number, minLength = 0) => fc.array(fc.constantFrom(...pieces), { minLength, maxLength });

  test("with any lines, and long runs of blanks, notes or comments", () => {
    fc.assert(
      fc.property(some(4), some(3, 1), some(4), (head, repeated, tail) => {
        const unit = repeated.join("");
        const text = [...head, ...Array<string>(Math.ceil(1_000_000 / unit.length)).fill(unit), ...tail].join("");
        const lines = text.split("\n").map((line, index) => ({ number: index + 1, text: line }));
        const files = new Map([[LEDGER, lines]]);
        expect(secondsFor(() => parseEntries(text))).toBeLessThan(1);
        expect(secondsFor(() => overruledBy(files, "net.x", "2"))).toBeLessThan(1);
      }),
      { numRuns: 10 },
    );
  });

  test("with ten thousand entries", () => {
    const entry = (n: number) =>
      `# why\n# owner: DrKernelTuning all lo\n# was: 0\n# set to: net.x${n} = 1\nnet.x${n} = 1\n`;
    const text = Array.from({ length: 10_000 }, (_, n) => entry(n)).join("\n");
    let entries: unknown[] = [];
    expect(secondsFor(() => (entries = parseEntries(text)))).toBeLessThan(1);
    expect(entries).toHaveLength(10_000);
  });

  /** Seconds of this process, which a busy machine does not prolong. A damaged file may be refused. */
  function secondsFor(read: () => unknown): number {
    const before = process.cpuUsage();
    try {
      read();
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  }
});
