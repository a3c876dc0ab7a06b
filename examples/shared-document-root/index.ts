import * as lvs from "pulumi-lvs";

// The server: its package, its service, and what it exports.
const host = "nfs";
const nfsd = new lvs.Package("nfs-server", { host, name: "nfs-server" });
const server = new lvs.SystemdService("nfs-server", { host, name: "nfs-server" }, { dependsOn: nfsd });
const common = new lvs.NfsExport(
  "common",
  { host, path: "/common", clients: { "192.168.2.0/24": ["rw"] } },
  { dependsOn: server },
);

// Each web server: the mount first, then what nginx is to serve from it, then nginx.
for (const web of ["web1", "web2"]) {
  const client = new lvs.Package(`nfs-client-${web}`, { host: web, name: "nfs-client" });
  const root = new lvs.NfsMount(
    web,
    { host: web, source: "192.168.2.50:/common", path: "/srv/www", version: "4.2", options: ["ro"] },
    { dependsOn: [client, common] },
  );
  const site = new lvs.File(
    `site-${web}`,
    {
      host: web,
      path: "/etc/nginx/conf.d/shared.conf",
      content: "server { listen 8080; root /srv/www; }\n",
      validate: ["nginx", "-t"],
      reload: "nginx",
    },
    { dependsOn: root },
  );
  new lvs.SystemdService(`nginx-${web}`, { host: web, name: "nginx" }, { dependsOn: site });
}
