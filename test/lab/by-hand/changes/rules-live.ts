import type { Change } from "../change.ts";
import { ours, theirs } from "./words.ts";

const WEB = "-t VIP:80";
const ONE = "-u VIP:53 -r 192.168.4.61:53";

const web = (fields: readonly string[], words: string): Change =>
  ours("web", fields, `ipvsadm ${words}`, { spot: `live/web/${words.startsWith("-E") ? "" : words}` });
const wholly = { spot: "live/web" };
const one = (fields: readonly string[], words: string): Change =>
  ours("one", fields, `ipvsadm ${words}`, { spot: "live/bare/one" });

/** Rules in the kernel. */
export const rulesLive: readonly Change[] = [
  web(["scheduler"], `-E ${WEB} -s rr -p 300`),
  web(["persistenceTimeout"], `-E ${WEB} -s wrr`),
  web(["persistenceTimeout"], `-E ${WEB} -s wrr -p 600`),
  web(["netmask"], `-E ${WEB} -s wrr -p 300 -M 255.255.255.0`),
  web(["scheduler", "schedulerFlags"], `-E ${WEB} -s sh -b sh-port -p 300`),
  ours("web", ["live"], `ipvsadm -D ${WEB}`, wholly),
  ours("web", ["realServers"], `ipvsadm -D ${WEB}; ipvsadm -A ${WEB} -s wrr -p 300`, wholly),
  ours("web", ["realServers"], `ipvsadm -a ${WEB} -r 192.168.4.63:80 -g`, { spot: "live/web/63" }),
  ours("web", ["realServers"], `ipvsadm -d ${WEB} -r 192.168.4.61:80`, { spot: "live/web/61" }),
  ours("web", ["realServers"], `ipvsadm -e ${WEB} -r 192.168.4.61:80 -g -w 0`, { spot: "live/web/61" }),
  ours("web", ["realServers"], `ipvsadm -e ${WEB} -r 192.168.4.61:80 -g -w 3 -x 10 -y 5`, { spot: "live/web/61" }),
  ours("web", ["realServers"], `ipvsadm -e ${WEB} -r 192.168.4.62:80 -g -w 1`, { spot: "live/web/62" }),
  ours("web", ["realServers"], `ipvsadm -e ${WEB} -r 192.168.4.62:80 -i -w 1`, { spot: "live/web/62" }),
  ours("web", ["realServers"], `ipvsadm -d ${WEB} -r 192.168.4.62:80; ipvsadm -a ${WEB} -r 192.168.4.62:8080 -m`, {
    spot: "live/web/62",
  }),
  ours("bare", ["onePacket"], "ipvsadm -E -u VIP:53 -s rr", { spot: "live/bare/itself" }),
  ours("bare", ["scheduler"], "ipvsadm -E -u VIP:53 -s wlc -o", { spot: "live/bare/itself" }),
  ours("bare", ["live"], "ipvsadm -D -u VIP:53", { spot: "live/bare", shown: { one: ["live"] } }),
  ours("bare", ["persistenceTimeout"], "ipvsadm -E -u VIP:53 -s rr -o -p 50", { spot: "live/bare/itself" }),
  ours("bare", ["persistenceEngine"], "ipvsadm -E -u VIP:53 -s rr -o -p 50 --pe sip", { spot: "live/bare/itself" }),
  one(["weight"], `-e ${ONE} -g -w 0 -x 100`),
  one(["upperThreshold"], `-e ${ONE} -g -w 2`),
  one(["upperThreshold", "lowerThreshold"], `-e ${ONE} -g -w 2 -x 90 -y 80`),
  one(["forwarding"], `-e ${ONE} -m -w 2 -x 100`),
  one(["forwarding", "tunnel"], `-e ${ONE} -i --tun-type gre -w 2 -x 100`),
  one(["live"], `-d ${ONE}`),
  ours("marked", ["scheduler"], "ipvsadm -E -f 7 -s lc", { spot: "live/marked/itself" }),
  ours("marked", ["live"], "ipvsadm -D -f 7", { spot: "live/marked" }),
  ours("marked", ["realServers"], "ipvsadm -e -f 7 -r 192.168.4.61:0 -g -w 5", { spot: "live/marked/61" }),
  ours("marked", ["realServers"], "ipvsadm -d -f 7 -r 192.168.4.61:0", { spot: "live/marked/61" }),
  ours(
    "web",
    ["live"],
    "ipvsadm -Sn | grep -v 'VIP:\\(80\\|53\\) \\| -f 7 ' > /run/others || true; ipvsadm -C; ipvsadm -R < /run/others",
    { spot: "live", shown: { bare: ["live"], marked: ["live"], one: ["live"] } },
  ),
  ours(
    "web",
    ["realServers"],
    "ipvsadm -Sn > /run/all; sed -i 's/\\(VIP:80 .*-w\\) 3/\\1 4/' /run/all; ipvsadm -C; ipvsadm -R < /run/all",
    { spot: "live", shown: { one: ["upperThreshold"] } },
  ),
  { at: "web", typed: "ipvsadm -Z" },
  { at: "web", typed: "modprobe -r ip_vs_nq 2> /dev/null; modprobe ip_vs_nq; modprobe -r ip_vs_nq" },
  theirs("web", "ipvsadm -A -t 192.168.4.98:82 -s rr", "ipvsadm -D -t 192.168.4.98:82", "live/98"),
  theirs("web", "ipvsadm -A -t VIP:8080 -s wlc", "ipvsadm -D -t VIP:8080", "live/8080"),
  theirs("web", "ipvsadm -A -u VIP:80 -s rr", "ipvsadm -D -u VIP:80", "live/udp80"),
  theirs("web", "ipvsadm -A -t [2001:db8::9]:80 -s rr", "ipvsadm -D -t [2001:db8::9]:80", "live/ipv6"),
  theirs("web", "ipvsadm -E -t 192.168.4.99:81 -s wrr", "ipvsadm -E -t 192.168.4.99:81 -s rr", "live/99/itself"),
  theirs(
    "web",
    "ipvsadm -e -t 192.168.4.99:81 -r 10.9.9.9:81 -m -w 0",
    "ipvsadm -e -t 192.168.4.99:81 -r 10.9.9.9:81 -m -w 7",
    "live/99/9",
  ),
  theirs("marked", "ipvsadm -A -f 8 -s rr; ipvsadm -a -f 8 -r 192.168.4.61 -g", "ipvsadm -D -f 8", "live/f8"),
  theirs("marked", "ipvsadm -a -f 7 -r 192.168.4.77 -g -w 9", "ipvsadm -d -f 7 -r 192.168.4.77", "live/marked/77"),
  theirs("one", "ipvsadm -a -u VIP:53 -r 192.168.4.77 -g", "ipvsadm -d -u VIP:53 -r 192.168.4.77", "live/bare/77"),
  theirs("one", "ipvsadm -a -u VIP:53 -r 192.168.4.78 -m", "ipvsadm -d -u VIP:53 -r 192.168.4.78", "live/bare/78"),
];
