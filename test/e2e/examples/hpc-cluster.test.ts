import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LabHost } from "../../../tools/lab/index.ts";
import { repository } from "../../../tools/toolchain/paths.mjs";
import { step } from "../../support/step.ts";
import { useLab } from "../../support/use-lab.ts";
import { liveThrough } from "./example.ts";

const NODES = ["web1", "web2"] as const;
const HOSTS = ["nfs", ...NODES] as const;

// Debian 12 alone has Slurm in the lab.
const lab = useLab({ hosts: HOSTS, releases: { web2: "bookworm" } });

test("hpc-cluster: jobs over two nodes, their output on all hosts, after a reboot as well, and a node less", async () => {
  const [head, web1, web2] = HOSTS.map((name) => lab.host(name)) as [LabHost, LabHost, LabHost];
  const key = randomBytes(64).toString("hex");
  // As Debian leaves it on a host where it was just installed: it runs, and no other host has its key.
  await web2.sh(
    "cp -p /etc/munge/munge.key /root; runuser -u munge -- mungekey --create --force; systemctl enable --now munge",
  );

  const asOps = (command: string) => head.text(`cd /common/ops; runuser -u ops -- timeout 60 ${command}`);
  const jobs = async (output: string) => {
    expect((await asOps("srun -N2 hostname")).split("\n").toSorted()).toEqual([...NODES]);
    // sbatch --wait looks again after 2 s, and then after 8 s.
    const submit = `sbatch -N2 -o ${output} --wrap "srun hostname | sort; id -un"`;
    await asOps(`sh -c '${submit} && until grep -qs ops ${output}; do sleep 0.1; done'`);
    const read = await Promise.all(HOSTS.map((name) => lab.host(name).text(`cat /common/ops/${output}`)));
    expect(read).toEqual(HOSTS.map(() => "web1\nweb2\nops"));
  };
  const reboot = async () => {
    const started = () => head.text("scontrol show node web1 | grep -o 'SlurmdStartTime=[^ ]*'");
    const before = await started();
    await web1.reboot();
    while ((await started()) === before) await head.sh("sleep 0.2");
  };

  await liveThrough(
    lab,
    "hpc-cluster",
    async (stack) => {
      expect(JSON.stringify([...stack.resources()])).not.toContain(key);
      await head.sh("install -d -o ops -g ops /common/ops");
      await step("jobs over two nodes", () => jobs("first"));
      await step("a node reboots", reboot);
      await step("jobs after the reboot", () => jobs("second"));
      await step("a node less", async () => {
        const program = readFileSync(join(repository, "examples", "hpc-cluster", "index.ts"), "utf8");
        stack.write(program.replace(', web2: "192.168.2.200"', ""));
        await stack.up();
        expect(await asOps("srun hostname; sinfo --noheader --format %N")).toBe("web1\nweb1");
      });
      await head.sh("rm -r /common/ops");
    },
    {
      first: async (stack) => {
        await stack.run(["config", "set", "--secret", "mungeKey"], { input: key });
      },
      // What systemd starts along with an NFS server, and leaves when that stops.
      stays: /^\+ services: (?:fsidd|nfsdcld|rpcbind|rpc-statd|rpc-statd-notify)\.service$/,
    },
  );
  await web2.sh("systemctl disable --now munge; mv /root/munge.key /etc/munge/munge.key");
});
