import type { HostName } from "../../../tools/lab/index.ts";
import { giveIpv6 } from "../../../tools/lab/ipv6.ts";
import type { HostsInUse } from "../../support/use-lab.ts";

/** The web servers listen on a port beside 80, too. */
export function alsoServe(lab: HostsInUse, port: number): Promise<unknown> {
  const server = `server { listen ${port}; listen [::]:${port}; root /var/www/html; }`;
  const file = `/etc/nginx/conf.d/${port}.conf`;
  const onWebs = (script: string) => {
    return Promise.all(
      (["web1", "web2"] as const).map((name) => lab.host(name).sh(`${script}; systemctl reload nginx`)),
    );
  };
  lab.giveBack(() => onWebs(`rm ${file}`));
  return onWebs(`echo '${server}' >${file}`);
}

/** The hosts have IPv6 addresses on the front network. */
export async function speakIpv6(lab: HostsInUse, names: readonly HostName[]): Promise<void> {
  lab.giveBack(await giveIpv6(lab, names));
}
