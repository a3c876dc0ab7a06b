import { LabHost } from "./host.ts";
import { OpenLoop } from "./open-loop.ts";
import { Visitor } from "./visitor.ts";

/** What a client saw of one request. */
export type Answer = { readonly body: string } | { readonly error: string };

export interface GetOptions {
  /** How many requests, one after the other, each on a connection of its own. 1 unless told. */
  readonly times?: number;
  /** Milliseconds for each; 5 000 unless told. */
  readonly timeout?: number;
  /** Of the client, as curl's local-port takes them: "61000-65000" are none that the kernel would choose. */
  readonly ports?: string;
}

/** The host that uses the cluster. */
export class LabClient extends LabHost {
  /** The pages without the line end, or curl's word why there is none. */
  async get(url: string, { times = 1, timeout = 5_000, ports }: GetOptions = {}): Promise<readonly Answer[]> {
    // One curl for all of them: it takes longer to start than to ask. "close" makes each request a connection.
    const config = [
      'header = "Connection: close"',
      "silent",
      "globoff",
      `max-time = ${timeout / 1000}`,
      ...(ports === undefined ? [] : [`local-port = ${ports}`]),
      `write-out = "${betweenParts}%{exitcode}${betweenParts}%{errormsg}${betweenAnswers}"`,
      ...Array.from({ length: times }, () => `url = "${url}"`),
    ].join("\n");
    const script = `curl --config - <<'CURL'\n${config}\nCURL`;
    const { stdout } = await this.sh(script, { timeout: 20_000 + times * timeout, check: false });
    return stdout.split(betweenAnswers).slice(0, -1).map(readAnswer);
  }

  /** To keep connections open, and to say where requests come from. */
  visitor(): Promise<Visitor> {
    return Visitor.start(this.shell);
  }

  /** Clients who do not wait for each other, and so many connections that stay open. */
  openLoop(address: string, held: number): Promise<OpenLoop> {
    return OpenLoop.start(this.shell, address, held);
  }

  /** The cards that answer when the client's network is asked who has the address. */
  async arpOwners(address: string, nic = "eth0"): Promise<readonly string[]> {
    // -b: each question goes to all. By default the second one goes to the first who answered, alone.
    const said = await this.sh(`arping -b -c 3 -w 3 -I ${nic} ${address}`, { check: false });
    const owners = [...said.stdout.matchAll(/\[([0-9A-F:]{17})\]/gi)].map(([, mac = ""]) => mac.toLowerCase());
    return [...new Set(owners)].sort();
  }

  /** The card that the client believes to have the address. */
  async neighbour(address: string): Promise<string | undefined> {
    const line = await this.text(`ip neigh show ${address}`);
    return /lladdr (\S+)/.exec(line)?.[1];
  }

  /** Forget who has the address, so that the next request asks. */
  async forgetNeighbour(address: string, nic = "eth0"): Promise<void> {
    await this.sh(`ip neigh flush to ${address} dev ${nic}`, { check: false });
  }
}

/** How many answers of each kind: { web1: 13, web2: 7 }. Errors count under their own words. */
export function tally(answers: readonly Answer[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const answer of answers) {
    const word = "body" in answer ? answer.body : answer.error;
    counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
}

/** Control characters, which no page of the lab has. */
const betweenParts = "\u001f";
const betweenAnswers = "\u001e";

function readAnswer(text: string): Answer {
  const [body = "", code = "", message = ""] = text.split(betweenParts);
  return code === "0" ? { body: body.trimEnd() } : { error: message === "" ? `curl exit code ${code}` : message };
}
