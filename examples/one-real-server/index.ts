import * as lvs from "pulumi-lvs";

const vip = "192.168.4.5";
const host = "web2";

const tuning = new lvs.DrKernelTuning("tuning", { host });
const alias = new lvs.VipAlias("vip", { host, role: "realServer", address: vip }, { dependsOn: tuning });

// The service is somebody else's: only our line in it is ours. Taken out, it is drained first.
new lvs.RealServer(
  "web2",
  {
    host: "director1",
    service: `tcp ${vip}:80`,
    address: "192.168.4.200",
    weight: 1,
    drain: { timeout: 30 },
  },
  { dependsOn: alias },
);
