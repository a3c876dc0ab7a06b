import type { Change } from "../change.ts";
import { ours, same, theirs } from "./words.ts";

const unit = (at: "nginx" | "never" | "server", fields: readonly string[], typed: string): Change =>
  ours(at, fields, typed, { spot: `unit/${at}` });
const dropIn = (name: string, text: string) =>
  `mkdir -p /etc/systemd/system/${name}.d; printf '${text}' > /etc/systemd/system/${name}.d/theirs.conf; systemctl daemon-reload`;
const withoutDropIn = (name: string) => `rm -r /etc/systemd/system/${name}.d; systemctl daemon-reload`;

const services: readonly Change[] = [
  unit("nginx", ["running"], "systemctl stop nginx"),
  unit("nginx", ["enabled"], "systemctl disable nginx"),
  unit("nginx", ["running", "enabled"], "systemctl disable --now nginx"),
  unit("nginx", ["enabled"], "systemctl mask nginx"),
  unit("nginx", ["running", "enabled"], "systemctl mask --now nginx"),
  unit("nginx", ["enabled"], "systemctl mask --runtime nginx"),
  unit(
    "nginx",
    ["running"],
    "kill $(systemctl show -P MainPID nginx); until ! systemctl is-active -q nginx; do sleep 0.1; done",
  ),
  unit("nginx", ["enabled"], "rm /etc/systemd/system/multi-user.target.wants/nginx.service; systemctl daemon-reload"),
  ours("nginx", ["enabled"], "systemctl disable nginx; systemctl enable --runtime nginx", {
    spot: "unit/nginx",
    files: ["/run/systemd/system/multi-user.target.wants/nginx.service"],
  }),
  unit("server", ["enabled"], "systemctl disable nfs-server"),
  unit("server", ["enabled"], "systemctl mask nfs-server"),
  unit("never", ["enabled"], "systemctl unmask lvs-lab-daemon"),
  unit("never", ["enabled"], "rm /etc/systemd/system/lvs-lab-daemon.service; systemctl daemon-reload"),
  { at: "nginx", typed: "systemctl restart nginx", spot: "unit/nginx" },
  { at: "nginx", typed: "systemctl reload nginx", spot: "unit/nginx" },
  { at: "nginx", typed: "systemctl daemon-reload" },
  { at: "server", typed: "exportfs -ra", spot: "exports/live" },
  theirs("nginx", "systemctl enable theirs", "systemctl disable theirs", "unit/theirs/boot"),
  theirs("nginx", "systemctl start theirs", "systemctl stop theirs", "unit/theirs"),
  theirs("nginx", "systemctl mask theirs", "systemctl unmask theirs", "unit/theirs"),
  theirs("nginx", dropIn("nginx.service", "[Service]\\nLimitNOFILE=4096\\n"), withoutDropIn("nginx.service")),
  theirs(
    "server",
    dropIn("nfs-server.service", "[Unit]\\nDocumentation=man:nfsd\\n"),
    withoutDropIn("nfs-server.service"),
  ),
  theirs(
    "tunnel",
    dropIn("pulumi-lvs-tun-ipip.service", "[Unit]\\nDocumentation=man:ip\\n"),
    withoutDropIn("pulumi-lvs-tun-ipip.service"),
  ),
];

const HEALTH = "/etc/nginx/conf.d/health.conf";
const health = (fields: readonly string[], typed: string) => ours("health", fields, typed, { spot: HEALTH });

const files: readonly Change[] = [
  health(["sha256"], `echo '# mine' >> ${HEALTH}`),
  health(["sha256"], `sed -i s/200/404/ ${HEALTH}; nginx -s reload || true`),
  health(["sha256"], `printf '\\377\\000' > ${HEALTH}`),
  health(["sha256"], `: > ${HEALTH}`),
  health(["mode"], `chmod 600 ${HEALTH}`),
  health(["owner", "group"], `chown www-data:adm ${HEALTH}`),
  health([], `rm ${HEALTH}`),
  { at: "health", typed: `touch ${HEALTH}`, spot: HEALTH },
  theirs("health", `echo '# Not ours.' > ${HEALTH}.bak`, `rm ${HEALTH}.bak`),
  theirs("health", "echo '# Not ours.' > /etc/nginx/conf.d/theirs.conf", "rm /etc/nginx/conf.d/theirs.conf"),
];

const TOOL = "/srv/repository/lvs-lab-tool";

const packages: readonly Change[] = [
  ours("tool", [], "dpkg --purge lvs-lab-tool", { spot: "package" }),
  ours("tool", [], "dpkg -r lvs-lab-tool", { spot: "package" }),
  theirs("tool", `dpkg -i ${TOOL}_1.3-1.deb`, `dpkg -i ${TOOL}_1.2-3.deb`, "package/version"),
  theirs(
    "tool",
    "dpkg -i /srv/repository/lvs-lab-daemon_2.0-1.deb",
    "dpkg --purge lvs-lab-daemon",
    "unit/never/package",
  ),
  theirs("tool", "apt-mark hold lvs-lab-tool", "apt-mark unhold lvs-lab-tool", "package/hold"),
];

const RECORDS = "/var/lib/pulumi-lvs/before";

const records: readonly Change[] = [
  ours("nginx", ["before"], `sed -i '/nginx/d' ${RECORDS}`, { files: [RECORDS] }),
  same("nginx", RECORDS, `truncate -s -1 ${RECORDS}`),
  same("nginx", RECORDS, `sort -r -o ${RECORDS} ${RECORDS}`),
  theirs("nginx", "touch /var/lib/pulumi-lvs/README", "rm /var/lib/pulumi-lvs/README"),
];

/** Units, packages, files, and what we keep about a host. */
export const system: readonly Change[] = [...services, ...packages, ...records, ...files];
