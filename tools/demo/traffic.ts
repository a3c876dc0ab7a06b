import type { Lab } from "../lab/index.ts";

/** The link-layer addresses that replies of a virtual service reach the client from. */
export async function replySenders(lab: Lab, url: string): Promise<string[]> {
  const { stdout } = await lab.client.sh(`
    tcpdump -lnei eth0 -Q in "tcp and src host ${new URL(url).hostname}" >/run/replies 2>/run/capture & pid=$!
    for try in $(seq 50); do grep -q listening /run/capture && break; sleep 0.1; done
    for try in 1 2 3 4 5 6; do curl -s -m 5 ${url} >/dev/null; done
    sleep 0.3; kill $pid; wait $pid
    cut -d" " -f2 /run/replies | sort -u
    rm -f /run/replies /run/capture`);
  return stdout.split("\n").filter((line) => line !== "");
}
