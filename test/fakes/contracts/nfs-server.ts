import type { Fact } from "../../../provider/facts/fact";
import { type PathState, pathState } from "../../../provider/facts/files/path-state";
import { exportTable, type KnownHost, meanings, nfsThreads } from "../../../provider/kinds/nfs-export/facts";
import { nfsExport } from "../../../provider/kinds/nfs-export/kind";
import { run } from "../../../provider/step";
import type { Contract } from "./contract";

interface ServerFacts {
  readonly table: readonly string[];
  readonly threads: number | undefined;
  readonly hosts: ReadonlyMap<string, KnownHost>;
  readonly place: PathState;
}

/** exportfs's table, in an order that does not depend on the order of exports. */
const table: Fact<readonly string[]> = {
  command: exportTable.command,
  parse: (output) =>
    exportTable
      .parse(output)
      .map(({ path, client, options }) => `${path} ${client} ${options.join(",")}`)
      .sort(),
};

const names = meanings(["web1", "nohost.invalid"]);

const hosts: Fact<ReadonlyMap<string, KnownHost>> = {
  command: names.command,
  parse: (output) => names.parse(output).hosts,
};

const head = (first: string, rest = "secure,root_squash,no_all_squash") =>
  `${first},sync,wdelay,hide,nocrossmnt,${rest},no_subtree_check,secure_locks,acl,no_pnfs,anonuid=65534,anongid=65534`;
const sys = (first: string, rest = "secure,root_squash,no_all_squash") => `sec=sys,${first},${rest}`;
const PLAIN = `/contract/a * ${head("rw")},${sys("rw")}`;

/** exportfs as FakeNfsServer has it. The host starts with an empty table, a directory /contract/a, and web1 in /etc/hosts. */
export const nfsServer: Contract<ServerFacts> = {
  name: "FakeNfsServer",
  host: "nfs",
  reset: `systemctl start nfs-server
exportfs -au
rm -rf /contract
mkdir -p /contract/a`,
  facts: {
    table,
    threads: nfsThreads,
    hosts,
    place: pathState("/contract/b"),
  },
  advice: nfsExport.advice ?? [],
  scenarios: [
    {
      name: "an export is written out with all options, replaced by the next one, and removed",
      steps: [
        { step: add("rw,no_subtree_check", "*"), seen: { table: [PLAIN], threads: 8 } },
        {
          step: add("ro,insecure,all_squash,async,no_wdelay,nohide,crossmnt,no_acl,insecure_locks,subtree_check", "*"),
          seen: {
            table: [
              "/contract/a * ro,async,no_wdelay,nohide,crossmnt,insecure,root_squash,all_squash,subtree_check,insecure_locks," +
                "no_acl,no_pnfs,anonuid=65534,anongid=65534,sec=sys,ro,insecure,root_squash,all_squash",
            ],
          },
        },
        { step: remove("*"), seen: { table: [] } },
      ],
    },
    {
      name: "clients are hosts, networks and addresses of either family",
      steps: [
        {
          step: add("rw,no_subtree_check", "*", "192.168.2.0/24", "[2001:db8::1]", "web1"),
          seen: {
            table: ["*", "192.168.2.0/24", "2001:db8::1", "web1"].map((client) => PLAIN.replace(" * ", ` ${client} `)),
            hosts: new Map([["web1", { canonical: "web1", addresses: ["192.168.4.100"] }]]),
          },
        },
        {
          step: remove("192.168.2.0/24", "[2001:db8::1]", "web1"),
          seen: { table: [PLAIN] },
        },
      ],
    },
    {
      name: "words after sec= are of those flavours, and of the common part",
      steps: [
        {
          step: add("ro,no_subtree_check,sec=krb5:krb5i,rw,sec=sys,no_root_squash", "*"),
          seen: {
            table: [
              `/contract/a * ${head("rw", "secure,no_root_squash,no_all_squash")},` +
                `sec=krb5:krb5i,rw,secure,root_squash,no_all_squash,${sys("rw", "secure,no_root_squash,no_all_squash")}`,
            ],
          },
        },
      ],
    },
    {
      name: "values are written out",
      steps: [
        {
          step: add("rw,no_subtree_check,fsid=7,anonuid=99,anongid=-2", "*"),
          seen: {
            table: [
              `/contract/a * ${head("rw").replace("anonuid=65534,anongid=65534", "fsid=7,anonuid=99,anongid=-2")},${sys("rw")}`,
            ],
          },
        },
      ],
    },
    {
      name: "a missing directory is an error, and exported all the same",
      steps: [
        {
          step: run("exportfs", "-i", "-o", "rw,no_subtree_check", "*:/contract/b"),
          fails: {
            code: 1,
            stderr: "exportfs: Failed to stat /contract/b: No such file or directory",
            advice: "The directory is missing",
          },
          seen: {
            table: [PLAIN.replace("/contract/a", "/contract/b")],
            place: { state: "missing", real: "/contract/b", firstMissing: "/contract/b" },
          },
        },
        { step: run("mkdir", "-p", "--", "/contract/b"), seen: { place: { state: "empty", real: "/contract/b" } } },
      ],
    },
    {
      name: "a host that cannot be resolved is skipped, and no error",
      steps: [{ step: add("rw,no_subtree_check", "nohost.invalid", "*"), seen: { table: [PLAIN] } }],
    },
    {
      name: "an export that is not there cannot be removed",
      steps: [
        {
          step: remove("192.168.2.9"),
          fails: { code: 1, stderr: "exportfs: Could not find '192.168.2.9:/contract/a' to unexport." },
        },
      ],
    },
  ],
};

function add(options: string, ...clients: readonly string[]) {
  return run("exportfs", "-i", "-o", options, ...clients.map((client) => `${client}:/contract/a`));
}

function remove(...clients: readonly string[]) {
  return run("exportfs", "-u", ...clients.map((client) => `${client}:/contract/a`));
}
