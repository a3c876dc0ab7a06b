import { clientConfigProblem } from "../../../provider/kinds/nfs-mount/client-config";
import { nfsMount } from "../../../provider/kinds/nfs-mount/kind";

const problem = (text: string, input: object = {}, folder?: string) => {
  const lines = (all: string) => all.split("\n").map((line, index) => ({ number: index + 1, text: line }));
  const files = new Map([["/etc/nfsmount.conf", lines(text)]]);
  if (folder !== undefined) files.set("/etc/nfsmount.conf.d/a.conf", lines(folder));
  return clientConfigProblem(files, nfsMount.schema.parse({ source: "nfs:/common", path: "/srv/docs", ...input }));
};
const ALL = "[ NFSMount_Global_Options ]\n";

test.each([
  [
    "what fstab says, or what nobody compares",
    `${ALL}nfsvers=4.2\nhard=True\nnconnect=16\nrsize=1048576\nDefaultvers=4\n`,
    {},
  ],
  ["an option that is desired", `${ALL}noatime=True\n`, { options: ["noatime"] }],
  ["an option whose opposite is desired", `${ALL}ac=False\n`, { options: ["noac"] }],
  ["comments", `${ALL}# soft=True\n; noatime=True\n`, {}],
  ["another mount point", '[ MountPoint "/srv/other" ]\nsoft=True\n', {}],
  ["another server", '[ Server "other" ]\nsoft=True\n', {}],
  [
    "a section of the mount point that comes first",
    `${ALL}timeo=5\n[MountPoint "/srv/docs"]\ntimeo=600\n`,
    { options: ["timeo=600"] },
  ],
  ["nothing", "", {}],
])("%s in nfsmount.conf is no problem", (_, text, input) => {
  expect(problem(text, input)).toBeUndefined();
});

test.each([
  [
    "for all mounts",
    `${ALL}nfsvers=4.2\nhard=True\nnoatime=True\nnconnect=16\n`,
    {},
    'line 4, adds noatime to this mount, now and at each boot, and "options" says otherwise: add "noatime" to "options", or remove that line',
  ],
  ["soft behind our hard", `${ALL}Soft=true\n`, { options: ["hard"] }, "line 2, adds soft to"],
  ["for the server", '[ Server "NFS" ]\nlookupcache = none\n', {}, "line 2, adds lookupcache=none to"],
  ["for the mount point", '[ MountPoint "/srv/docs" ] # docs\nro=True\n', {}, "line 2, adds ro to"],
])("an option that contradicts ours is told, with file and line: %s", (_, text, input, message) => {
  expect(problem(text, input)).toContain(`/etc/nfsmount.conf, ${message}`);
});

test("the folder is read, too", () => {
  expect(problem("", {}, `${ALL}soft=True\n`)).toContain(
    "/etc/nfsmount.conf.d/a.conf, line 2, adds soft to this mount",
  );
});
