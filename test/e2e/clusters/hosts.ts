import type { Lab } from "../../../tools/lab/index.ts";

/** The web servers listen on a port beside 80, too. */
export function alsoServe(lab: Lab, port: number): Promise<unknown> {
  const server = `server { listen ${port}; listen [::]:${port}; root /var/www/html; }`;
  const script = `echo '${server}' >/etc/nginx/conf.d/${port}.conf && systemctl reload nginx`;
  return Promise.all((["web1", "web2"] as const).map((name) => lab.host(name).sh(script)));
}
