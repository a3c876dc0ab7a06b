import { readFileSync } from "node:fs";
import { join } from "node:path";
import { trace } from "../../../provider/host/shell/trace";
import { scratchFolder } from "../scratch";

const LINE = { host: "web1", kind: "apply", commands: 1, steps: 1, ms: 5 } as const;

afterEach(() => {
  delete process.env["PULUMI_LVS_TRACE"];
});

test("appends a line of JSON", () => {
  const path = join(scratchFolder(), "trace");
  process.env["PULUMI_LVS_TRACE"] = path;
  trace(LINE);
  expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject(LINE);
});

test("a full disk, which the host does not know of, fails no change", () => {
  const warn = jest.spyOn(process, "emitWarning").mockReturnValue();
  process.env["PULUMI_LVS_TRACE"] = "/dev/full";
  trace(LINE);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining("ENOSPC"));
});
