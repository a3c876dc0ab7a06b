import { drKernelTuning } from "../../provider/kinds/kernel-tuning/dr.ts";
import { vipAlias } from "../../provider/kinds/vip-alias/kind.ts";
import { virtualService } from "../../provider/kinds/virtual-service/kind.ts";
import type { Visit, Visitor } from "../../tools/lab/host/visitor.ts";
import type { LabHost } from "../../tools/lab/index.ts";
import type { HostsInUse } from "../support/use-lab.ts";
import { endRun, LabResource, LabStack } from "./resource.ts";

export const VIP = "192.168.4.5";
export const REFUSED = "Connection refused";
/** Eight clients, who are one host. */
export const CLIENTS = [10, 11, 12, 13, 14, 15, 16, 17].map((last) => ({ from: `192.168.4.${last}` }));

export const HOSTS = ["director1", "web1", "web2", "client"] as const;
const ADDRESSES6 = {
  director1: "2001:db8:4::2",
  web1: "2001:db8:4::100",
  web2: "2001:db8:4::200",
  client: "2001:db8:4::10",
};
const NGINX = `listen=$(for port in 443 $(seq 8001 8099); do echo "listen $port; listen [::]:$port;"; done)
  echo "server { root /var/www/html; $listen }" > /etc/nginx/conf.d/ports.conf
  nginx -s reload`;

export type Weights = readonly [web1: number, web2: number];

/** A service on a port of its own. */
export interface Serving {
  readonly to: string;
  readonly service: LabResource;
  readonly change: (scheduler: string, weights: Weights, more?: object) => Promise<unknown>;
}

export function realServers(web1: number, web2: number, family: "ipv4" | "ipv6" = "ipv4"): object {
  const [first, second] = family === "ipv4" ? ["192.168.4.100", "192.168.4.200"] : [ADDRESSES6.web1, ADDRESSES6.web2];
  const key = (address = "") => (family === "ipv4" ? address : `[${address}]`);
  return { [key(first)]: { weight: web1 }, [key(second)]: { weight: web2 } };
}

/** The one of the two servers that this is not. */
export const other = (server: string | undefined) => (server === "web1" ? "web2" : "web1");

/** web1 and web2 behind director1, made of our resources, and a client with several addresses. */
export class DirectRouting {
  readonly lab: HostsInUse;
  readonly visitor: Visitor;
  readonly stack: LabStack;
  #port = 8000;

  private constructor(lab: HostsInUse, visitor: Visitor, stack: LabStack) {
    this.lab = lab;
    this.visitor = visitor;
    this.stack = stack;
  }

  /** The servers listen on ports 8001 to 8099, on 443 and on 80. */
  static async start(lab: HostsInUse, vips: readonly string[] = [VIP]): Promise<DirectRouting> {
    const stack = new LabStack();
    const director = lab.host("director1");
    for (const name of HOSTS) await lab.host(name).sh(`ip -6 addr replace ${ADDRESSES6[name]}/64 dev eth0 nodad`);
    await lab.client.sh(CLIENTS.map(({ from }) => `ip addr replace ${from}/24 dev eth0`).join("\n"));
    const label = (device: string, vip: string) =>
      vip.includes(":") ? {} : { label: `${device}:${vips.indexOf(vip)}` };
    for (const web of [lab.host("web1"), lab.host("web2")]) {
      await web.sh(NGINX);
      await stack.up(drKernelTuning, web, {});
      const silent = vips.map((address) => ({ role: "realServer", address, ...label("lo", address) }));
      await stack.upAll(vipAlias, web, silent);
    }
    const aliases = vips.map((address) => ({ role: "director", address, device: "eth0", ...label("eth0", address) }));
    await stack.upAll(vipAlias, director, aliases);
    for (const vip of vips) await lab.client.forgetNeighbour(vip);
    const visitor = await lab.client.visitor();
    lab.atEnd(() => visitor.end());
    lab.giveBack(async () => {
      await stack.destroy();
      endRun();
      // With the module goes what it remembers of connections, which the next one to use this lab would meet.
      await director.sh("modprobe -r $(lsmod | awk '/^ip_vs_/ {print $1}') ip_vs");
    });
    return new DirectRouting(lab, visitor, stack);
  }

  get director(): LabHost {
    return this.lab.host("director1");
  }

  /** One of its own for each question: a service remembers its connections for two minutes, and most schedulers count them. */
  async serve(scheduler: string, weights: Weights, more: object = {}): Promise<Serving> {
    this.#port += 1;
    const to = `${VIP}:${this.#port}`;
    const args = (name: string, [web1, web2]: Weights, others: object = {}) => ({
      protocol: "tcp",
      address: to,
      scheduler: name,
      boot: false,
      realServers: realServers(web1, web2),
      ...others,
    });
    const service = await this.stack.up(virtualService, this.director, args(scheduler, weights, more));
    return { to, service, change: (...others) => service.up(args(...others)) };
  }

  /** While something happens there is this service, too. */
  async serving(args: object, during: (change: (more: object) => Promise<unknown>) => Promise<void>): Promise<void> {
    const service = new LabResource(virtualService, this.director);
    const common = { scheduler: "rr", realServers: realServers(1, 1), boot: false, ...args };
    await service.up(common);
    await during((more) => service.up({ ...common, ...more }));
    await service.destroy();
  }

  /** The page of each visit. */
  async pages(to: string, visits: readonly Omit<Visit, "to">[]): Promise<readonly string[]> {
    const pages: string[] = [];
    for (const visit of visits) pages.push(...(await this.visitor.get({ to, ...visit })));
    return pages;
  }
}
