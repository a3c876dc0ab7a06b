import { join } from "node:path";
import { disksOf } from "../../tools/lab/disks.ts";
import { repository } from "../../tools/toolchain/paths.mjs";

const inTests = (path: string) => join(repository, "test", path);

test.each([
  { files: ["e2e/lifecycle/successor.test.ts"], disks: ["usual"], why: "director1" },
  { files: ["lab/lab/lab.test.ts"], disks: ["usual"], why: "the usual hosts" },
  { files: ["lab/ipvs/schedulers.test.ts"], disks: ["usual"], why: "hosts that an imported file names" },
  { files: ["lab/network/network-managers.test.ts"], disks: ["managers"], why: "a host of each network manager" },
  { files: ["e2e/hosts/refusals.test.ts"], disks: [], why: "no lab, though its program names a host" },
  {
    files: ["lab/network/vip.test.ts", "lab/network/network-managers.test.ts"],
    disks: ["usual", "managers"],
    why: "those of both files",
  },
])("$files needs the disks $disks: $why", ({ files, disks }) => {
  expect(disksOf(files.map(inTests))).toEqual(disks);
});
