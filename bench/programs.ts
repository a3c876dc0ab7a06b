/** What is measured: some number of real servers, each a resource of its own or all in one. */
export interface Shape {
  readonly servers: number;
  readonly inline: boolean;
  /** keepalived looks at the real servers, and has an address up. */
  readonly failover?: true;
  /** Resources that the engine works on at a time, ours and its own; four for each processor unless told. */
  readonly parallel?: number;
}

export const SERVICE = "192.168.4.5:80";

export const describeShape = ({ servers, inline, failover, parallel }: Shape) =>
  `${servers} ${failover ? "failover" : inline ? "inline" : "separate"}${parallel === undefined ? "" : `, -p ${parallel}`}`;

/** Weights differ, so that no two servers are alike. */
export const entries = ({ servers }: Shape) =>
  Array.from({ length: servers }, (_, index): [string, number] => [
    `10.1.${index >> 8}.${index & 255}`,
    (index % 100) + 1,
  ]);

/** The same service as words for `ipvsadm -R`. */
export function rules(shape: Shape, verb: "add" | "delete"): string {
  if (verb === "delete") return `-D -t ${SERVICE}\n`;
  const servers = entries(shape).map(([address, weight]) => `-a -t ${SERVICE} -r ${address}:80 -g -w ${weight}\n`);
  return `-A -t ${SERVICE} -s wrr\n${servers.join("")}`;
}

/** The same failover as keepalived's own file. */
export function keepalivedFile(shape: Shape): string {
  const servers = entries(shape).map(
    ([address, weight]) => `  real_server ${address} 80 {
    weight ${weight}
    MISC_CHECK {
      misc_path "${PASSES} ${address} 80"
      misc_timeout 2
    }
  }`,
  );
  const [vip = "", port = ""] = SERVICE.split(":");
  return `vrrp_instance vip {
  state BACKUP
  interface eth0
  virtual_router_id 60
  priority 254
  virtual_ipaddress {
    ${FLOATING}
  }
}
virtual_server ${vip} ${port} {
  delay_loop 2
  lb_algo wrr
  lb_kind DR
  protocol TCP
${servers.join("\n")}
}
`;
}

const FLOATING = "192.168.4.8";
const PASSES = "/usr/bin/true";

const head = (shape: Shape) => `const entries = ${JSON.stringify(entries(shape))};\n`;

/** Ours, as a user would write it. */
export function ours(shape: Shape): string {
  const check = shape.failover ? `, healthCheck: { command: "${PASSES}" }` : "";
  const service = `{ host: "director1", protocol: "tcp", address: "${SERVICE}", scheduler: "wrr"${check}`;
  const instance = shape.failover
    ? `new lvs.VrrpInstance("vip", { host: "director1", device: "eth0", virtualRouterId: 60, priority: 254, addresses: ["${FLOATING}"] });\n`
    : "";
  const body = shape.inline
    ? `${instance}new lvs.VirtualService("web", ${service}, realServers: Object.fromEntries(entries.map(([address, weight]) => [address, { weight }])) });`
    : `const web = new lvs.VirtualService("web", ${service} });
for (const [address, weight] of entries) new lvs.RealServer(String(address), { host: "director1", service: web, address: String(address), weight: Number(weight) });`;
  return `import * as lvs from "pulumi-lvs";\n${head(shape)}${body}\n`;
}

/** As many resources of as many properties, that do nothing: what the engine itself takes. */
export function floor(shape: Shape): string {
  const body = shape.inline
    ? `${shape.failover ? 'new Nothing("vip", { address: "192.168.4.8" });\n' : ""}new Nothing("web", { realServers: Object.fromEntries(entries.map(([address, weight]) => [address, { forwarding: "direct", weight, upperThreshold: 0, lowerThreshold: 0 }])) });`
    : `const web = new Nothing("web", { weight: 0, key: "web" });
for (const [address, weight] of entries) new Nothing(String(address), { service: web.key, address, weight, forwarding: "direct", upperThreshold: 0, lowerThreshold: 0, boot: true, commands: ["-a -t ${SERVICE} -g -w 1"] });`;
  return `import * as pulumi from "@pulumi/pulumi";
class Nothing extends pulumi.CustomResource {
  declare key: pulumi.Output<string>;
  constructor(name: string, args: object) {
    super("pulumi-nodejs:dynamic/bench:Nothing", name, { key: undefined, ...args, __provider: ${JSON.stringify(NOTHING)} });
  }
}
${head(shape)}${body}
`;
}

/** DRIFT in the environment makes one resource look changed by hand. */
const NOTHING = `exports.handler = () => ({
  check: async (olds, news) => ({ inputs: news }),
  diff: async (id, olds, news) => ({ changes: olds.drifted === true }),
  create: async (inputs) => ({ id: "nothing", outs: inputs }),
  read: async (id, props) => ({ id, props: { ...props, drifted: process.env.DRIFT === "1" && (props.address === "10.1.0.0" || props.realServers !== undefined) } }),
  update: async (id, olds, news) => ({ outs: news }),
  delete: async () => {},
});`;
