/** Two resources for each host, that need no kernel module: what each real server of a cluster has. */
export function ours(names: readonly string[]): string {
  return `import * as lvs from "pulumi-lvs";
for (const host of ${JSON.stringify(names)}) {
  const tuning = new lvs.DrKernelTuning(host, { host });
  new lvs.VipAlias(host, { host, role: "realServer", address: "${VIP}", boot: false }, { dependsOn: tuning });
}
`;
}

export const VIP = "192.0.2.5";
