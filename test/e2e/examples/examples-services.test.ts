import { tally, usualHosts } from "../../../tools/lab/index.ts";
import { until } from "../../support/until.ts";
import { useLab } from "../../support/use-lab.ts";
import { keepHostsInFile, liveThrough } from "./example.ts";

/** The examples about what is served, and for whom: a shared page, a stand-in, machines from the same program. */
const VIP = "192.168.4.5";
const WEBS = ["web1", "web2"] as const;

const lab = useLab({ hosts: usualHosts });
const pages = async (times: number, url = `http://${VIP}/`) => tally(await lab.client.get(url, { times }));

beforeEach(() => lab.client.forgetNeighbour(VIP));

test("vm-then-cluster: a preview before there are machines, and one up for both", async () => {
  await liveThrough(
    lab,
    "vm-then-cluster",
    async () => {
      expect(await pages(4)).toEqual({ web1: 2, web2: 2 });
    },
    {
      first: async (stack) => {
        keepHostsInFile(lab, stack);
        const planned = await stack.planned();
        expect(new Set(planned.values())).toEqual(new Set(["create"]));
        expect([...planned.keys()]).toEqual(expect.arrayContaining(["director1", "web1", "web2", "web", "vip"]));
        expect(stack.travels()).toEqual([]);
      },
    },
  );
});

test("two-directors: the VIP moves, and a connection lives on", async () => {
  const { client } = lab;
  await liveThrough(lab, "two-directors", async (stack) => {
    expect(await pages(4)).toEqual({ web1: 2, web2: 2 });
    expect(await client.neighbour(VIP)).toBe(lab.host("director1").mac("eth0"));
    await client.sh(TWO_REQUESTS);
    await lab.host("director2").sh(`until ipvsadm -Lnc | grep -q 'ESTABLISHED 192.168.4.10:'; do sleep 0.1; done`);

    await stack.pulumi("config", "set", "active", "director2");
    await stack.up();
    await client.sh("touch /run/moved; while kill -0 $(cat /run/asks); do sleep 0.1; done 2> /dev/null");
    const answers = await client.text("grep ^web /run/answers");
    expect(["web1\nweb1", "web2\nweb2"]).toContain(answers);
    expect(await client.neighbour(VIP)).toBe(lab.host("director2").mac("eth0"));
    expect(await pages(4)).toEqual({ web1: 2, web2: 2 });
  });
});

/** On one connection, with the move between them. */
const TWO_REQUESTS = String.raw`(
  printf 'GET / HTTP/1.1\r\nHost: lab\r\n\r\n'
  until [ -e /run/moved ]; do sleep 0.1; done
  printf 'GET / HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n'
) 2> /dev/null | socat -t 5 - TCP4:${VIP}:80 > /run/answers 2>&1 &
echo $! > /run/asks`;

test("active-standby: the address goes to the host whose nginx runs", async () => {
  const { client } = lab;
  const page = (name: string) =>
    until(`${name} serves at the address`, async () => {
      const answer = await client.text(`curl -s --connect-timeout 1 http://${VIP}/ || true`);
      return answer === name;
    });
  await liveThrough(lab, "active-standby", async (stack) => {
    const first = await client.text(`until curl -sf --connect-timeout 1 http://${VIP}/; do sleep 0.2; done`);
    const [one, other] = first === "web1" ? WEBS : (["web2", "web1"] as const);
    expect(first).toBe(one);
    await lab.host(one).sh("systemctl stop nginx");
    await page(other);
    await stack.up("--refresh", "--run-program");
    expect(await lab.host(one).text("systemctl is-active nginx")).toBe("active");
    await page(other);
  });
});

test("dr-web-cluster-nfs: both servers show the page of the NFS server", async () => {
  const nfs = lab.host("nfs");
  await nfs.sh("mkdir /common; echo common > /common/index.html");
  await liveThrough(
    lab,
    "dr-web-cluster-nfs",
    async () => {
      const served = () =>
        Promise.all(WEBS.map((name) => lab.host(name).text("grep -c ' 200 ' /var/log/nginx/access.log")));
      const before = await served();
      expect(await pages(6)).toEqual({ common: 6 });
      const after = await served();
      expect(after.map((count, index) => Number(count) - Number(before[index]))).toEqual([4, 2]);
    },
    {
      // What systemd starts along with an NFS server, and leaves when that stops.
      stays: /^\+ services: (?:fsidd|nfsdcld|rpcbind|rpc-statd|rpc-statd-notify)\.service$/,
    },
  );
});
