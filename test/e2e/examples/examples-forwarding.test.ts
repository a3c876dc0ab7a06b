import { tally } from "../../../tools/lab/index.ts";
import { giveIpv6 } from "../../../tools/lab/ipv6.ts";
import { useLab } from "../../support/use-lab.ts";
import { liveThrough } from "./example.ts";

/** The examples that show the ways to a real server: by direct routing, NAT and tunnel, IPv4 and IPv6. */
const VIP = "192.168.4.5";

const lab = useLab({ hosts: ["director1", "director2", "web1", "web2", "client"] });
const pages = async (times: number, url = `http://${VIP}/`) => tally(await lab.client.get(url, { times }));

beforeEach(() => lab.client.forgetNeighbour(VIP));

test("nat-web-cluster: by weight, and the reply goes back through the director", async () => {
  const [director, web] = [lab.host("director1"), lab.host("web1")];
  await liveThrough(lab, "nat-web-cluster", async () => {
    expect(await pages(6)).toEqual({ web1: 4, web2: 2 });
    expect(await pages(3, `http://${VIP}:8080/`)).toEqual({ web1: 2, web2: 1 });
    const replies = await director.capture({ nic: "eth1", filter: "tcp src port 80" }, () => pages(3));
    expect(replies.length).toBeGreaterThan(0);
    expect(await web.text("tail -n 1 /var/log/nginx/access.log")).toMatch(/^192\.168\.4\.10 /);
  });
});

test("mixed-forwarding: three real servers of one service, each in its way", async () => {
  const page = "/var/www/html/index.html";
  const third = lab.host("director2");
  await third.sh(`echo director2 > ${page}; systemctl start nginx`);
  await liveThrough(lab, "mixed-forwarding", async () => {
    const frames = await third.capture({ nic: "eth1", filter: "ip proto 4" }, async () => {
      expect(await pages(6)).toEqual({ web1: 2, web2: 2, director2: 2 });
    });
    expect(frames.length).toBeGreaterThan(0);
  });
  await third.sh(`systemctl stop nginx; rm ${page}`);
});

test("tun-remote-cluster: requests in an envelope over the back network, replies past the director", async () => {
  const [director, web] = [lab.host("director1"), lab.host("web1")];
  await liveThrough(lab, "tun-remote-cluster", async () => {
    const replies = await director.capture({ nic: "eth0", filter: `src host ${VIP} and tcp src port 80` }, async () => {
      const envelopes = await web.capture({ nic: "eth1", filter: "ip proto 4" }, async () => {
        expect(await pages(6)).toEqual({ web1: 4, web2: 2 });
      });
      expect(envelopes.length).toBeGreaterThan(0);
    });
    expect(replies).toEqual([]);
  });
});

test("ipv6: by weight, through the director", async () => {
  const takeAway = await giveIpv6(lab, ["director1", "web1", "web2", "client"]);
  await liveThrough(lab, "ipv6", async () => {
    expect(await pages(6, "http://[2001:db8:4::5]/")).toEqual({ web1: 4, web2: 2 });
    const neighbour = await lab.client.neighbour("2001:db8:4::5");
    expect(neighbour).toBe(lab.host("director1").mac("eth0"));
  });
  await takeAway();
});
