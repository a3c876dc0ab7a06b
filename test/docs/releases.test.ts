import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { releaseNames } from "../../tools/lab/image/releases.ts";
import { repository } from "../../tools/toolchain/paths.mjs";
import { AREAS, pathOf } from "../../tools/toolchain/soak/areas.mjs";
import { readRecord, withRun } from "../../tools/toolchain/soak/record.mjs";
import { RELEASES } from "../../tools/toolchain/soak/releases.mjs";
import { tableOf, withTable } from "../../tools/toolchain/soak/table.mjs";

test("README says of the releases what the record says, and nothing else", () => {
  const readme = readFileSync(join(repository, "README.md"), "utf8");
  expect(readme).toBe(withTable(readme, readRecord()));
});

test("every file that an area names is there", () => {
  const files = Object.values(AREAS).flat();
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((file) => !existsSync(join(repository, pathOf(file))))).toEqual([]);
});

test("the table has every release of the lab", () => {
  expect(Object.keys(RELEASES).sort()).toEqual([...releaseNames].sort());
});

describe("a table", () => {
  const seen = (passed: number, failed: readonly string[] = [], date = "2026-01-31") => ({ date, passed, failed });
  const of = (files: Readonly<Record<string, ReturnType<typeof seen>>>) => ({
    trixie: { versions: { ipvsadm: "1:1.31-5" }, files },
  });
  const row = (table: string, name: string) =>
    table
      .split("\n")
      .find((line) => line.startsWith(`| ${name} `))
      ?.split("|")
      .map((text) => text.trim());

  test("counts what passed, of what ran on that release alone", () => {
    const table = tableOf(of({ "lab/ipvs/ipvs": seen(4), "lab/ipvs/ipvs-errors": seen(3) }));
    expect(row(table, "IPVS rules, live")).toEqual([
      "",
      "IPVS rules, live",
      "not run",
      "not run",
      "all 7",
      "not run",
      "not run",
      "not run",
      "",
    ]);
    expect(row(table, "ipvsadm")?.[4]).toBe("1.31");
    expect(row(table, "tested on")?.slice(3, 5)).toEqual(["never", "2026-01-31"]);
  });

  test("says not run where one file of the area did not", () => {
    expect(row(tableOf(of({ "lab/ipvs/ipvs": seen(4) })), "IPVS rules, live")?.[4]).toBe("not run");
  });

  test("names every test that failed", () => {
    const table = tableOf(of({ "lab/ipvs/ipvs-boot": seen(5, ["$name: a *boot*"]) }));
    expect(row(table, "rules at boot")?.[4]).toBe("5 of 6");
    expect(table).toContain(String.raw`- Debian 13, lab/ipvs/ipvs-boot: $name: a \*boot\*`);
  });

  test("a later run of one file leaves the others as they were", () => {
    const first = withRun({}, "trixie", { versions: { ipvsadm: "1" }, files: { a: seen(1), b: seen(0, ["x"]) } });
    const second = withRun(first, "trixie", { versions: { ipvsadm: "2" }, files: { b: seen(1, [], "2026-02-01") } });
    expect(second).toEqual({
      trixie: { versions: { ipvsadm: "2" }, files: { a: seen(1), b: seen(1, [], "2026-02-01") } },
    });
  });
});
