import type { Change } from "../change.ts";
import { ours, same, theirs } from "./words.ts";

const FOLDER = "/etc/network/interfaces.d";
const VIP_FILE = `${FOLDER}/pulumi-lvs-eth0-DASHED`;
const SILENT_FILE = `${FOLDER}/pulumi-lvs-lo-192-168-4-9`;
const ROUTE_FILE = `${FOLDER}/pulumi-lvs-route-OWN-DASHED`;

const live = (fields: readonly string[], typed: string): Change => ours("vip", fields, typed, { spot: "vip" });
const file = (at: "vip" | "silent" | "back", path: string, typed: string): Change =>
  ours(at, ["boot"], typed, { spot: path });

const addresses: readonly Change[] = [
  live(["live"], "ip addr del VIP/32 dev eth0"),
  live(["live"], "ip addr flush dev eth0 label eth0:0"),
  live(["label"], "ip addr del VIP/32 dev eth0; ip addr add VIP/32 dev eth0"),
  live(["label"], "ip addr del VIP/32 dev eth0; ip addr add VIP/32 dev eth0 label eth0:by"),
  live(["address"], "ip addr add VIP/24 dev eth0"),
  live(["address"], "ip addr del VIP/32 dev eth0; ip addr add VIP/24 dev eth0 label eth0:0"),
  live(["address"], "ip addr add VIP/25 dev eth0 label eth0:1"),
  live(["live"], "ip addr del VIP/32 dev eth0; ip addr add VIP/32 dev eth1 label eth1:0; ip addr del VIP/32 dev eth1"),
  ours("silent", ["live"], "ip addr del 192.168.4.9/32 dev lo", { spot: "silent" }),
  ours("silent", ["label"], "ip addr del 192.168.4.9/32 dev lo; ip addr add 192.168.4.9/32 dev lo", { spot: "silent" }),
  ours("silent", ["address"], "ip addr add 192.168.4.9/24 dev lo", { spot: "silent" }),
  { at: "vip", typed: "ip link set eth0 down; ip link set eth0 up; sleep 0.1", spot: "routes/eth0" },
  theirs("vip", "ip addr add 192.168.4.77/32 dev eth0 label eth0:7", "ip addr del 192.168.4.77/32 dev eth0"),
  theirs("vip", "ip addr add 192.168.4.78/24 dev eth0", "ip addr del 192.168.4.78/24 dev eth0"),
  theirs("vip", "ip addr add VIP/32 dev tunl0", "ip addr del VIP/32 dev tunl0", "tunl0"),
  theirs("silent", "ip addr add 192.168.4.79/32 dev lo", "ip addr del 192.168.4.79/32 dev lo"),
  theirs("vip", "ip link add theirs0 type dummy; ip link set theirs0 up", "ip link del theirs0"),
];

const addressFiles: readonly Change[] = [
  file("vip", VIP_FILE, `rm ${VIP_FILE}`),
  file("vip", VIP_FILE, `sed -i s/32/24/ ${VIP_FILE}`),
  file("vip", VIP_FILE, `sed -i 's/^auto/#&/' ${VIP_FILE}`),
  file("vip", VIP_FILE, `sed -i '/ up /d' ${VIP_FILE}`),
  file("vip", VIP_FILE, `sed -i 's/eth0:0$/eth0:9/' ${VIP_FILE}`),
  file("vip", VIP_FILE, `echo '    up touch /run/once' >> ${VIP_FILE}`),
  file("vip", VIP_FILE, `: > ${VIP_FILE}`),
  file("vip", VIP_FILE, `sed -i 's/^auto/allow-hotplug/' ${VIP_FILE}`),
  file("silent", SILENT_FILE, `rm ${SILENT_FILE}`),
  file("silent", SILENT_FILE, `sed -i 's/4[.]9/4.19/' ${SILENT_FILE}`),
  file("silent", SILENT_FILE, `mv ${SILENT_FILE} /root/`),
  same("vip", VIP_FILE, `echo '# since 2019' >> ${VIP_FILE}`),
  same("vip", VIP_FILE, `sed -i 's/^    /\\t/' ${VIP_FILE}`),
  same("vip", VIP_FILE, `sed -i '1i\\\\' ${VIP_FILE}`),
  same("vip", VIP_FILE, `truncate -s -1 ${VIP_FILE}`),
  same("vip", VIP_FILE, `sed -i 's/$/  /' ${VIP_FILE}`),
  same("silent", SILENT_FILE, `sed -i '1d' ${SILENT_FILE}`),
  theirs("vip", `printf 'auto eth0:7\\niface eth0:7 inet manual\\n' > ${FOLDER}/theirs`, `rm ${FOLDER}/theirs`),
  theirs("vip", "echo '# Not ours.' >> /etc/network/interfaces", "sed -i '/^# Not ours/d' /etc/network/interfaces"),
  theirs("vip", `echo '# old' > ${FOLDER}/theirs.dpkg-old`, `rm ${FOLDER}/theirs.dpkg-old`),
  theirs("vip", `chmod 600 ${VIP_FILE}`, `chmod 644 ${VIP_FILE}`, `${VIP_FILE}-mode`),
];

const route = (fields: readonly string[], typed: string): Change =>
  ours("back", fields, typed, { spot: "routes/back" });

const routes: readonly Change[] = [
  route(["live"], "ip rule del from OWN"),
  route(["priority"], "ip rule del from OWN; ip rule add from OWN lookup TABLE priority 5"),
  route(["live"], "ip rule del from OWN; ip rule add from OWN lookup 700 priority 20000; ip rule del from OWN"),
  route(["live"], "ip route del default table TABLE"),
  route(["gateway"], "ip route replace default via 192.168.2.98 dev eth1 table TABLE"),
  route(["gateway", "device"], "ip route replace default via 192.168.4.98 dev eth0 table TABLE"),
  route(["localNetworks"], "ip route del 192.168.2.0/24 table TABLE"),
  route(["live"], "ip route flush table TABLE"),
  route([], "ip route flush table TABLE; ip rule del from OWN"),
  route([], "ip rule add from OWN lookup TABLE priority 5"),
  file("back", ROUTE_FILE, `rm ${ROUTE_FILE}`),
  file("back", ROUTE_FILE, `sed -i 's/2[.]99/2.98/' ${ROUTE_FILE}`),
  file("back", ROUTE_FILE, `sed -i '/rule add/d' ${ROUTE_FILE}`),
  file("back", ROUTE_FILE, `sed -i 's/^iface eth1/iface eth0/' ${ROUTE_FILE}`),
  same("back", ROUTE_FILE, `sed -i '1d' ${ROUTE_FILE}`),
  same("back", ROUTE_FILE, `printf '\\n\\n' >> ${ROUTE_FILE}`),
  theirs("back", "ip rule add from 192.168.4.77 lookup 77 priority 77", "ip rule del priority 77"),
  theirs("back", "ip route add 10.8.0.0/16 via 192.168.4.99", "ip route del 10.8.0.0/16", "routes/eth0/10.8"),
  theirs("back", "ip route add default dev eth1 table 77", "ip route flush table 77", "routes/77"),
  theirs("back", "ip rule add fwmark 7 lookup 78 priority 78", "ip rule del priority 78"),
  theirs("back", "ip route add default via 192.168.2.97 dev eth1", "ip route del default", "routes/default"),
];

/** Addresses and routes, live and at boot. */
export const network: readonly Change[] = [...addresses, ...addressFiles, ...routes];
