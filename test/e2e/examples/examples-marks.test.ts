import { tally } from "../../../tools/lab/index.ts";
import { HOSTS, VIP } from "../../lab/direct-routing.ts";
import { useLab } from "../../support/use-lab.ts";
import type { Stack } from "../support/stack.ts";
import { keepHostsInFile, liveThrough } from "./example.ts";

/** The example about UDP and marks. */
const WEBS = ["web1", "web2"] as const;

// The director marks packets by iptables, which the machine's kernel alone has. It takes twice the processor time: what marks are otherwise is shown
// in test/lab/ipvs/marks.ts.
const lab = useLab({ hosts: HOSTS, kernel: { director1: "machine" } });
const pages = async (times: number, url = `http://${VIP}/`) => tally(await lab.client.get(url, { times }));
const onWebs = (script: string) => Promise.all(WEBS.map((name) => lab.host(name).sh(script)));

beforeEach(() => lab.client.forgetNeighbour(VIP));

test("dns-udp-and-fwmark: every question on its own, and one server for a client's 80 and 443", async () => {
  await onWebs(
    "echo 'server { listen 443; root /var/www/html; }' > /etc/nginx/conf.d/443.conf; systemctl reload nginx",
  );
  // Four questions from one port, each until it is answered.
  const ask = "socat -T 20 -t 0 SYSTEM:'echo who; read name; echo $name >&2' UDP4:192.168.4.53:53,sourceport=5353";
  const answers = () => lab.client.text(`for i in 1 2 3 4; do ${ask}; done 2>&1 | sort | uniq -c | tr -s ' '`);
  const first = (stack: Stack) => {
    keepHostsInFile(lab, stack);
    return Promise.resolve();
  };
  const during = async () => {
    await onWebs(
      "socat UDP4-RECVFROM:53,bind=192.168.4.53,fork SYSTEM:'read who; hostname' > /dev/null 2>&1 & echo $! > /run/dns-answers",
    );
    expect(await answers()).toBe(" 2 web1\n 2 web2");
    const first = await pages(3);
    expect(Object.values(first)).toEqual([3]);
    expect(await pages(3, `http://${VIP}:443/`)).toEqual(first);
    await onWebs("kill $(cat /run/dns-answers)");
  };
  await liveThrough(lab, "dns-udp-and-fwmark", during, { first });
});
