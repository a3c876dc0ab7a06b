import { serverConfigProblem } from "../../../provider/kinds/nfs-export/server-config-facts";

const CONF = "/etc/nfs.conf";
const problem = (texts: Readonly<Record<string, string>>) =>
  serverConfigProblem(
    new Map(
      Object.entries(texts).map(([path, text]) => [
        path,
        text.split("\n").map((line, index) => ({ number: index + 1, text: line })),
      ]),
    ),
  );

/** As nfs-utils 2.6.2 and 2.8.3 ship it, in short. */
const SHIPPED =
  "[general]\npipefs-directory=/run/rpc_pipefs\n#\n[exports]\n# rootdir=/export\n#\n[mountd]\nmanage-gids=y\n";

test.each([
  ["the file of the distribution", { [CONF]: SHIPPED }],
  ["the root itself", { [CONF]: "[exports]\nrootdir = /\n" }],
  ["the root with dots", { [CONF]: "[exports]\nrootdir=/./ # all\n" }],
  ["nothing", { [CONF]: '[exports]\nrootdir = ""\n' }],
  ["a comment that goes on", { [CONF]: "[exports]\n# was: \\\nrootdir = /x\n" }],
  ["another section", { [CONF]: "[exportfs]\nrootdir=/x\n" }],
  ["a section that is not closed", { [CONF]: "[exports\nrootdir=/x\n" }],
  ["a quote that is not closed", { [CONF]: '[exports]\nrootdir="/x\n' }],
  ["no section", { [CONF]: "rootdir=/x\n" }],
  ["a later value in the same file", { [CONF]: "[exports]\nrootdir=/x\nrootdir=/\n" }],
  ["the distribution's, which the one in /etc replaces", { "/usr/etc/nfs.conf": "[exports]\nrootdir=/x", [CONF]: "" }],
  ["a file that nothing includes", { "/etc/nfs.conf.local": "[exports]\nrootdir=/x\n" }],
  ["the usual place of the table", { [CONF]: "[mountd]\nstate-directory-path=/var/lib/nfs/\n" }],
  [
    "SUSE's, which includes",
    {
      [CONF]: "[environment]\ninclude = /etc/sysconfig/nfs\ninclude = -/etc/nfs.conf.local\n",
      "/etc/sysconfig/nfs": "rootdir=/x\n",
    },
  ],
])("%s moves no export", (_, texts) => {
  expect(problem(texts)).toBeUndefined();
});

test.each([
  [
    "a root",
    { [CONF]: "[exports]\n rootdir = /srv/nfs # all\n" },
    "/etc/nfs.conf, line 2, sets rootdir=/srv/nfs, below which",
  ],
  [
    "a value, which an empty one does not take back",
    { [CONF]: "[exports]\nrootdir=/x\nrootdir=\n" },
    "line 2, sets rootdir=/x,",
  ],
  ["capital letters", { [CONF]: "[ Exports ] x\nRootDir='/a b'\n" }, "/etc/nfs.conf, line 2, sets rootdir=/a b,"],
  [
    "a file of the folder",
    { [CONF]: SHIPPED, "/etc/nfs.conf.d/a.conf": "[exports]\n\nrootdir=/x" },
    "/etc/nfs.conf.d/a.conf, line 3, sets rootdir=/x,",
  ],
  [
    "the distribution's",
    { "/usr/etc/nfs.conf.d/a.conf": "[exports]\nrootdir=/x" },
    "/usr/etc/nfs.conf.d/a.conf, line 2,",
  ],
  ["a line that goes on", { [CONF]: "[exports]\nrootdir=\\\n/x\n" }, "/etc/nfs.conf, line 2, sets rootdir=/x,"],
  [
    "a value of the environment",
    { [CONF]: "[exports]\nrootdir=$ROOT\n" },
    "/etc/nfs.conf, line 2, sets rootdir=$ROOT,",
  ],
  [
    "an included file",
    { [CONF]: "[exports]\ninclude=-nfs.conf.local\n", "/etc/nfs.conf.local": "rootdir=/x\n" },
    "/etc/nfs.conf.local, line 1, sets rootdir=/x,",
  ],
  [
    "an included file that is not read",
    { [CONF]: "[exports]\ninclude = /root/more.conf\n" },
    "/etc/nfs.conf, line 2, includes /root/more.conf, which may set rootdir, and is not read here: move its text to a file in /etc/nfs.conf.d",
  ],
  [
    "another place of the table",
    { [CONF]: "[mountd]\nstate-directory-path=/shared/nfs\n" },
    "/etc/nfs.conf, line 2, sets state-directory-path=/shared/nfs, where exportfs then keeps its table",
  ],
])("%s is told, with file and line", (_, texts, message) => {
  expect(problem(texts)).toContain(message);
});
