import type { LabHosts } from "../../../tools/lab/index.ts";

/** What came of one request. */
export interface Request {
  /** When it was over, by the client's clock, in seconds. */
  readonly at: number;
  /** The server's name for itself. */
  readonly server?: string;
  /** Curl's words why there is none. */
  readonly error?: string;
}

export interface Traffic {
  /** Ends it when there are enough, and returns all requests that came to an end. The last one gets so many seconds. */
  stop(patience?: number, atLeast?: number): Promise<readonly Request[]>;
}

/** Requests one after the other, each on a connection of its own, so many a second, until it is stopped. An IPv6 address in brackets. */
export async function startTraffic({ client }: LabHosts, address: string, rate = 20): Promise<Traffic> {
  const log = `/run/traffic-${address.replaceAll(/[^\w.]/g, "-")}`;
  // The page is the server's name, on a line of its own. Perl stamps the lines: a shell reads a pipe letter by letter.
  await client.sh(`
    cat >${log}.config <<'CURL'
url = "http://${address}/?[1-100000]"
header = "Connection: close"
silent
no-buffer
rate = ${rate}/s
max-time = 20
write-out = "= %{exitcode} %{errormsg}; port %{local_port}, connected in %{time_connect} s\\n"
CURL
    nohup sh -c 'sh -c "echo \\$\\$ >${log}.pid; exec curl --config ${log}.config" | perl -MTime::HiRes=time -ne "BEGIN { \\$| = 1 } printf qq(%.6f %s), time, \\$_"' \\
      >${log} 2>${log}.errors </dev/null &
    for try in $(seq 100); do [ -s ${log} ] && exit; sleep 0.1; done
    cat ${log}.errors; exit 1`);
  return {
    stop: async (patience = 25, atLeast = 0) => {
      const text = await client.text(`
        # Who waits for an answer at this moment waits for it, and it counts. A change may be over before enough were asked.
        now=$(date +%s.%N)
        for try in $(seq ${5 + patience}); do
          last=$(tail -n 1 ${log} | cut -d " " -f 1)
          [ "$last" \\> "$now" ] && [ "$(grep -c '^[0-9.]* = ' ${log})" -ge ${atLeast} ] && break
          [ $try -gt 5 ] && sleep 1 || sleep 0.1
        done
        kill "$(cat ${log}.pid)"
        sleep 0.2
        cat ${log}; rm -f ${log} ${log}.*`);
      return readRequests(text);
    },
  };
}

export function failures(requests: readonly Request[]): readonly Request[] {
  return requests.filter(({ error }) => error !== undefined);
}

/** Who answered, in the order of their names. */
export function serversOf(requests: readonly Request[]): readonly string[] {
  return [...new Set(requests.flatMap(({ server }) => (server === undefined ? [] : [server])))].sort();
}

/** `1790000000.123456 web1`, `1790000000.123478 = 0 ; port 40000, connected in 0.001 s`: a page, and how its request ended. */
function readRequests(text: string): Request[] {
  let page: string | undefined;
  const requests: Request[] = [];
  for (const line of text.split("\n")) {
    const [, at = "", status, code, why, body] = /^(\S+) (?:(= (\d+) ?(.*))|(.*))$/.exec(line) ?? [];
    if (status === undefined) {
      page = body;
      continue;
    }
    const time = Number(at);
    if (code === "0" && page !== undefined) requests.push({ at: time, server: page });
    else requests.push({ at: time, error: `${code} ${why ?? ""}` });
    page = undefined;
  }
  return requests;
}
