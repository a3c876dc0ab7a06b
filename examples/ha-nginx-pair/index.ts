import * as lvs from "pulumi-lvs";

/** In place of the site that Debian's package has. Requests go on to the next server where one fails. */
const site = `upstream pool {
    server 192.168.4.100 max_fails=1 fail_timeout=5s;
    server 192.168.4.200 max_fails=1 fail_timeout=5s;
}
server {
    listen 80 default_server;
    location = /health {
        return 200;
    }
    location / {
        proxy_pass http://pool;
        proxy_connect_timeout 1s;
        proxy_next_upstream error timeout http_502 http_503 http_504;
    }
}
`;

const balancers = ["director1", "director2"];

const ready = balancers.map((host) => {
  const packages = ["nginx", "curl"].map((name) => new lvs.Package(`${host}-${name}`, { host, name }));
  const file = new lvs.File(
    host,
    { host, path: "/etc/nginx/sites-available/default", content: site, validate: ["nginx", "-t"], reload: "nginx" },
    { dependsOn: packages },
  );
  return new lvs.SystemdService(host, { host, name: "nginx" }, { dependsOn: file });
});

// The address is on a host whose nginx runs, and answers: one that hangs is as gone as one that has stopped.
new lvs.FailoverPair(
  "web",
  {
    hosts: balancers,
    device: "eth0",
    virtualRouterId: 51,
    addresses: ["192.168.4.5"],
    track: { services: ["nginx"], scripts: ["/usr/bin/curl -sf -m 1 -o /dev/null http://127.0.0.1/health"] },
  },
  { dependsOn: ready },
);

export const url = "http://192.168.4.5/";
