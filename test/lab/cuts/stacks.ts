import { natKernelTuning } from "../../../provider/kinds/kernel-tuning/nat.ts";
import { tunKernelTuning } from "../../../provider/kinds/tun-kernel-tuning/kind.ts";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind.ts";
import { repositoryScript } from "../../../tools/lab/repository.ts";
import { type Declared, parts } from "./parts.ts";

function together(all: readonly (readonly Declared[])[]): readonly Declared[] {
  return all.reduce(
    (before, part) => [
      ...before,
      ...part.map((one) => ({ ...one, needs: (one.needs ?? []).map((place) => place + before.length) })),
    ],
    [],
  );
}

const some = together([parts.service, parts.servers, parts.silent, parts.documents]);

/** Of all kinds. A tunnel that comes before the settings of NAT inherits others than one that comes after them. */
const whole = together(Object.values(parts)).map((one, _, all) => {
  const router = all.findIndex(({ kind }) => kind === natKernelTuning);
  return one.kind === tunKernelTuning ? { ...one, needs: [...(one.needs ?? []), router] } : one;
});

/** Its removal and its change take a route along, so that the host takes them back unless they are confirmed. */
const guarded: readonly Declared[] = [
  {
    kind: vipAlias,
    args: { role: "director", address: "192.168.9.5/24", device: "eth0", gratuitousArp: false },
    after: { label: "eth0:cut" },
  },
];

/** Small ones, whose runs are short, one of some and one of all of them, and one whose interrupted runs wait for the host. */
export const STACKS = { ...parts, some, whole, guarded } as const;
export type StackName = keyof typeof STACKS;

export type StackChoice = readonly [StackName, ...StackName[]];
/** Those whose runs are short are tried more often. Those of keepalived wait for its checks: a soak has them. */
const SMALL: StackChoice = [
  "service",
  "service",
  "servers",
  "servers",
  "settings",
  "settings",
  "router",
  "router",
  "silent",
  "silent",
  "tunnel",
  "documents",
  "mount",
  "masked",
  "packages",
  "files",
];

/** What the host has before, and after each boot: a module, two services, a file system and a repository. */
export const PREPARE = `${repositoryScript([{ name: "lvs-lab-daemon", version: "1.0", service: "/bin/sleep infinity" }])}
echo ip_vs > /etc/modules-load.d/lab.conf; modprobe ip_vs
for unit in cut cut-off; do
  printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' > /usr/lib/systemd/system/$unit.service
done
for folder in exported other; do
  mkdir -p /srv/$folder; line="/srv/$folder 192.168.2.100(ro,no_subtree_check)"; grep -qxF "$line" /etc/exports || echo "$line" >> /etc/exports
done
systemctl enable --now cut nfs-server nginx; exportfs -ra
# What is touched after that is shown whole.
touch /var/tmp/prepared; sleep 0.05; touch /etc/fstab /etc/exports /etc/default/ipvsadm /etc/ipvsadm.rules; sync`;

/** By a name, or all of the small ones. */
export function stacksOf(name: string | undefined, usual: StackChoice = SMALL): StackChoice {
  const named = Object.keys(STACKS).find((one) => one === name) as StackName | undefined;
  return named === undefined ? usual : [named];
}
