import * as pulumi from "@pulumi/pulumi";
import * as lvs from "pulumi-lvs";

// The head has the queue and the files. The nodes run the jobs.
const head = { host: "nfs", address: "192.168.2.50" };
const nodes: Readonly<Record<string, string>> = { web1: "192.168.2.100", web2: "192.168.2.200" };

// One directory for all of them, under one name.
const common = new lvs.SharedDocumentRoot("common", {
  server: head,
  path: "/common",
  exportTo: { "192.168.2.0/24": ["rw"] },
  webServers: Object.keys(nodes),
  mountPath: "/common",
  version: "4.2",
});

// The same file on all hosts: they compare it.
const slurmConf = `ClusterName=small
SlurmctldHost=${head.host}(${head.address})
SlurmUser=slurm
StateSaveLocation=/var/lib/slurm/slurmctld
SlurmdSpoolDir=/var/lib/slurm/slurmd
# A node that was away takes jobs again by itself.
ReturnToService=2
# An srun that is gone without a word keeps its nodes for a minute, not for ever.
InactiveLimit=30
${Object.entries(nodes)
  .map(([name, address]) => `NodeName=${name} NodeAddr=${address}\n`)
  .join("")}PartitionName=all Nodes=ALL Default=YES
`;

// Who has the key may give orders as any user.
const mungeKey = new pulumi.Config().requireSecret("mungeKey");

/** What head and nodes have alike: MUNGE with the key of this cluster, and slurm.conf for their daemon. */
function member(host: string, daemon: "slurmctld" | "slurmd") {
  const installed = [daemon, "slurm-client"].map((name) => new lvs.Package(`${name}-${host}`, { host, name }));
  const key = new lvs.File(
    `munge-key-${host}`,
    {
      host,
      path: "/etc/munge/munge.key",
      content: mungeKey,
      mode: "0400",
      owner: "munge",
      group: "munge",
      // Debian starts it with a key of the host's own, and it cannot reload.
      validate: ["systemctl", "try-restart", "munge"],
    },
    { dependsOn: installed },
  );
  const munge = new lvs.SystemdService(`munge-${host}`, { host, name: "munge" }, { dependsOn: key });
  const conf = new lvs.File(
    `slurm-conf-${host}`,
    {
      host,
      path: "/etc/slurm/slurm.conf",
      content: slurmConf,
      // scontrol fails at what it cannot read. A reload would end slurmctld where a node is new; a restart ends no job.
      validate: ["sh", "-c", `scontrol show hostnames any && systemctl try-restart ${daemon}`],
    },
    { dependsOn: installed },
  );
  return [munge, conf];
}

const controller = new lvs.SystemdService(
  "slurmctld",
  { host: head.host, name: "slurmctld" },
  { dependsOn: member(head.host, "slurmctld") },
);

for (const host of Object.keys(nodes)) {
  const ready = member(host, "slurmd");
  // Without this file Slurm 22.05 looks for cgroups in a folder without a name, and no job starts.
  const cgroups = new lvs.File(
    `cgroup-conf-${host}`,
    { host, path: "/etc/slurm/cgroup.conf", content: "CgroupPlugin=autodetect\n", reload: "slurmd" },
    { dependsOn: ready },
  );
  // After a boot, too, no job begins without the files.
  const mounted = new lvs.File(`slurmd-mounts-${host}`, {
    host,
    path: "/etc/systemd/system/slurmd.service.d/common.conf",
    content: "[Unit]\nRequiresMountsFor=/common\n",
  });
  new lvs.SystemdService(
    `slurmd-${host}`,
    { host, name: "slurmd" },
    { dependsOn: [common, controller, cgroups, mounted, ...ready] },
  );
}
