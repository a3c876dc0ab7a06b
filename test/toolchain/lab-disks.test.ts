import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { disksOf } from "../../tools/lab/disks.ts";
import { repository } from "../../tools/toolchain/paths.mjs";

const inTests = (path: string) => join(repository, "test", path);

afterEach(() => {
  delete process.env["PULUMI_LVS_RELEASE"];
});

test.each([
  { files: ["e2e/lifecycle/successor.test.ts"], disks: ["bookworm"], why: "director1" },
  { files: ["lab/lab/lab.test.ts"], disks: ["bookworm", "trixie"], why: "the usual hosts" },
  { files: ["lab/ipvs/connections.test.ts"], disks: ["bookworm", "trixie"], why: "hosts that an imported file names" },
  {
    files: ["lab/network/network-managers.test.ts"],
    disks: ["bookworm-managers", "trixie-managers"],
    why: "hosts of each manager",
  },
  { files: ["e2e/hosts/refusals.test.ts"], disks: [], why: "no lab, though its program names a host" },
  {
    files: ["lab/system/packages.test.ts", "lab/network/network-managers.test.ts"],
    disks: ["trixie", "bookworm-managers", "trixie-managers"],
    why: "those of both files",
  },
])("$files needs the disks $disks: $why", ({ files, disks }) => {
  expect(disksOf(files.map(inTests))).toEqual(disks);
});

describe("releases", () => {
  let folder: string;
  const fileOf = (text: string) => {
    const path = join(folder, "one.test.ts");
    writeFileSync(path, text);
    return path;
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "lab-disks-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("a host has the release that the file wants for it, and others their own", () => {
    const file = fileOf(
      'const lab = useLab({\n  hosts: ["web1", "web2", "nm1", "bare"],\n  releases: { web1: "bullseye",\n nm1: "testing" },\n});',
    );
    expect(disksOf([file])).toEqual(["bullseye", "trixie", "bookworm", "testing-managers"]);
  });

  test("PULUMI_LVS_RELEASE is the release of all hosts", () => {
    process.env["PULUMI_LVS_RELEASE"] = "bullseye";
    const file = fileOf('useLab({ hosts: ["web1", "nm1"], releases: { web1: "trixie" } });');
    expect(disksOf([file])).toEqual(["bullseye", "bullseye-managers"]);
  });

  test("an unknown release is refused with those that there are", () => {
    process.env["PULUMI_LVS_RELEASE"] = "buster";
    expect(() => disksOf([inTests("lab/network/vip.test.ts")])).toThrow(
      'No release "buster". Releases of the lab\'s hosts: bullseye, bookworm, trixie, testing, ifupdown2, uutils',
    );
  });
});
