import { findDisputed } from "../../../provider/kinds/nfs-mount/fstab";
import { readByMount, readBySystemd } from "../../../provider/kinds/nfs-mount/fstab-line";

const brief = (entry: ReturnType<typeof readByMount>) =>
  entry && `${entry.source} ${entry.path} ${entry.type} ${entry.options.join(",")}`;

// What findmnt of util-linux 2.38 and the generator of systemd 252 did with each; test/lab/files compares many more.
test.each([
  ["U+00A0 is a letter", "nfs:/a /srv/a\u00a0b nfs ro\n", "nfs:/a /srv/a\u00a0b nfs ro", "nfs:/a /srv/a\u00a0b nfs ro"],
  ["a vertical tab is a letter", "nfs:/a\v /b nfs ro\n", "nfs:/a\v /b nfs ro", "nfs:/a\v /b nfs ro"],
  ["a carriage return at the end", "nfs:/a /b nfs ro\r\n", "nfs:/a /b nfs ro", "nfs:/a /b nfs ro\r"],
  ["codes", "nfs:/a /caf\\303\\251 nfs ro", "nfs:/a /café nfs ro", "nfs:/a /caf\\303\\251 nfs ro"],
  ["two backslashes", "nfs:/a /a\\\\b nfs ro", "nfs:/a /a\\\\b nfs ro", "nfs:/a /a\\b nfs ro"],
  [
    "the code of a backslash begins no other",
    "nfs:/a /a\\134040 nfs ro",
    "nfs:/a /a\\040 nfs ro",
    "nfs:/a /a\\040 nfs ro",
  ],
  ["no options", "nfs:/a /b nfs", "nfs:/a /b nfs defaults", "nfs:/a /b nfs defaults"],
  ["no type", "nfs:/a /b", undefined, "nfs:/a /b  defaults"],
  ["no number", "nfs:/a /b nfs ro x 0", undefined, "nfs:/a /b nfs ro"],
  ["more fields", "nfs:/a /b nfs ro 0 0 # mine", "nfs:/a /b nfs ro", "nfs:/a /b nfs ro"],
  ["a comment", " \t# nfs:/a /b nfs ro", undefined, undefined],
  ["nothing", " \t", undefined, undefined],
])("%s", (_, line, byMount, bySystemd) => {
  expect([brief(readByMount(line)), brief(readBySystemd(line))]).toEqual([byMount, bySystemd]);
});

test("a line that is an entry of a mount point to one of the two only is found", () => {
  const text = "nfs:/a /b nfs\nnfs:/a /srv/a\\\\b nfs\nnfs:/a /srv/\\143 nfs\nnfs:/a srv/e nfs\nnone none swap\n";
  expect(
    ["/b", "/srv/a\\b", "/srv/a\\\\b", "/srv/c", "/d", "/srv/e", "/none"].map((path) => findDisputed(text, path)),
  ).toEqual([undefined, 2, 2, 3, undefined, 4, undefined]);
});

test.each([
  ["blanks", " "],
  ["tabs and blanks", "\t "],
  ["comment signs", "#"],
  ["codes", "\\040"],
  ["backslashes", "\\"],
  ["fields", "a "],
  ["carriage returns", "\r"],
])("a megabyte of %s is read in less than a second", (_, unit) => {
  const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
  const started = process.cpuUsage();
  for (const line of [text, `nfs:/a /b nfs ${text}`, `nfs:/a ${text} nfs`]) {
    expect(findDisputed(line, "/x")).toBeUndefined();
  }
  expect(process.cpuUsage(started).user).toBeLessThan(1_000_000);
});
